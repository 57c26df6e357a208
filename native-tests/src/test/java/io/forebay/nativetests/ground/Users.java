package io.forebay.nativetests.ground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who runs the tests. */
public final class Users {
    private Users() {}

    public static boolean isRoot() {
        return uid() == 0;
    }

    public static int uid() {
        return id("unix:uid");
    }

    public static int gid() {
        return id("unix:gid");
    }

    private static int id(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
