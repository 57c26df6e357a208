package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Fd.O_APPEND;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.ErrnoException;
import io.forebay.nativetests.posix.Fd;
import io.forebay.nativetests.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Eight threads at once, in the same directory or the same file. */
interface ConcurrencyTests extends OnGround {
    int THREADS = 8;

    @Test
    default void writersOfDifferentFiles(Path here) throws Exception {
        Threads.together(THREADS, writer -> {
            for (int i = 0; i < 10; i++) {
                byte[] content = Bytes.random(writer * 100L + i, 50_000 + writer * 1_000 + i);
                Path file = here.resolve("file-" + writer + "-" + i);
                try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
                    fd.write(Arrays.copyOf(content, 20_000));
                    fd.write(Arrays.copyOfRange(content, 20_000, content.length));
                }
                Expect.content(file, content);
            }
            return writer;
        });
        assertThat(Expect.names(here)).hasSize(THREADS * 10);
        afterRemount(here, () -> {
            for (int writer = 0; writer < THREADS; writer++) {
                Expect.content(
                        here.resolve("file-" + writer + "-9"),
                        Bytes.random(writer * 100L + 9, 50_000 + writer * 1_000 + 9));
            }
        });
    }

    @Test
    default void writersOfOneFileAtDifferentOffsets(Path here) throws Exception {
        int piece = 10_007;
        int pieces = 320;
        byte[] content = Bytes.random(1, piece * pieces);
        Path file = here.resolve("file");
        Threads.together(THREADS, writer -> {
            try (Fd fd = Fd.open(file, O_WRONLY | O_CREAT)) {
                for (int i = writer; i < pieces; i += THREADS) {
                    fd.pwrite(Arrays.copyOfRange(content, i * piece, (i + 1) * piece), (long) i * piece);
                }
            }
            return writer;
        });
        Expect.content(file, content);
        afterRemount(here, () -> {
            Expect.content(file, content);
        });
    }

    @Test
    default void readersOfOneColdFile(Path here) throws Exception {
        byte[] content = Bytes.random(1, 9_000_001);
        Path file = Bytes.file(here.resolve("file"), content);
        ground().remount();
        Threads.together(THREADS, reader -> {
            try (Fd fd = Fd.open(file, O_RDONLY)) {
                int from = reader * 1_000_000;
                Expect.same(
                        "reader " + reader,
                        Bytes.readFully(fd, from, content.length),
                        Arrays.copyOfRange(content, from, content.length));
            }
            return reader;
        });
    }

    @Test
    default void appendersDoNotCutEachOthersLines(Path here) throws Exception {
        Path log = here.resolve("log");
        Threads.together(THREADS, writer -> {
            try (Fd fd = Fd.open(log, O_WRONLY | O_CREAT | O_APPEND)) {
                for (int i = 0; i < 50; i++) {
                    fd.write(("writer " + writer + " line " + i + "\n").getBytes(US_ASCII));
                }
            }
            return writer;
        });
        Set<String> expected = new TreeSet<>();
        IntStream.range(0, THREADS).forEach(writer -> IntStream.range(0, 50)
                .forEach(line -> expected.add("writer " + writer + " line " + line)));
        assertThat(Files.readAllLines(log)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    default void changesOfOneDirectory(Path here) throws Exception {
        Threads.together(THREADS, worker -> {
            for (int i = 0; i < 15; i++) {
                Path file = Bytes.file(here.resolve("new-" + worker + "-" + i), "content " + worker + " " + i);
                Path moved = here.resolve("moved-" + worker + "-" + i);
                Posix.rename(file, moved);
                Files.createDirectory(here.resolve("directory-" + worker + "-" + i));
                if (i % 3 == 0) {
                    Posix.unlink(moved);
                    Posix.rmdir(here.resolve("directory-" + worker + "-" + i));
                }
                Expect.names(here);
            }
            return worker;
        });
        Set<String> expected = new TreeSet<>();
        for (int worker = 0; worker < THREADS; worker++) {
            for (int i = 0; i < 15; i++) {
                if (i % 3 != 0) {
                    expected.add("moved-" + worker + "-" + i);
                    expected.add("directory-" + worker + "-" + i);
                }
            }
        }
        assertThat(Expect.names(here)).isEqualTo(expected);
        afterRemount(here, () -> {
            assertThat(Expect.names(here)).isEqualTo(expected);
            Expect.content(here.resolve("moved-3-4"), "content 3 4");
        });
    }

    @Test
    default void ofEightMkdirsOneWins(Path here) throws Exception {
        for (int round = 0; round < 10; round++) {
            Path directory = here.resolve("directory" + round);
            List<Boolean> won = Threads.together(THREADS, _ -> madeDirectory(directory));
            assertThat(won).containsOnlyOnce(true);
        }
    }

    private static boolean madeDirectory(Path directory) throws ErrnoException {
        try {
            Posix.mkdir(directory, 0755);
            return true;
        } catch (ErrnoException e) {
            assertThat(e.errno()).isEqualTo(Errno.EEXIST);
            return false;
        }
    }

    /** A published file is replaced by rename while others open and read it: each sees one whole version. */
    @Test
    default void readersSeeOneVersionOfAReplacedFile(Path here) throws Exception {
        int versions = 30;
        int length = 200_000;
        Path published = Bytes.file(here.resolve("published"), Bytes.filled(0, length));
        Threads.together(4, worker -> {
            if (worker == 0) {
                for (int version = 1; version <= versions; version++) {
                    Path next = Bytes.file(here.resolve("next"), Bytes.filled(version, length));
                    Posix.rename(next, published);
                }
                return 0;
            }
            byte[] seen;
            do {
                seen = readPublished(published);
                Expect.same("version " + seen[0], seen, Bytes.filled(seen[0], length));
            } while (seen[0] != versions);
            return worker;
        });
    }

    /** Whatever may happen to the open, each read of a file that was opened succeeds. */
    private byte[] readPublished(Path published) throws IOException {
        try (Fd fd = openPublished(published)) {
            return Bytes.readFully(fd, 0, 1 << 20);
        }
    }

    /**
     * Linux looks a name up once more where an open says ESTALE; of a file that is replaced as fast as can be, the second
     * inode may be gone as well.
     */
    private Fd openPublished(Path published) throws ErrnoException {
        for (int staleLeft = 10; true; staleLeft--) {
            try {
                return Fd.open(published, O_RDONLY);
            } catch (ErrnoException e) {
                boolean mayMiss = ground().lacks(Capability.OPEN_DURING_REPLACE).isPresent();
                boolean replacedAgain = e.errno() == Errno.ESTALE && staleLeft > 0;
                if (!replacedAgain && !(mayMiss && (e.errno() == Errno.ENOENT || e.errno() == Errno.ESTALE))) {
                    throw e;
                }
            }
        }
    }

    /** Of two names for two files, each rename takes one away; no file may be lost or doubled. */
    @Test
    default void renamesOntoOneNameLeaveOneFile(Path here) throws Exception {
        for (int round = 0; round < 5; round++) {
            Path target = here.resolve("target");
            for (int i = 0; i < THREADS; i++) {
                Bytes.file(here.resolve("source" + i), "content " + i);
            }
            Threads.together(THREADS, i -> {
                Posix.rename(here.resolve("source" + i), target);
                return i;
            });
            assertThat(Expect.names(here)).containsExactly("target");
            assertThat(Files.readString(target)).matches("content [0-7]");
        }
    }
}
