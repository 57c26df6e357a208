package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EBADF;
import static io.forebay.nativetests.posix.Errno.EINVAL;
import static io.forebay.nativetests.posix.Errno.EISDIR;
import static io.forebay.nativetests.posix.Errno.ENOENT;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are cut and extended; what was cut off never comes back. */
interface TruncateTests extends OnGround {
    int LENGTH = 300_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 65_536, 131_073, LENGTH - 1, LENGTH})
    default void cutsByPath(int size, Path here) throws Exception {
        byte[] content = Bytes.random(1, LENGTH);
        Path file = Bytes.file(here.resolve("file"), content);
        Posix.truncate(file, size);
        Expect.content(file, Arrays.copyOf(content, size));
        afterRemount(here, () -> {
            Expect.content(file, Arrays.copyOf(content, size));
        });
    }

    @Test
    default void cutsByHandle(Path here) throws Exception {
        int[] sizes = {0, 1, 4_097, 65_535, 131_072, LENGTH - 1};
        byte[] content = Bytes.random(1, LENGTH);
        for (int size : sizes) {
            Bytes.file(here.resolve("file" + size), content);
        }
        ground().remount();
        for (int size : sizes) {
            Path file = here.resolve("file" + size);
            try (Fd fd = Fd.open(file, O_RDWR)) {
                fd.truncate(size);
                assertThat(fd.stat().sizeBytes()).isEqualTo(size);
                Expect.same("by the handle", Bytes.readFully(fd, 0, LENGTH), Arrays.copyOf(content, size));
            }
            Expect.content(file, Arrays.copyOf(content, size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 70_000, 1_000_000})
    default void extendsWithZerosByPath(int added, Path here) throws Exception {
        byte[] content = Bytes.random(1, 10_001);
        Path file = Bytes.file(here.resolve("file"), content);
        Posix.truncate(file, content.length + added);
        Expect.content(file, Arrays.copyOf(content, content.length + added));
        afterRemount(here, () -> {
            Expect.content(file, Arrays.copyOf(content, content.length + added));
        });
    }

    @Test
    default void extendsANewFileByHandle(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.truncate(1_000_000);
            assertThat(fd.stat().sizeBytes()).isEqualTo(1_000_000);
        }
        Expect.content(file, Bytes.zeros(1_000_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000, 65_536, 100_000})
    default void cutBytesNeverComeBack(int cut, Path here) throws Exception {
        byte[] content = Bytes.filled('o', LENGTH);
        byte[] expected = Arrays.copyOf(Arrays.copyOf(content, cut), LENGTH);
        Path byHandle = Bytes.file(here.resolve("by-handle"), content);
        Path byPath = Bytes.file(here.resolve("by-path"), content);
        try (Fd fd = Fd.open(byHandle, O_RDWR)) {
            fd.truncate(cut);
            fd.truncate(LENGTH);
            Expect.same("by the handle", Bytes.readFully(fd, 0, LENGTH), expected);
        }
        Posix.truncate(byPath, cut);
        Posix.truncate(byPath, LENGTH);
        Expect.content(byHandle, expected);
        Expect.content(byPath, expected);
    }

    @Test
    default void cutBytesDoNotComeBackThroughAWriteBehindTheEnd(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.filled('o', LENGTH));
        ground().remount();
        try (Fd fd = Fd.open(file, O_RDWR)) {
            fd.truncate(10);
            fd.pwrite(new byte[] {'x'}, LENGTH - 1L);
        }
        Expect.content(file, Bytes.concat(Bytes.filled('o', 10), Bytes.zeros(LENGTH - 11), new byte[] {'x'}));
    }

    @Test
    default void everyHandleSeesTheCut(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.filled('o', LENGTH));
        try (Fd reader = Fd.open(file, O_RDONLY)) {
            assertThat(Bytes.readFully(reader, 0, LENGTH)).hasSize(LENGTH);
            Posix.truncate(file, 100);
            assertThat(reader.stat().sizeBytes()).isEqualTo(100);
            assertThat(Bytes.readFully(reader, 0, LENGTH)).hasSize(100);
        }
    }

    @Test
    default void refusesWhatCannotBeCut(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Expect.refused(() -> Posix.truncate(here, 0), EISDIR);
        Expect.refused(() -> Posix.truncate(here.resolve("missing"), 0), ENOENT);
        Expect.refused(() -> Posix.truncate(file, -1), EINVAL);
        try (Fd reader = Fd.open(file, O_RDONLY)) {
            Expect.refused(() -> reader.truncate(0), EINVAL, EBADF);
        }
        Expect.content(file, "content");
    }
}
