package io.forebay.cli.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is logged, and where.
 *
 * @param level off, error, warn, info, debug or trace
 * @param file the log file; standard error if there is none
 * @param fuseTrace whether the kernel's requests are logged at any level
 */
public record LogSettings(String level, Optional<Path> file, boolean fuseTrace) {}
