/**
 * The command {@code forebay}.
 *
 * <p>{@link io.forebay.cli.Main} reads the arguments with picocli, whose model is built from the option table without
 * annotations, and runs one command. {@code config} turns flags, environment and file into settings, {@code mount} holds
 * what a mount needs around the file system (checks, records, logging, life cycle), and {@link io.forebay.cli.Assembly}
 * is the one class that names implementations.
 *
 * <p>A mount is one process. The launcher script starts it in a session of its own and waits on a pipe; this process
 * writes to the pipe when the mount answers, and until then its standard error is the user's. So a mount costs one JVM,
 * and every reason why it did not come about is printed where the user looks.
 *
 * <p>{@link io.forebay.cli.Training} is no command: the build runs it once, to make the cache from which Java starts.
 *
 * <p>Only this module asks the environment, ends the process, or knows that there is a command line.
 */
@NullMarked
package io.forebay.cli;

import org.jspecify.annotations.NullMarked;
