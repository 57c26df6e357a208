package io.forebay.nativetests.scenario;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;

import io.forebay.nativetests.posix.Fd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;

/**
 * Does to one file whatever can be done to its bytes, in an order that a seed decides, and to an array what that means;
 * whenever it reads, both must be the same.
 */
final class FileExerciser implements AutoCloseable {
    private static final int MOST_BYTES = 256 << 10;
    private static final int LONGEST_BYTES = 48 << 10;
    /** Ranges begin or end there more often than anywhere else. */
    private static final int[] BOUNDARIES = {4 << 10, 64 << 10};
    /** What is told of a failure. */
    private static final int REMEMBERED = 40;

    private final Path file;
    private final Random random;
    private final boolean zeroesRanges;
    private final Deque<String> history = new ArrayDeque<>();
    private byte[] model = new byte[0];
    private Fd fd;
    private long done;

    /** @param zeroesRanges whether FALLOC_FL_ZERO_RANGE can be used here */
    FileExerciser(Path file, long seed, boolean zeroesRanges) throws IOException {
        this.file = file;
        this.random = new Random(seed);
        this.zeroesRanges = zeroesRanges;
        this.fd = Fd.open(file, Fd.O_RDWR | Fd.O_CREAT);
    }

    /** A range of bytes. */
    private record Range(int from, int to) {
        int length() {
            return to - from;
        }

        @Override
        public String toString() {
            return from + ".." + to;
        }
    }

    /** Does one thing. */
    void step() throws IOException {
        done++;
        int choice = random.nextInt(1_000);
        if (choice < 200) {
            write();
        } else if (choice < 400) {
            read();
        } else if (choice < 520) {
            mapAndWrite();
        } else if (choice < 620) {
            mapAndRead();
        } else if (choice < 700) {
            truncate();
        } else if (choice < 760) {
            extend();
        } else if (choice < 840) {
            punch();
        } else if (choice < 880) {
            zero();
        } else if (choice < 940) {
            append();
        } else if (choice < 980) {
            readByAnother();
        } else if (choice < 990) {
            reopen();
        } else {
            note("fsync");
            fd.fsync();
        }
        if (fd.stat().sizeBytes() != model.length) {
            throw failure("the size is " + fd.stat().sizeBytes() + " instead of " + model.length);
        }
    }

    /** Somewhere within the longest that the file may be, and not empty. */
    private Range anywhere() {
        int from = boundaryOr(random.nextInt(Math.min(MOST_BYTES - 1, model.length + LONGEST_BYTES)));
        int to = Math.min(MOST_BYTES, from + 1 + random.nextInt(LONGEST_BYTES));
        int rounded = boundaryOr(to);
        return new Range(from, rounded > from ? rounded : to);
    }

    /** Within what the file has, and perhaps empty. */
    private Range within() {
        Range any = anywhere();
        return new Range(Math.min(any.from, model.length), Math.min(any.to, model.length));
    }

    private int boundaryOr(int offset) {
        int every = BOUNDARIES[random.nextInt(BOUNDARIES.length)];
        return random.nextInt(3) == 0 ? offset / every * every : offset;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void note(String what) {
        history.addLast(done + " " + what);
        if (history.size() > REMEMBERED) {
            history.removeFirst();
        }
    }

    private void becomes(int from, byte[] bytes) {
        model = Arrays.copyOf(model, Math.max(model.length, from + bytes.length));
        System.arraycopy(bytes, 0, model, from, bytes.length);
    }

    private void write() throws IOException {
        Range range = anywhere();
        note("write " + range);
        byte[] bytes = bytes(range.length());
        requireAll(range, fd.pwrite(bytes, range.from));
        becomes(range.from, bytes);
    }

    private void append() throws IOException {
        int length = Math.min(1 + random.nextInt(LONGEST_BYTES), MOST_BYTES - model.length);
        Range range = new Range(model.length, model.length + length);
        note("append " + range);
        byte[] bytes = bytes(length);
        try (Fd appending = Fd.open(file, Fd.O_WRONLY | Fd.O_APPEND)) {
            requireAll(range, appending.write(bytes));
        }
        becomes(range.from, bytes);
    }

    private void requireAll(Range range, int written) {
        if (written != range.length()) {
            throw failure(written + " bytes written of " + range);
        }
    }

    private void read() throws IOException {
        Range range = anywhere();
        note("read " + range);
        compare(range.from, fd.pread(range.length(), range.from), range);
    }

    private void readByAnother() throws IOException {
        note("read all by another handle");
        compare(0, Files.readAllBytes(file), new Range(0, MOST_BYTES));
    }

    private void mapAndRead() throws IOException {
        Range range = within();
        note("mapped read " + range);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapping = channel.map(READ_ONLY, 0, model.length, arena);
            compare(range.from, mapping.asSlice(range.from, range.length()).toArray(JAVA_BYTE), range);
        }
    }

    private void mapAndWrite() throws IOException {
        Range range = within();
        note("mapped write " + range);
        byte[] bytes = bytes(range.length());
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapping = channel.map(READ_WRITE, 0, model.length, arena);
            MemorySegment.copy(bytes, 0, mapping, JAVA_BYTE, range.from, bytes.length);
            if (random.nextInt(4) == 0) {
                mapping.force();
            }
        }
        becomes(range.from, bytes);
    }

    private void truncate() throws IOException {
        int size = boundaryOr(random.nextInt(MOST_BYTES));
        note("truncate " + size);
        fd.truncate(size);
        model = Arrays.copyOf(model, size);
    }

    private void extend() throws IOException {
        Range range = anywhere();
        boolean grow = random.nextBoolean();
        note((grow ? "allocate " : "reserve ") + range);
        fd.allocate(grow ? 0 : Fd.FALLOC_FL_KEEP_SIZE, range.from, range.length());
        if (grow) {
            model = Arrays.copyOf(model, Math.max(model.length, range.to));
        }
    }

    private void punch() throws IOException {
        Range range = anywhere();
        note("punch " + range);
        fd.allocate(Fd.FALLOC_FL_PUNCH_HOLE | Fd.FALLOC_FL_KEEP_SIZE, range.from, range.length());
        fillWithZeros(range);
    }

    private void zero() throws IOException {
        if (!zeroesRanges) {
            return;
        }
        Range range = anywhere();
        boolean grow = random.nextBoolean();
        note((grow ? "zero, growing " : "zero ") + range);
        int keep = grow ? 0 : Fd.FALLOC_FL_KEEP_SIZE;
        fd.allocate(Fd.FALLOC_FL_ZERO_RANGE | keep, range.from, range.length());
        if (grow) {
            model = Arrays.copyOf(model, Math.max(model.length, range.to));
        }
        fillWithZeros(range);
    }

    private void fillWithZeros(Range range) {
        Arrays.fill(model, Math.min(range.from, model.length), Math.min(range.to, model.length), (byte) 0);
    }

    private void reopen() throws IOException {
        note("close, open");
        fd.close();
        fd = Fd.open(file, Fd.O_RDWR);
    }

    /** Compares all, by a new handle. */
    void compareAll() throws IOException {
        note("read all at the end");
        compare(0, Files.readAllBytes(file), new Range(0, MOST_BYTES));
    }

    private void compare(int from, byte[] actual, Range range) {
        byte[] expected = Arrays.copyOfRange(
                model, Math.min(from, model.length), Math.min(Math.max(from, range.to), model.length));
        int difference = Arrays.mismatch(actual, expected);
        if (difference >= 0) {
            throw failure(actual.length + " bytes instead of " + expected.length + ", the first difference at "
                    + (from + difference));
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(what + "; what was done last:\n" + String.join("\n", history));
    }

    @Override
    public void close() throws IOException {
        fd.close();
    }
}
