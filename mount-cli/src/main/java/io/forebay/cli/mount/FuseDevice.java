package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.cli.config.DoorChoice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
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
     * Succeeds if this user has what the door needs. Whether the kernel speaks its protocol shows only when mounting.
     *
     * @param root whether this process is root's
     * @param sharing whether the mount is to be for others than the user: allow_other or allow_root
     */
    public void check(DoorChoice door, boolean root, boolean sharing) throws ForebayException {
        checkDevice();
        if (door == DoorChoice.JNR_FUSE) {
            checkLibrary();
        }
        if (!root) {
            checkProgram(door);
            if (sharing) {
                checkSharingAllowed();
            }
        }
    }

    /** Succeeds if the kernel's device can be opened; {@code fusermount3} opens it with our rights, too. */
    public void checkDevice() throws ForebayException {
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
                            + "); Forebay needs read and write access to it: chmod 666 " + device,
                    refused);
        }
    }

    private void checkLibrary() throws ForebayException {
        if (!hasLibrary()) {
            throw new ForebayException.Unsupported(
                    "libfuse 2 (libfuse.so.2) is missing, which the door jnr-fuse needs; " + INSTALL);
        }
    }

    /** Whether libfuse 2 is installed. */
    public boolean hasLibrary() {
        return libraryFolders.stream().anyMatch(folder -> Files.exists(folder.resolve("libfuse.so.2")))
                || linkerKnowsLibrary();
    }

    private boolean linkerKnowsLibrary() {
        try {
            return Files.readString(linkerCache, StandardCharsets.ISO_8859_1).contains("libfuse.so.2");
        } catch (IOException noCache) {
            return false;
        }
    }

    /** The kernel door speaks with either of them; libfuse 2 knows the older name only. */
    private void checkProgram(DoorChoice door) throws ForebayException {
        List<String> names = door == DoorChoice.JNR_FUSE ? List.of("fusermount") : List.of("fusermount3", "fusermount");
        if (names.stream().noneMatch(name -> program(name).isPresent())) {
            throw new ForebayException.Unsupported(names.getFirst()
                    + " is missing, and only root can mount without it; install it with: apt-get install fuse3,"
                    + " or dnf install fuse3");
        }
    }

    /** Where a program is. */
    public Optional<Path> program(String name) {
        return programFolders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether users other than root may share their mounts. */
    public boolean sharingAllowed() {
        try (Stream<String> lines = Files.lines(userConfiguration)) {
            return lines.anyMatch(line -> line.strip().equals("user_allow_other"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void checkSharingAllowed() throws ForebayException {
        if (!sharingAllowed()) {
            throw new ForebayException.Denied(
                    "allow_other and allow_root are for root only here; let everybody use them"
                            + " with the line user_allow_other in " + userConfiguration);
        }
    }
}
