package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** One measurement by {@code load.c}, in a process of its own. */
final class Load {
    static final int MEBIBYTE = 1 << 20;
    /** Into how many measurements the one of a rate is cut, so that it can take turns with another. */
    static final int SLICES = 10;

    private static final double GIGABYTE = 1e9;

    private final Path program;
    private final Duration windowLength;

    Load(Path program, Duration windowLength) {
        this.program = program;
        this.windowLength = windowLength;
    }

    /** Whether reads go through the page cache. */
    enum Way {
        BUFFERED,
        DIRECT;

        String word() {
            return this == DIRECT ? "direct" : "buffered";
        }
    }

    /** Touches memory: what a virtual machine was never given before is slow the first time. */
    void touchMemory(long bytes) throws IOException {
        run("touch", Long.toString(bytes));
    }

    /** Sequential reads of a mebibyte each, in gigabytes a second. */
    double sequentialRead(Path file, long bytes, Way way) throws IOException {
        return number(run("read", file.toString(), Long.toString(bytes), Integer.toString(MEBIBYTE), way.word()))
                / GIGABYTE;
    }

    /** Random reads of 4 KiB, in thousands a second. */
    double randomReads(Path file, long bytes, Way way, int threads) throws IOException {
        String operations = run(
                "pread",
                file.toString(),
                Long.toString(bytes),
                "4096",
                way.word(),
                Integer.toString(threads),
                sliceSeconds());
        return number(operations) / 1e3;
    }

    /** Stats of {@code f000000} and so on, in thousands a second. */
    double stats(Path folder, int names) throws IOException {
        return number(run("stat", folder.toString(), Integer.toString(names), sliceSeconds())) / 1e3;
    }

    /** Writes a new file in calls of a mebibyte, syncs it, and removes it. */
    Written write(Path file, long bytes) throws IOException {
        String[] seconds = run("write", file.toString(), Long.toString(bytes), Integer.toString(MEBIBYTE))
                .split(" ", -1);
        return new Written(bytes / GIGABYTE, number(seconds[0]), number(seconds[1]));
    }

    record Written(double gigabytes, double writeSeconds, double syncSeconds) {
        double writesOnly() {
            return gigabytes / writeSeconds;
        }

        double withSync() {
            return gigabytes / (writeSeconds + syncSeconds);
        }
    }

    private String sliceSeconds() {
        return Double.toString(windowLength.toMillis() / 1e3 / SLICES);
    }

    private String run(String... words) throws IOException {
        String[] all = new String[words.length + 1];
        all[0] = program.toString();
        System.arraycopy(words, 0, all, 1, words.length);
        return Command.run(all);
    }

    private static double number(String text) throws IOException {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notOne) {
            throw new IOException("the load program printed '" + text + "'", notOne);
        }
    }
}
