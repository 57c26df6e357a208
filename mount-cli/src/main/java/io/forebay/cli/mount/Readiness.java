package io.forebay.cli.mount;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this process tells the launcher that the mount answers, and lets go of the terminal.
 *
 * @param pipe the writing end of the pipe on which the launcher waits
 */
public record Readiness(Path pipe) {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    /** The pipe as the launcher hands it over: file descriptor 3. */
    public static Readiness ofLauncher() {
        return new Readiness(Path.of("/proc/self/fd/3"));
    }

    /** Says that the command may return, after its output has been let go of. */
    public void mounted(PrintStream out, PrintStream err) {
        // The JDK does not close descriptors 0, 1 and 2 but points them at /dev/null, which is just what a daemon
        // needs:
        // whoever reads the command's output sees its end, and no later file gets one of these numbers.
        out.close();
        err.close();
        tell("ready");
    }

    /** Says that the mount stays in the foreground and the launcher has to wait for its end. */
    public void staysInForeground() {
        tell("foreground");
    }

    private void tell(String word) {
        try {
            Files.writeString(pipe, word + "\n", StandardOpenOption.WRITE);
        } catch (IOException launcherGone) {
            LOG.warn("launcher is gone word={} reason={}", word, launcherGone.getMessage());
        }
    }
}
