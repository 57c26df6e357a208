package io.forebay.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the command line asks for.
 *
 * @param fileBytes the size of files that are read and written; a whole number of mebibytes
 * @param rounds how often each thing is measured
 * @param windowLength how long one measurement of a rate takes
 * @param entries names in the directory that is listed
 * @param rows which rows to measure; all if empty
 * @param folder where files are put: the disk that is measured
 */
record BenchOptions(long fileBytes, int rounds, Duration windowLength, int entries, Set<String> rows, Path folder) {
    static final Set<String> ROWS = Set.of("sequential", "random", "write", "direct", "start", "stat", "list");

    static final String USAGE = """
            ./dev bench door [options]
              --size=4G        files that are read and written
              --runs=5         rounds of each measurement; the goals are about medians of 5
              --seconds=2      length of one measurement of a rate
              --entries=100000 names in the directory that is listed
              --only=ROW,ROW   of: sequential random write direct start stat list
              --folder=PATH    on the disk to measure; by default .work/bench
            """;

    private static final int MEBIBYTE = 1 << 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,7})([MG])");

    static BenchOptions parse(String... words) throws UsageException {
        BenchOptions options =
                new BenchOptions(4L << 30, 5, Duration.ofSeconds(2), 100_000, Set.of(), Path.of(".work", "bench"));
        for (String word : words) {
            int equals = word.indexOf('=');
            String value = word.substring(equals + 1);
            options = switch (equals < 0 ? word : word.substring(0, equals)) {
                case "--size" -> options.withFileBytes(size(value));
                case "--runs" -> options.withRounds(positive(value));
                case "--seconds" -> options.withWindowLength(Duration.ofSeconds(positive(value)));
                case "--entries" -> options.withEntries(positive(value));
                case "--only" -> options.withRows(rows(value));
                case "--folder" -> options.withFolder(Path.of(value));
                default -> throw new UsageException("there is no option '" + word + "'");
            };
        }
        return options;
    }

    boolean wants(String row) {
        return rows.isEmpty() || rows.contains(row);
    }

    private BenchOptions withFileBytes(long bytes) {
        return new BenchOptions(bytes, rounds, windowLength, entries, rows, folder);
    }

    private BenchOptions withRounds(int count) {
        return new BenchOptions(fileBytes, count, windowLength, entries, rows, folder);
    }

    private BenchOptions withWindowLength(Duration length) {
        return new BenchOptions(fileBytes, rounds, length, entries, rows, folder);
    }

    private BenchOptions withEntries(int count) {
        return new BenchOptions(fileBytes, rounds, windowLength, count, rows, folder);
    }

    private BenchOptions withRows(Set<String> wanted) {
        return new BenchOptions(fileBytes, rounds, windowLength, entries, wanted, folder);
    }

    private BenchOptions withFolder(Path path) {
        return new BenchOptions(fileBytes, rounds, windowLength, entries, rows, path);
    }

    private static long size(String text) throws UsageException {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
            throw new UsageException("a size is written 512M or 4G, not '" + text + "'");
        }
        long unit = size.group(2).equals("G") ? 1024L * MEBIBYTE : MEBIBYTE;
        return Long.parseLong(size.group(1)) * unit;
    }

    private static int positive(String text) throws UsageException {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new UsageException("a number from 1 to 999999 is needed, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Set<String> rows(String text) throws UsageException {
        Set<String> wanted = new TreeSet<>(Set.of(text.split(",", -1)));
        for (String row : wanted) {
            if (!ROWS.contains(row)) {
                throw new UsageException("there is no row '" + row + "'");
            }
        }
        return wanted;
    }

    /** The command line is wrong. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
