package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    /** That of libfuse 3, and that of libfuse 2, which takes the same options and speaks the same way. */
    private static final List<String> PROGRAMS = List.of("fusermount3", "fusermount");
    /** It opens a device and makes a few system calls; this long it takes only when it will never answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Fusermount() {}

    static FuseDevice mount(MountRequest request) throws ForebayException {
        for (String program : PROGRAMS) {
            List<String> arguments = List.of(program, "-o", request.fusermountOptions(), "--", request.target());
            try (SpawnedProcess process = SpawnedProcess.start(arguments, "_FUSE_COMMFD")) {
                int fd = process.receiveFd(PATIENCE);
                if (fd < 0) {
                    throw refused(request, program, process.errorText());
                }
                return new FuseDevice(fd);
            } catch (ForebayException.NotFound notInstalled) {
                LOG.debug("not installed program={}", program);
            }
        }
        throw new ForebayException.Denied("cannot mount at " + request.target()
                + ": only root may mount without fusermount3, and it is not on the PATH; install it with:"
                + " apt-get install fuse3, or dnf install fuse3");
    }

    /** It knows the kernel's device and our rights; another door would ask it again and hear the same. */
    private static ForebayException refused(MountRequest request, String program, String reason) {
        return new ForebayException.Denied("cannot mount at " + request.target() + ": "
                + (reason.isEmpty() ? program + " did not answer" : reason));
    }

    /** Unmounts, lazily, what it mounted. It is not an error if nothing is mounted there. */
    static void unmount(Path mountPoint) throws ForebayException {
        String target = mountPoint.toString();
        try {
            Process process = start(List.of("-u", "-z", "--", target));
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ForebayException.Unavailable("cannot unmount " + target + ": fusermount hangs");
            }
            // Its last words fit into the pipe, so they can wait until it has ended.
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0 && MountTable.deviceAt(target).isPresent()) {
                throw new ForebayException.Denied("cannot unmount " + target + ": " + said);
            }
            LOG.debug("unmounted by fusermount mount_point={} said={}", target, said);
        } catch (ForebayException known) {
            throw known;
        } catch (IOException failure) {
            throw new ForebayException.Unsupported("cannot unmount " + target + ": fusermount3 cannot be run", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while unmounting " + target, interrupted);
        }
    }

    /** The first of them that is installed. */
    private static Process start(List<String> arguments) throws IOException {
        IOException notInstalled = new IOException("no program");
        for (String program : PROGRAMS) {
            List<String> words = new ArrayList<>(List.of(program));
            words.addAll(arguments);
            try {
                return new ProcessBuilder(words).redirectErrorStream(true).start();
            } catch (IOException failure) {
                notInstalled = failure;
            }
        }
        throw notInstalled;
    }
}
