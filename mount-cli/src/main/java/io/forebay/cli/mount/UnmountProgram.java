package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The program of this machine that may unmount: {@code umount} for root, {@code fusermount3} or {@code fusermount} else. */
@FunctionalInterface
public interface UnmountProgram {
    /** Unmounting does not wait for the file system; only a stuck one takes longer than this. */
    int PATIENCE_SECONDS = 30;

    /**
     * Unmounts.
     *
     * @return nothing if it is unmounted, else what the program said
     */
    Optional<String> unmount(Path mountPoint, boolean lazily) throws ForebayException;

    /** @param programFolders where to look, in order */
    static UnmountProgram ofThisMachine(boolean root, List<Path> programFolders) throws ForebayException {
        List<String> names =
                root ? List.of("umount", "fusermount3", "fusermount") : List.of("fusermount3", "fusermount");
        for (String name : names) {
            for (Path folder : programFolders) {
                Path program = folder.resolve(name);
                if (Files.isExecutable(program)) {
                    return (mountPoint, lazily) -> run(commandLine(program, mountPoint, lazily));
                }
            }
        }
        throw new ForebayException.Unsupported(
                "there is no program to unmount with; install fusermount3 with: apt-get install fuse3, or dnf install fuse3");
    }

    private static List<String> commandLine(Path program, Path mountPoint, boolean lazily) {
        boolean umount = program.endsWith("umount");
        if (umount) {
            return lazily
                    ? List.of(program.toString(), "-l", mountPoint.toString())
                    : List.of(program.toString(), mountPoint.toString());
        }
        return List.of(program.toString(), lazily ? "-uz" : "-u", mountPoint.toString());
    }

    private static Optional<String> run(List<String> commandLine) throws ForebayException {
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("the mount does not answer; detach it with --lazy");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(said.isEmpty() ? "no reason given" : said);
        } catch (IOException failed) {
            return Optional.of(commandLine.getFirst() + " cannot be run: " + failed.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while unmounting", stop);
        }
    }
}
