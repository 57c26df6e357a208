package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Errno.EBADF;
import static io.forebay.nativetests.posix.Errno.EINVAL;
import static io.forebay.nativetests.posix.Errno.EISDIR;
import static io.forebay.nativetests.posix.Fd.O_APPEND;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.O_TRUNC;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.posix.Fd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that were written are read back, at every place and from every side. */
interface ContentTests extends OnGround {
    int KIB = 1 << 10;
    int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                4 * KIB - 1,
                4 * KIB,
                4 * KIB + 1,
                64 * KIB - 1,
                64 * KIB,
                64 * KIB + 1,
                128 * KIB - 1,
                128 * KIB,
                128 * KIB + 1,
                8 * MIB - 1,
                8 * MIB,
                8 * MIB + 1
            })
    default void keepsFilesOfSize(int size, Path here) throws Exception {
        byte[] content = Bytes.random(size, size);
        Path file = Bytes.file(here.resolve("file"), content);
        Expect.content(file, content);
        afterRemount(here, () -> {
            Expect.content(file, content);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 4 * KIB - 1, 4 * KIB + 1, 64 * KIB + 1, 128 * KIB + 1, MIB + 1})
    default void keepsFilesWrittenInPiecesOf(int piece, Path here) throws Exception {
        byte[] content = Bytes.random(piece, Math.min(3 * MIB + 5, 700 * piece));
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
            for (int at = 0; at < content.length; at += piece) {
                byte[] slice = Arrays.copyOfRange(content, at, Math.min(content.length, at + piece));
                assertThat(fd.write(slice)).isEqualTo(slice.length);
            }
        }
        Expect.content(file, content);
    }

    @Test
    default void readsAcrossEveryBoundary(Path here) throws Exception {
        byte[] content = Bytes.random(1, 8 * MIB + 4 * KIB + 3);
        Path file = Bytes.file(here.resolve("file"), content);
        ground().remount();
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            for (int boundary : new int[] {8 * MIB, 128 * KIB, 64 * KIB, 4 * KIB, MIB, content.length}) {
                for (int before : new int[] {0, 1, 2, 4 * KIB, 5_000}) {
                    int from = Math.max(0, boundary - before);
                    int length = Math.min(2 * before + 1, content.length - from);
                    Expect.same(
                            "from " + from,
                            Bytes.readFully(fd, from, length),
                            Arrays.copyOfRange(content, from, from + length));
                }
            }
        }
    }

    @Test
    default void readsNothingAtTheEndAndBehindIt(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "12345");
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            assertThat(fd.pread(10, 3)).isEqualTo(new byte[] {'4', '5'});
            assertThat(fd.pread(10, 5)).isEmpty();
            assertThat(fd.pread(10, 1L << 40)).isEmpty();
        }
    }

    @Test
    default void showsZerosInAGapBehindTheEnd(Path here) throws Exception {
        Path file = here.resolve("file");
        byte[] head = Bytes.random(1, 100);
        byte[] tail = Bytes.random(2, 100);
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.pwrite(head, 0);
            fd.pwrite(tail, 3 * MIB + 7);
            Expect.same("while open", Bytes.readFully(fd, 0, 4 * MIB), withGap(head, 3 * MIB + 7, tail));
        }
        Expect.content(file, withGap(head, 3 * MIB + 7, tail));
        afterRemount(here, () -> {
            Expect.content(file, withGap(head, 3 * MIB + 7, tail));
        });
    }

    private static byte[] withGap(byte[] head, int tailOffset, byte[] tail) {
        return Bytes.concat(head, Bytes.zeros(tailOffset - head.length), tail);
    }

    @Test
    default void extendsACommittedFileWithAGap(Path here) throws Exception {
        byte[] head = Bytes.random(1, 70_000);
        byte[] tail = Bytes.random(2, 1);
        Path file = Bytes.file(here.resolve("file"), head);
        ground().remount();
        try (Fd fd = Fd.open(file, O_WRONLY)) {
            fd.pwrite(tail, 200_000);
        }
        Expect.content(file, withGap(head, 200_000, tail));
    }

    @Test
    default void overwritesInPlace(Path here) throws Exception {
        byte[] expected = Bytes.random(1, 8 * MIB + 11);
        Path file = Bytes.file(here.resolve("file"), expected);
        ground().remount();
        try (Fd fd = Fd.open(file, O_WRONLY)) {
            for (int offset : new int[] {0, 4 * KIB - 1, 64 * KIB, 3 * MIB - 50, 8 * MIB - 1, 8 * MIB + 10}) {
                byte[] patch = Bytes.random(offset, Math.min(100, expected.length - offset));
                fd.pwrite(patch, offset);
                System.arraycopy(patch, 0, expected, offset, patch.length);
            }
        }
        Expect.content(file, expected);
        afterRemount(here, () -> {
            Expect.content(file, expected);
        });
    }

    @Test
    default void appendsFromTwoHandles(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "start|");
        StringBuilder expected = new StringBuilder("start|");
        try (Fd one = Fd.open(file, O_WRONLY | O_APPEND);
                Fd two = Fd.open(file, O_WRONLY | O_APPEND)) {
            for (int i = 0; i < 50; i++) {
                one.write(("one" + i + "|").getBytes(US_ASCII));
                two.write(("two" + i + "|").getBytes(US_ASCII));
                expected.append("one").append(i).append("|two").append(i).append('|');
            }
        }
        Expect.content(file, expected.toString());
    }

    @Test
    default void appendsAfterRemount(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "one");
        ground().remount();
        try (Fd fd = Fd.open(file, O_WRONLY | O_APPEND)) {
            fd.write(new byte[] {'t', 'w', 'o'});
        }
        afterRemount(here, () -> {
            Expect.content(file, "onetwo");
        });
    }

    @Test
    default void emptiesTheFileAtOpenWithTrunc(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.random(1, 200_000));
        try (Fd fd = Fd.open(file, O_WRONLY | O_TRUNC)) {
            assertThat(fd.stat().sizeBytes()).isZero();
            fd.write(new byte[] {'x'});
        }
        Expect.content(file, "x");
        afterRemount(here, () -> {
            Expect.content(file, "x");
        });
    }

    @Test
    default void truncWithoutAWriteLeavesAnEmptyFile(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Fd.open(file, O_WRONLY | O_TRUNC).close();
        Expect.content(file, "");
        afterRemount(here, () -> {
            Expect.content(file, "");
        });
    }

    @Test
    default void oneHandleReadsWhatTheOtherWrote(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd writer = Fd.open(file, O_WRONLY | O_CREAT);
                Fd reader = Fd.open(file, O_RDONLY)) {
            for (int round = 0; round < 20; round++) {
                byte[] piece = Bytes.random(round, 10_000);
                writer.pwrite(piece, round * 10_000L);
                Expect.same("round " + round, Bytes.readFully(reader, round * 10_000L, 10_000), piece);
            }
            writer.pwrite(Bytes.filled('x', 15_000), 5_000);
            Expect.same("overwritten", Bytes.readFully(reader, 5_000, 15_000), Bytes.filled('x', 15_000));
        }
    }

    @Test
    default void anotherProcessSeesTheBytesAtOnce(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd writer = Fd.open(file, O_WRONLY | O_CREAT)) {
            writer.write("not yet closed".getBytes(US_ASCII));
            assertThat(Command.of("cat", file.toString()).succeed()).isEqualTo("not yet closed");
        }
        Command.shell("printf 'by another' > \"$1\"", file).succeed();
        Expect.content(file, "by another");
    }

    @Test
    default void seeksAndRewinds(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.write("abcdef".getBytes(US_ASCII));
            assertThat(fd.seek(0, Fd.SEEK_CUR)).isEqualTo(6);
            assertThat(fd.seek(0, Fd.SEEK_END)).isEqualTo(6);
            assertThat(fd.seek(-2, Fd.SEEK_END)).isEqualTo(4);
            assertThat(fd.read(10)).isEqualTo(new byte[] {'e', 'f'});
            assertThat(fd.seek(0, Fd.SEEK_SET)).isZero();
            assertThat(fd.read(2)).isEqualTo(new byte[] {'a', 'b'});
            fd.write(new byte[] {'X'});
            Expect.refused(() -> fd.seek(-1, Fd.SEEK_SET), EINVAL);
        }
        Expect.content(file, "abXdef");
    }

    @Test
    default void handlesDoOnlyWhatTheyWereOpenedFor(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        try (Fd reader = Fd.open(file, O_RDONLY);
                Fd writer = Fd.open(file, O_WRONLY)) {
            Expect.refused(() -> reader.write(new byte[1]), EBADF);
            Expect.refused(() -> writer.read(1), EBADF);
        }
        try (Fd directory = Fd.open(here, O_RDONLY)) {
            Expect.refused(() -> directory.read(1), EISDIR);
        }
        Expect.refused(() -> Fd.open(here, O_WRONLY).close(), EISDIR);
    }

    @Test
    default void fsyncWorksOnFilesAndDirectories(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
            fd.write(new byte[] {'1'});
            fd.fsync();
            fd.write(new byte[] {'2'});
            fd.fdatasync();
            fd.fsync();
            fd.write(new byte[] {'3'});
        }
        try (Fd directory = Fd.open(here, O_RDONLY)) {
            directory.fsync();
        }
        Expect.content(file, "123");
    }

    @Test
    default void manySmallSynchronousWritesAreKept(Path here) throws Exception {
        Path file = here.resolve("log");
        try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT | O_APPEND)) {
            for (int i = 0; i < 20; i++) {
                fd.write(new byte[] {(byte) ('a' + i)});
                fd.fsync();
            }
        }
        afterRemount(here, () -> {
            Expect.content(file, "abcdefghijklmnopqrst");
        });
    }

    @Test
    default void aFileCanBeWrittenOverAndOver(Path here) throws Exception {
        Path file = here.resolve("file");
        for (int round = 0; round < 10; round++) {
            byte[] content = Bytes.random(round, 100_000 - round * 9_000);
            Files.write(file, content);
            Expect.content(file, content);
        }
    }
}
