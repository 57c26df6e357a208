package io.forebay.nativetests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.ErrnoException;
import io.forebay.nativetests.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the tests of this package demand again and again. */
final class Expect {
    private Expect() {}

    /** A system call. */
    @FunctionalInterface
    interface Call {
        void run() throws IOException;
    }

    /** Fails unless {@code call} fails with one of {@code errnos}. */
    static void refused(Call call, Errno... errnos) throws IOException {
        try {
            call.run();
        } catch (ErrnoException e) {
            assertThat(e.errno()).as(e.getMessage()).isIn((Object[]) errnos);
            return;
        }
        fail("expected " + Arrays.toString(errnos) + ", but the call succeeded");
    }

    /** Compares contents without printing megabytes. */
    static void content(Path file, byte[] expected) throws IOException {
        same(file.getFileName().toString(), Files.readAllBytes(file), expected);
        assertThat(Files.size(file)).as("size of %s", file).isEqualTo(expected.length);
    }

    static void content(Path file, String expected) throws IOException {
        assertThat(Files.readString(file)).as("content of %s", file).isEqualTo(expected);
    }

    static void same(String what, byte[] actual, byte[] expected) {
        int difference = Arrays.mismatch(actual, expected);
        if (difference >= 0) {
            fail("%s: %d bytes instead of %d, first difference at offset %d: %s instead of %s"
                    .formatted(
                            what,
                            actual.length,
                            expected.length,
                            difference,
                            around(actual, difference),
                            around(expected, difference)));
        }
    }

    private static String around(byte[] bytes, int offset) {
        return offset >= bytes.length
                ? "(end)"
                : Arrays.toString(Arrays.copyOfRange(bytes, offset, Math.min(bytes.length, offset + 8)));
    }

    /** The names in a directory. */
    static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            Set<String> names = new TreeSet<>();
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            return names;
        }
    }

    static void exists(Path... paths) {
        assertThat(paths).allSatisfy(path -> assertThat(path).exists());
    }

    /** Neither lookup nor listing knows it. */
    static void gone(Path path) throws IOException {
        refused(() -> Posix.lstat(path), Errno.ENOENT);
        Path parent = path.getParent();
        if (parent != null && Files.isDirectory(parent)) {
            assertThat(names(parent)).doesNotContain(path.getFileName().toString());
        }
    }
}
