package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this machine needs for FUSE.
 *
 * @param device the kernel's device
 * @param libraryFolders where the dynamic linker looks for libraries
 * @param linkerCache the dynamic linker's own list of libraries
 * @param programFolders where programs are looked for
 * @param userConfiguration the file that lets users share their mounts
 */
public record FuseDevice(
        Path device, List<Path> libraryFolders, Path linkerCache, List<Path> programFolders, Path userConfiguration) {
    private static final String INSTALL =
            "install it with: apt-get install libfuse2 (or libfuse2t64), or dnf install fuse-libs";

    /**
     * That of a running Linux.
     *
     * @param pathVariable PATH
     * @param libraryPathVariable LD_LIBRARY_PATH, or nothing
     */
    public static FuseDevice ofThisMachine(String pathVariable, String libraryPathVariable) {
        List<Path> usual = Stream.of("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")
                .map(Path::of)
                .toList();
        return new FuseDevice(
                Path.of("/dev/fuse"),
                Stream.concat(foldersOf(libraryPathVariable).stream(), usual.stream())
                        .toList(),
                Path.of("/etc/ld.so.cache"),
                foldersOf(pathVariable),
                Path.of("/etc/fuse.conf"));
    }

    private static List<Path> foldersOf(String variable) {
        return Stream.of(variable.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    /**
     * Succeeds if this user can mount.
     *
     * @param root whether this process is root's
     * @param sharing whether the mount is to be for others than the user: allow_other or allow_root
     */
    public void check(boolean root, boolean sharing) throws ForebayException {
        checkDevice();
        checkLibrary();
        if (!root) {
            checkProgram();
            if (sharing) {
                checkSharingAllowed();
            }
        }
    }

    private void checkDevice() throws ForebayException {
        // Opened rather than asked for: a container's device rules show only then. An open device mounts nothing.
        try (FileChannel opened = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assert opened.isOpen();
        } catch (NoSuchFileException missing) {
            throw new ForebayException.Unsupported(
                    "there is no " + device + "; load it with: modprobe fuse, or start the container with --device "
                            + device,
                    missing);
        } catch (IOException refused) {
            throw new ForebayException.Denied(
                    device + " cannot be opened (" + LocalDisk.reason(refused)
                            + "); Forebay needs read and write access to it",
                    refused);
        }
    }

    private void checkLibrary() throws ForebayException {
        boolean inFolder = libraryFolders.stream().anyMatch(folder -> Files.exists(folder.resolve("libfuse.so.2")));
        if (!inFolder && !linkerKnowsLibrary()) {
            throw new ForebayException.Unsupported("libfuse 2 (libfuse.so.2) is missing; " + INSTALL);
        }
    }

    private boolean linkerKnowsLibrary() {
        try {
            return Files.readString(linkerCache, StandardCharsets.ISO_8859_1).contains("libfuse.so.2");
        } catch (IOException noCache) {
            return false;
        }
    }

    private void checkProgram() throws ForebayException {
        if (programFolders.stream().noneMatch(folder -> Files.isExecutable(folder.resolve("fusermount")))) {
            throw new ForebayException.Unsupported(
                    "fusermount is missing, and only root can mount without it; install it with: apt-get install fuse3,"
                            + " or dnf install fuse3");
        }
    }

    private void checkSharingAllowed() throws ForebayException {
        boolean allowed;
        try (Stream<String> lines = Files.lines(userConfiguration)) {
            allowed = lines.anyMatch(line -> line.strip().equals("user_allow_other"));
        } catch (IOException unreadable) {
            allowed = false;
        }
        if (!allowed) {
            throw new ForebayException.Denied(
                    "allow_other and allow_root are for root only here; let everybody use them"
                            + " with the line user_allow_other in " + userConfiguration);
        }
    }
}
