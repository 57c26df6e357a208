package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The set-uid program that mounts for those who may not. It opens {@code /dev/fuse}, mounts, and hands the descriptor
 * back over a socket whose number it finds in its environment.
 */
final class Fusermount {
    private static final Logger LOG = LoggerFactory.getLogger(Fusermount.class);

    private static final String PROGRAM = "fusermount3";
    /** It opens a device and makes a few system calls; this long it takes only when it will never answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Fusermount() {}

    static FuseDevice mount(MountRequest request) throws ForebayException {
        List<String> arguments = List.of(PROGRAM, "-o", request.fusermountOptions(), "--", request.target());
        try (SpawnedProcess process = SpawnedProcess.start(arguments, "_FUSE_COMMFD")) {
            int fd = process.receiveFd(PATIENCE);
            if (fd < 0) {
                throw refused(request, process.errorText());
            }
            return new FuseDevice(fd);
        }
    }

    private static ForebayException refused(MountRequest request, String reason) {
        String sentence = "cannot mount at " + request.target() + ": "
                + (reason.isEmpty() ? PROGRAM + " did not answer" : reason);
        return reason.contains("ermission denied") || reason.contains("only allowed if")
                ? new ForebayException.Denied(sentence)
                : new ForebayException.Unsupported(sentence);
    }

    /** Unmounts, lazily, what it mounted. It is not an error if nothing is mounted there. */
    static void unmount(Path mountPoint) throws ForebayException {
        String target = mountPoint.toString();
        try {
            Process process = new ProcessBuilder(PROGRAM, "-u", "-z", "--", target)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ForebayException.Unavailable("cannot unmount " + target + ": " + PROGRAM + " hangs");
            }
            // Its last words fit into the pipe, so they can wait until it has ended.
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0 && MountTable.deviceAt(target).isPresent()) {
                throw new ForebayException.Denied("cannot unmount " + target + ": " + said);
            }
            LOG.debug("unmounted by fusermount3 mount_point={} said={}", target, said);
        } catch (ForebayException known) {
            throw known;
        } catch (IOException failure) {
            throw new ForebayException.Unsupported(
                    "cannot unmount " + target + ": " + PROGRAM + " cannot be run", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while unmounting " + target, interrupted);
        }
    }
}
