package io.forebay.nativetests.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/** Real files to work with: the JDK's own sources, or its classes where a distribution leaves the sources out. */
final class SourceTree {
    private SourceTree() {}

    /** Unpacks exactly {@code count} files, with their folders, into {@code target}. */
    static Path unpack(Path target, int count) throws IOException {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.exists(sources)) {
            try (FileSystem zip = FileSystems.newFileSystem(sources)) {
                copy(zip.getPath("/"), target, count);
            }
        } else {
            copy(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules"), target, count);
        }
        return target;
    }

    private static void copy(Path from, Path target, int count) throws IOException {
        int copied = 0;
        try (Stream<Path> files = Files.walk(from).filter(Files::isRegularFile)) {
            for (Iterator<Path> each = files.iterator(); each.hasNext() && copied < count; copied++) {
                Path file = each.next();
                Path copy = target.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                try (InputStream content = Files.newInputStream(file)) {
                    Files.copy(content, copy);
                }
            }
        }
        if (copied < count) {
            throw new IllegalStateException(from + " has only " + copied + " files, not " + count);
        }
    }
}
