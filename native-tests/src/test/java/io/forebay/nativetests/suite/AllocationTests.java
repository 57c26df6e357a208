package io.forebay.nativetests.suite;

import static io.forebay.nativetests.posix.Fd.FALLOC_FL_KEEP_SIZE;
import static io.forebay.nativetests.posix.Fd.FALLOC_FL_PUNCH_HOLE;
import static io.forebay.nativetests.posix.Fd.FALLOC_FL_ZERO_RANGE;
import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static io.forebay.nativetests.posix.Fd.O_RDWR;
import static io.forebay.nativetests.posix.Fd.SEEK_DATA;
import static io.forebay.nativetests.posix.Fd.SEEK_HOLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Capability;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.posix.Errno;
import io.forebay.nativetests.posix.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** fallocate(2), and lseek(2) to data and holes. */
interface AllocationTests extends OnGround {
    int LENGTH = 300_000;
    int HOLE = 70_001;
    int HOLE_END = 200_003;

    private static byte[] withHole() {
        return Bytes.patched(Bytes.random(1, LENGTH), HOLE, Bytes.zeros(HOLE_END - HOLE));
    }

    @Test
    default void anAllocationExtendsAFileWithZeros(Path here) throws Exception {
        byte[] content = Bytes.random(1, 1_001);
        Path file = Bytes.file(here.resolve("file"), content);
        try (Fd fd = Fd.open(file, O_RDWR)) {
            fd.allocate(0, 500, 100_000);
            assertThat(fd.stat().sizeBytes()).isEqualTo(100_500);
            fd.allocate(0, 0, 10);
            assertThat(fd.stat().sizeBytes()).as("never shorter").isEqualTo(100_500);
        }
        Expect.content(file, Arrays.copyOf(content, 100_500));
        afterRemount(here, () -> Expect.content(file, Arrays.copyOf(content, 100_500)));
    }

    @Test
    default void anAllocationMayKeepTheSize(Path here) throws Exception {
        byte[] content = Bytes.random(1, 1_001);
        Path file = Bytes.file(here.resolve("file"), content);
        try (Fd fd = Fd.open(file, O_RDWR)) {
            fd.allocate(FALLOC_FL_KEEP_SIZE, 0, 1 << 20);
            assertThat(fd.stat().sizeBytes()).isEqualTo(content.length);
        }
        Expect.content(file, content);
    }

    @Test
    default void aPunchedHoleReadsAsZeros(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.random(1, LENGTH));
        Path cold = Bytes.file(here.resolve("cold"), Bytes.random(1, LENGTH));
        ground().remount(); // nothing of the second one is here when it is punched
        for (Path punched : new Path[] {file, cold}) {
            try (Fd fd = Fd.open(punched, O_RDWR)) {
                if (punched.equals(file)) {
                    Bytes.readFully(fd, 0, LENGTH);
                }
                fd.allocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, HOLE, HOLE_END - HOLE);
                Expect.same("by the handle", Bytes.readFully(fd, 0, LENGTH + 1), withHole());
                fd.allocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, LENGTH, 100_000);
                assertThat(fd.stat().sizeBytes()).isEqualTo(LENGTH);
            }
            Expect.content(punched, withHole());
        }
        afterRemount(here, () -> {
            Expect.content(file, withHole());
            Expect.content(cold, withHole());
        });
    }

    @Test
    default void aNewFileIsPunched(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.write(Bytes.random(1, LENGTH));
            fd.allocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, HOLE, HOLE_END - HOLE);
            Expect.same("by the handle", Bytes.readFully(fd, 0, LENGTH + 1), withHole());
        }
        Expect.content(file, withHole());
        afterRemount(here, () -> Expect.content(file, withHole()));
    }

    @Test
    default void aRangeIsZeroed(Path here) throws Exception {
        byte[] content = Bytes.random(1, LENGTH);
        Path file = Bytes.file(here.resolve("file"), content);
        try (Fd fd = Fd.open(file, O_RDWR)) {
            if (ground().lacks(Capability.ZERO_RANGE).isPresent()) {
                Expect.refused(() -> fd.allocate(FALLOC_FL_ZERO_RANGE, 0, 10), Errno.EOPNOTSUPP);
                return;
            }
            fd.allocate(FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, LENGTH - 10, 100);
            assertThat(fd.stat().sizeBytes()).isEqualTo(LENGTH);
            fd.allocate(FALLOC_FL_ZERO_RANGE, LENGTH - 10, 100);
            assertThat(fd.stat().sizeBytes()).isEqualTo(LENGTH + 90);
        }
        byte[] expected = Bytes.patched(content, LENGTH - 10, Bytes.zeros(100));
        Expect.content(file, expected);
        afterRemount(here, () -> Expect.content(file, expected));
    }

    @Test
    default void aFileThatIsOnlyReadIsNotAllocated(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            Expect.refused(() -> fd.allocate(0, 0, 100), Errno.EBADF);
        }
    }

    @Test
    default void dataIsFoundBehindAHole(Path here) throws Exception {
        int data = 1 << 20;
        Path file = here.resolve("file");
        byte[] content = Bytes.random(1, 5_000);
        try (Fd fd = Fd.open(file, O_RDWR | O_CREAT)) {
            fd.truncate(3 << 20);
            fd.pwrite(content, data);
            assertDataCovers(fd, data, data + content.length);
        }
        try (Fd fd = Fd.open(file, O_RDONLY)) {
            assertDataCovers(fd, data, data + content.length);
            Expect.refused(() -> fd.seek(3 << 20, SEEK_DATA), Errno.ENXIO);
            Expect.refused(() -> fd.seek((3 << 20) + 1, SEEK_HOLE), Errno.ENXIO);
        }
        afterRemount(here, () -> {
            try (Fd fd = Fd.open(file, O_RDONLY)) {
                assertDataCovers(fd, data, data + content.length);
            }
        });
    }

    /** Whoever copies only what is data, as {@code cp --sparse} does, has everything. */
    private static void assertDataCovers(Fd fd, long from, long to) throws IOException {
        long size = fd.stat().sizeBytes();
        boolean covered = false;
        long at = 0;
        while (at < size) {
            long data;
            try {
                data = fd.seek(at, SEEK_DATA);
            } catch (io.forebay.nativetests.posix.ErrnoException none) {
                assertThat(none.errno()).isEqualTo(Errno.ENXIO);
                break;
            }
            long hole = fd.seek(data, SEEK_HOLE);
            assertThat(data).isBetween(at, size - 1);
            assertThat(hole).isBetween(data + 1, size);
            covered |= data <= from && hole >= to;
            at = hole;
        }
        assertThat(covered).as("data between holes").isTrue();
    }

    @Test
    default void aSparseCopyHasEverything(Path here) throws Exception {
        byte[] content = Bytes.patched(Bytes.zeros(2 << 20), 1 << 20, Bytes.random(1, 70_000));
        Path file = Bytes.file(here.resolve("file"), content);
        Path copy = here.resolve("copy");
        Command.of("cp", "--sparse=always", file.toString(), copy.toString()).succeed();
        Expect.content(copy, content);
        Command.of("fallocate", "--dig-holes", copy.toString()).succeed();
        Expect.content(copy, content);
        afterRemount(here, () -> Expect.content(copy, content));
    }
}
