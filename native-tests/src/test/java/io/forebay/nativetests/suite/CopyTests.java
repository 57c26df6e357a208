package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.Fd;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** copy_file_range(2). */
interface CopyTests extends OnGround {
    /** Of some blocks of an upload. */
    int LARGE = (19 << 20) + 1_001;

    int SMALL = 200_001;

    @Test
    default void aFileThatIsCopiedWholeHasTheSameBytes(Path here) throws Exception {
        int[] lengths = {0, 1, SMALL, LARGE};
        for (int length : lengths) {
            Bytes.file(here.resolve("source-" + length), Bytes.random(length, length));
        }
        ground().remount(); // they are clean when they are copied
        for (int length : lengths) {
            Path copy = here.resolve("copy-" + length);
            try (Fd from = Fd.open(here.resolve("source-" + length), O_RDONLY);
                    Fd to = Fd.open(copy, O_WRONLY | O_CREAT)) {
                assertThat(from.copyTo(to, 0, 0, length + 1)).isEqualTo(length);
                assertThat(to.stat().sizeBytes()).isEqualTo(length);
            }
        }
        nowAndAfterRemount(here, () -> {
            for (int length : lengths) {
                Expect.content(here.resolve("copy-" + length), Bytes.random(length, length));
            }
        });
    }

    @Test
    default void whatIsWrittenIntoACopyBelongsToIt(Path here) throws Exception {
        byte[] content = Bytes.random(1, LARGE);
        byte[] change = Bytes.random(2, 100_000);
        int at = (9 << 20) + 77;
        Path source = Bytes.file(here.resolve("source"), content);
        Path copy = here.resolve("copy");
        byte[] expected = Bytes.patched(content, at, change);
        try (Fd from = Fd.open(source, O_RDONLY);
                Fd to = Fd.open(copy, O_RDWR | O_CREAT)) {
            from.copyTo(to, 0, 0, LARGE);
            to.pwrite(change, at);
            Expect.same("by the handle", Bytes.readFully(to, 0, LARGE + 1), expected);
        }
        nowAndAfterRemount(here, () -> {
            Expect.content(source, content);
            Expect.content(copy, expected);
        });
    }

    @Test
    default void aPartIsCopiedIntoTheMiddleAndBehindTheEnd(Path here) throws Exception {
        byte[] content = Bytes.random(1, SMALL);
        Path source = Bytes.file(here.resolve("source"), content);
        Path target = Bytes.file(here.resolve("target"), Bytes.random(2, SMALL));
        byte[] expected = Arrays.copyOf(Bytes.random(2, SMALL), SMALL + 70_000 + 1_000);
        System.arraycopy(content, 100, expected, 65_500, 100_000);
        System.arraycopy(content, SMALL - 1_000, expected, SMALL + 70_000, 1_000);
        try (Fd from = Fd.open(source, O_RDONLY);
                Fd to = Fd.open(target, O_RDWR)) {
            assertThat(from.copyTo(to, 100, 65_500, 100_000)).isEqualTo(100_000);
            assertThat(from.copyTo(to, SMALL - 1_000, SMALL + 70_000, 5_000))
                    .as("as far as the source goes")
                    .isEqualTo(1_000);
            Expect.same("by the handle", Bytes.readFully(to, 0, expected.length + 1), expected);
        }
        nowAndAfterRemount(here, () -> Expect.content(target, expected));
    }

    @Test
    default void whatIsNotSavedYetIsCopiedToo(Path here) throws Exception {
        byte[] content = Bytes.random(1, SMALL);
        Path copy = here.resolve("copy");
        try (Fd from = Fd.open(here.resolve("source"), O_RDWR | O_CREAT);
                Fd to = Fd.open(copy, O_RDWR | O_CREAT)) {
            from.write(content);
            assertThat(from.copyTo(to, 0, 0, SMALL)).isEqualTo(SMALL);
            from.pwrite(new byte[10], 0);
        }
        nowAndAfterRemount(here, () -> Expect.content(copy, content));
    }

    @Test
    default void aFileIsCopiedBehindItself(Path here) throws Exception {
        byte[] content = Bytes.random(1, SMALL);
        byte[] twice = Arrays.copyOf(content, 2 * SMALL);
        System.arraycopy(content, 0, twice, SMALL, SMALL);
        Path file = Bytes.file(here.resolve("file"), content);
        try (Fd fd = Fd.open(file, O_RDWR)) {
            assertThat(fd.copyTo(fd, 0, SMALL, SMALL)).isEqualTo(SMALL);
        }
        nowAndAfterRemount(here, () -> Expect.content(file, twice));
    }

    @Test
    default void whatIsNotOpenForItIsRefused(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Path other = Bytes.file(here.resolve("other"), "content");
        try (Fd reader = Fd.open(file, O_RDONLY);
                Fd writer = Fd.open(other, O_WRONLY)) {
            Expect.refused(() -> writer.copyTo(reader, 0, 0, 1), Errno.EBADF);
            Expect.refused(() -> reader.copyTo(reader, 0, 100, 1), Errno.EBADF);
        }
    }
}
