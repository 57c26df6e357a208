package io.forebay.nativetests.scenario;

import io.forebay.nativetests.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A few hundred real files, and beside them one of each kind of thing that archives and copies stumble over. */
final class SmallTree {
    /** Enough for every kind of request many times over; sheer size is another job's business. */
    private static final int FILES = 400;

    private static final long OLD_NANOS = 1_234_567_890_123_456_789L;

    private SmallTree() {}

    static Path make(Path folder) throws IOException {
        SourceTree.unpack(folder, FILES);
        Path odd = Files.createDirectory(folder.resolve("odd"));
        Files.createDirectory(odd.resolve("empty directory"));
        Files.createFile(odd.resolve("empty file"));
        Files.writeString(odd.resolve("ümläut 日本 #%?+&.txt"), "name");
        Files.writeString(odd.resolve("executable"), "#!/bin/sh\n");
        Posix.chmod(odd.resolve("executable"), 0755);
        Files.writeString(odd.resolve("read-only"), "content");
        Posix.chmod(odd.resolve("read-only"), 0444);
        Files.writeString(odd.resolve("old"), "content");
        Posix.utimens(odd.resolve("old"), OLD_NANOS, OLD_NANOS);
        Posix.symlink("executable", odd.resolve("link"));
        Posix.symlink("../nowhere/at all", odd.resolve("dangling"));
        Posix.symlink("empty directory", odd.resolve("link-to-directory"));
        Posix.utimens(odd.resolve("empty directory"), OLD_NANOS, OLD_NANOS);
        return folder;
    }
}
