package io.forebay.cli.mount;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who keeps a mount busy. It reads links in /proc only, and so never touches the mount. */
final class MountUsers {
    private static final int MOST_NAMED = 5;

    private MountUsers() {}

    /** The first few processes with a file or working folder below {@code mountPoint}, as {@code "bash (pid 42)"}. */
    static List<String> of(Path mountPoint) {
        List<String> users = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (users.size() < MOST_NAMED && uses(process, mountPoint)) {
                    users.add(nameOf(process) + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException | DirectoryIteratorException noProc) {
            return users;
        }
        return users;
    }

    private static boolean uses(Path process, Path mountPoint) {
        if (leadsBelow(process.resolve("cwd"), mountPoint) || leadsBelow(process.resolve("root"), mountPoint)) {
            return true;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : open) {
                if (leadsBelow(file, mountPoint)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException notOursOrGone) {
            return false;
        }
        return false;
    }

    private static boolean leadsBelow(Path link, Path mountPoint) {
        try {
            return Files.readSymbolicLink(link).startsWith(mountPoint);
        } catch (IOException notOursOrGone) {
            return false;
        }
    }

    private static String nameOf(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            return "a process";
        }
    }
}
