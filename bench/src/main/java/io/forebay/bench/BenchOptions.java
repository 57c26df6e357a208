package io.forebay.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * @param rivals what else is to be measured
 * @param folder where files are put: the disk that is measured
 */
record BenchOptions(
        long fileBytes,
        int rounds,
        Duration windowLength,
        int entries,
        Set<String> rows,
        List<Rival> rivals,
        Path folder) {
    private static final int MEBIBYTE = 1 << 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,7})([MG])");

    /** All rows, no rivals, in the repository's own place for such things. */
    static BenchOptions defaults(long fileBytes, int rounds, Duration windowLength, int entries) {
        return new BenchOptions(
                fileBytes, rounds, windowLength, entries, Set.of(), List.of(), Path.of(".work", "bench"));
    }

    static String usage(Suite suite) {
        BenchOptions defaults = suite.defaults();
        String usage = """
                ./dev bench %s [options]
                  --size=%-8s  files that are read and written
                  --runs=%-8d  rounds of each measurement; the goals are about medians of that many
                  --seconds=%-5d  length of one measurement of a rate
                  --entries=%-6d names in the directory that is listed
                  --folder=PATH    on the disk to measure; by default %s
                  --only=ROW,ROW   of: %s
                """.formatted(
                        suite.name(),
                        defaults.fileBytes / MEBIBYTE + "M",
                        defaults.rounds,
                        defaults.windowLength.toSeconds(),
                        defaults.entries,
                        defaults.folder,
                        String.join(" ", suite.rows()));
        return suite.takesRivals() ? usage + Rival.USAGE : usage;
    }

    static BenchOptions parse(Suite suite, String... words) throws UsageException {
        BenchOptions options = suite.defaults();
        for (String word : words) {
            int equals = word.indexOf('=');
            String value = word.substring(equals + 1);
            options = switch (equals < 0 ? word : word.substring(0, equals)) {
                case "--size" -> options.withFileBytes(size(value));
                case "--runs" -> options.withRounds(positive(value));
                case "--seconds" -> options.withWindowLength(Duration.ofSeconds(positive(value)));
                case "--entries" -> options.withEntries(positive(value));
                case "--only" -> options.withRows(rows(suite, value));
                case "--folder" -> options.withFolder(Path.of(value));
                case "--with" -> options.withRival(rival(suite, value));
                default -> throw new UsageException("there is no option '" + word + "'");
            };
        }
        return options;
    }

    /** Whether the row is to be measured. */
    boolean wants(String row) {
        return rows.isEmpty() || rows.contains(row);
    }

    /** Whether the row was asked for by its name. */
    boolean names(String row) {
        return rows.contains(row);
    }

    private BenchOptions withFileBytes(long bytes) {
        return new BenchOptions(bytes, rounds, windowLength, entries, rows, rivals, folder);
    }

    private BenchOptions withRounds(int count) {
        return new BenchOptions(fileBytes, count, windowLength, entries, rows, rivals, folder);
    }

    private BenchOptions withWindowLength(Duration length) {
        return new BenchOptions(fileBytes, rounds, length, entries, rows, rivals, folder);
    }

    private BenchOptions withEntries(int count) {
        return new BenchOptions(fileBytes, rounds, windowLength, count, rows, rivals, folder);
    }

    private BenchOptions withRows(Set<String> wanted) {
        return new BenchOptions(fileBytes, rounds, windowLength, entries, wanted, rivals, folder);
    }

    private BenchOptions withRival(Rival rival) {
        List<Rival> more = new ArrayList<>(rivals);
        more.add(rival);
        return new BenchOptions(fileBytes, rounds, windowLength, entries, rows, List.copyOf(more), folder);
    }

    private BenchOptions withFolder(Path path) {
        return new BenchOptions(fileBytes, rounds, windowLength, entries, rows, rivals, path);
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

    private static Set<String> rows(Suite suite, String text) throws UsageException {
        Set<String> wanted = new TreeSet<>(Set.of(text.split(",", -1)));
        for (String row : wanted) {
            if (!suite.rows().contains(row)) {
                throw new UsageException("there is no row '" + row + "'");
            }
        }
        return wanted;
    }

    private static Rival rival(Suite suite, String text) throws UsageException {
        if (!suite.takesRivals()) {
            throw new UsageException("./dev bench " + suite.name() + " has its yardsticks already");
        }
        return Rival.parse(text);
    }

    /** The command line is wrong. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
