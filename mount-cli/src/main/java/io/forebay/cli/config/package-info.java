/**
 * What a mount is told, from where, and whether it makes sense.
 *
 * <p>{@link io.forebay.cli.config.Options} is the one table of everything that can be configured; the flags, the keys of
 * the YAML file, the environment variables and the reference page follow from it. {@link
 * io.forebay.cli.config.ConfigurationSources} looks each option up — flag, then environment, then file, then default —
 * into a {@link io.forebay.cli.config.Configuration}, and {@link io.forebay.cli.config.MountSettings} is what comes out
 * when every value has been read.
 *
 * <p>Nothing stops at the first mistake: {@link io.forebay.cli.config.Problems} collects them, each one sentence that
 * says what is wrong, where it was written and what to do, and they are reported together. No sentence repeats a secret.
 *
 * <p>The YAML parser is touched only by {@code YamlFile}, and that class only when there is a file.
 */
@NullMarked
package io.forebay.cli.config;

import org.jspecify.annotations.NullMarked;
