package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One measurement by {@code load.c}, in a process of its own. */
final class Load {
    static final int MEBIBYTE = 1 << 20;
    /** Into how many measurements the one of a rate is cut, so that it can take turns with another. */
    static final int SLICES = 10;

    /** Of one random read. */
    static final int RANDOM_BLOCK_BYTES = 4096;

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
        return read(file, bytes, way).gigabytesPerSecond();
    }

    /** Opens a file and reads it to the end, a mebibyte at once. */
    Read read(Path file, long bytes, Way way) throws IOException {
        double[] seconds =
                numbers(run("read", file.toString(), Long.toString(bytes), Integer.toString(MEBIBYTE), way.word()), 3);
        return new Read(bytes / GIGABYTE, seconds[0], seconds[1], seconds[2]);
    }

    /**
     * How long one reader took.
     *
     * @param firstSeconds of the first call
     * @param readSeconds of all of them
     */
    record Read(double gigabytes, double openSeconds, double firstSeconds, double readSeconds) {
        double gigabytesPerSecond() {
            return gigabytes / readSeconds;
        }

        /** As an application sees it that had to open the file first. */
        double megabytesPerSecondWithOpen() {
            return gigabytes * 1e3 / (openSeconds + readSeconds);
        }
    }

    /** Many processes that each read the whole file, a mebibyte at once; the megabytes a second of all of them. */
    double crowd(Path file, long bytes, int processes) throws IOException {
        return number(run(
                        "crowd",
                        file.toString(),
                        Long.toString(bytes),
                        Integer.toString(MEBIBYTE),
                        Integer.toString(processes)))
                / 1e6;
    }

    /** Random reads of 4 KiB during one slice of the window, in thousands a second. */
    double randomReads(Path file, long bytes, Way way, int threads) throws IOException {
        return randomReads(file, bytes, way, threads, sliceSeconds()).perSecond() / 1e3;
    }

    /** Random reads of 4 KiB through the page cache during the whole window. */
    Rate windowOfRandomReads(Path file, long bytes, int threads) throws IOException {
        return randomReads(file, bytes, Way.BUFFERED, threads, windowSeconds());
    }

    private Rate randomReads(Path file, long bytes, Way way, int threads, double seconds) throws IOException {
        double[] numbers = numbers(
                run(
                        "pread",
                        file.toString(),
                        Long.toString(bytes),
                        Integer.toString(RANDOM_BLOCK_BYTES),
                        way.word(),
                        Integer.toString(threads),
                        Double.toString(seconds)),
                2);
        return new Rate(numbers[0], Math.round(numbers[1]));
    }

    /** How fast, and how often altogether. */
    record Rate(double perSecond, long operations) {}

    private double windowSeconds() {
        return windowLength.toMillis() / 1e3;
    }

    /** Stats of {@code f000000} and so on, in thousands a second. */
    double stats(Path folder, int names) throws IOException {
        return number(run("stat", folder.toString(), Integer.toString(names), Double.toString(sliceSeconds()))) / 1e3;
    }

    /** Stats of names that are not there, a second. */
    double absentStats(Path folder, int names) throws IOException {
        return number(run("absent", folder.toString(), Integer.toString(names)));
    }

    /** Lists a folder, with the attributes of its entries, so many times; entries a second. */
    double lists(Path folder, int times) throws IOException {
        return number(run("list", folder.toString(), Integer.toString(times)));
    }

    /** Reads {@code f000000} and so on, each once and whole, in a shuffled order; files a second. */
    double epoch(Path folder, int files, long bytes, int threads) throws IOException {
        return number(run(
                "epoch", folder.toString(), Integer.toString(files), Long.toString(bytes), Integer.toString(threads)));
    }

    /** Runs a program, and gives the seconds of processor time that it took. */
    double cost(List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of("cost"));
        words.addAll(command);
        return number(run(words.toArray(String[]::new)));
    }

    /** Writes a new file in calls of a mebibyte, syncs it, and removes it. */
    Written write(Path file, long bytes) throws IOException {
        double[] seconds = numbers(run("write", file.toString(), Long.toString(bytes), Integer.toString(MEBIBYTE)), 2);
        return new Written(bytes / GIGABYTE, seconds[0], seconds[1]);
    }

    record Written(double gigabytes, double writeSeconds, double syncSeconds) {
        double writesOnly() {
            return gigabytes / writeSeconds;
        }

        double withSync() {
            return gigabytes / (writeSeconds + syncSeconds);
        }
    }

    /** Writes a file as a checkpoint is written, in calls of 8 MiB, and closes it. */
    Saved save(Path file, long bytes) throws IOException {
        double[] seconds =
                numbers(run("save", file.toString(), Long.toString(bytes), Integer.toString(8 * MEBIBYTE)), 2);
        return new Saved(bytes / GIGABYTE, seconds[0], seconds[1]);
    }

    record Saved(double gigabytes, double writeSeconds, double closeSeconds) {
        double megabytesPerSecond() {
            return gigabytes * 1e3 / (writeSeconds + closeSeconds);
        }
    }

    /** Changes some bytes of a file and closes it, in seconds. */
    double edit(Path file, long offset, int bytes) throws IOException {
        return number(run("edit", file.toString(), Long.toString(offset), Integer.toString(bytes)));
    }

    /** Creates {@code f000000} and so on, one after the other; files a second. */
    double create(Path folder, int files, int bytes) throws IOException {
        return number(run("create", folder.toString(), Integer.toString(files), Integer.toString(bytes)));
    }

    private double sliceSeconds() {
        return windowSeconds() / SLICES;
    }

    private String run(String... words) throws IOException {
        String[] all = new String[words.length + 1];
        all[0] = program.toString();
        System.arraycopy(words, 0, all, 1, words.length);
        return Command.run(all);
    }

    private static double number(String text) throws IOException {
        return numbers(text, 1)[0];
    }

    private static double[] numbers(String text, int count) throws IOException {
        try {
            double[] numbers = Arrays.stream(text.split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (numbers.length != count) {
                throw new IOException("the load program printed '" + text + "'");
            }
            return numbers;
        } catch (NumberFormatException notOne) {
            throw new IOException("the load program printed '" + text + "'", notOne);
        }
    }
}
