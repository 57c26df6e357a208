package io.forebay.nativetests.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.command.CrashWriter.Acknowledgement;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@link CrashWriter} may have left in a folder, by its own record of what it tried and of what was acknowledged.
 *
 * <p>Each file has versions, which are tried one after the other. After a crash it has one of those from the last
 * acknowledged one to the last tried one, whole; what that means is different for each kind of file, and said at each.
 */
final class CrashModel {
    static final int RECORD_BYTES = 100;
    static final int CELL_BYTES = 16 << 10;
    /** What a disk writes in one piece, when nobody told it to finish. */
    private static final int PAGE_BYTES = 4096;

    private static final int SMALL_BYTES = 64 << 10;
    /** Above what is sent with one request. */
    private static final int LARGE_BYTES = 9 << 20;

    private static final int ONE_IN_SO_MANY_IS_LARGE = 16;

    private final Map<String, Integer> tried = new HashMap<>();
    private final Map<String, Integer> acknowledged = new HashMap<>();
    private final Set<String> files = new TreeSet<>();
    /** What of a cell has one version. */
    private final int pieceBytes;

    private CrashModel(Acknowledgement acknowledgement) {
        this.pieceBytes = switch (acknowledgement) {
            case CLOSE -> CELL_BYTES;
            case SYNC -> PAGE_BYTES;
        };
    }

    /**
     * Reads what a writer has recorded: {@code t FILE VERSION} before it tries, {@code a FILE VERSION} after it did.
     *
     * @param acknowledgement what the writer took for one
     */
    static CrashModel of(Path record, Acknowledgement acknowledgement) throws IOException {
        CrashModel model = new CrashModel(acknowledgement);
        for (String line : Files.readAllLines(record)) {
            String[] words = line.split(" ");
            Map<String, Integer> to = words[0].equals("t") ? model.tried : model.acknowledged;
            to.merge(words[1], Integer.parseInt(words[2]), Math::max);
            model.files.add(words[1].split("#")[0]);
        }
        return model;
    }

    int acknowledgedVersions() {
        return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
    }

    private int tried(String what) {
        return tried.getOrDefault(what, 0);
    }

    private int acknowledged(String what) {
        return acknowledged.getOrDefault(what, 0);
    }

    /** The bytes of a whole file: one line, over and over. */
    static byte[] bytesOf(String file, int version) {
        int dice = (file + " " + version).hashCode() & Integer.MAX_VALUE;
        int length = RECORD_BYTES
                + dice % SMALL_BYTES
                + (dice / SMALL_BYTES % ONE_IN_SO_MANY_IS_LARGE == 0 ? LARGE_BYTES : 0);
        return repeated(file + " " + version + "\n", length);
    }

    static byte[] cellOf(String file, int cell, int version) {
        return repeated(file + " cell " + cell + " version " + version + "\n", CELL_BYTES);
    }

    static byte[] recordOf(String file, int number) {
        return repeated(file + " " + number + "\n", RECORD_BYTES);
    }

    private static byte[] repeated(String text, int length) {
        byte[] line = text.getBytes(US_ASCII);
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += line.length) {
            System.arraycopy(line, 0, bytes, at, Math.min(line.length, length - at));
        }
        return bytes;
    }

    /** How many cells a file of cells has: one of them is larger than what is kept in one piece. */
    static int cellsOf(String file) {
        return file.endsWith("1") ? 640 : 40;
    }

    /** Everything in {@code folder} is as it may be, and nothing is there that nobody wrote. */
    void expect(Path folder, String when) throws IOException {
        for (String file : files) {
            Path path = folder.resolve(file);
            String what = when + ": " + file + ", acknowledged " + acknowledged(file) + ", tried " + tried(file);
            switch (file.charAt(0)) {
                case 'p' -> expectPublished(path, file, what);
                case 'l' -> expectRecords(path, file, what);
                case 'c' -> expectCells(path, file, what);
                case 'd' -> expectReplacedInPlace(path, file, what);
                default -> throw new IllegalStateException(file);
            }
        }
        Set<String> unknown = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                unknown.add(entry.getFileName().toString().replace(".tmp", ""));
            }
        }
        unknown.removeAll(files);
        assertThat(unknown).as("%s: files that nobody wrote", when).isEmpty();
    }

    /** Written under another name, then renamed: never less than whole. */
    private void expectPublished(Path path, String file, String what) throws IOException {
        if (!Files.exists(path)) {
            assertThat(acknowledged(file)).as("%s is missing", what).isZero();
            return;
        }
        byte[] bytes = Files.readAllBytes(path);
        int version = versionIn(bytes, what);
        assertThat(version).as(what).isBetween(Math.max(1, acknowledged(file)), tried(file));
        expectSame(bytes, bytesOf(file, version), what);
    }

    /** Appended to, record by record, synced now and then: a prefix of all that was tried. */
    private void expectRecords(Path path, String file, String what) throws IOException {
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        assertThat(bytes.length).as(what).isBetween(acknowledged(file) * RECORD_BYTES, tried(file) * RECORD_BYTES);
        for (int number = 1; (number - 1) * RECORD_BYTES < bytes.length; number++) {
            int from = (number - 1) * RECORD_BYTES;
            byte[] found = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + RECORD_BYTES));
            expectSame(found, Arrays.copyOf(recordOf(file, number), found.length), what + ", record " + number);
        }
    }

    /** Written once as a whole, then cell by cell: each cell, or each page of it, has one of its own versions, whole. */
    private void expectCells(Path path, String file, String what) throws IOException {
        if (acknowledged(file) == 0) {
            return; // it may be there in part
        }
        byte[] bytes = Files.readAllBytes(path);
        assertThat(bytes.length).as(what).isEqualTo(cellsOf(file) * CELL_BYTES);
        for (int cell = 0; cell < cellsOf(file); cell++) {
            int from = cell * CELL_BYTES;
            expectCell(file, cell, Arrays.copyOfRange(bytes, from, from + CELL_BYTES), what);
        }
    }

    private void expectCell(String file, int cell, byte[] found, String what) {
        String name = file + "#" + cell;
        List<byte[]> allowed = new ArrayList<>();
        for (int version = Math.max(1, acknowledged(name)); version <= Math.max(1, tried(name)); version++) {
            allowed.add(cellOf(file, cell, version));
        }
        for (int from = 0; from < CELL_BYTES; from += pieceBytes) {
            int at = from;
            int to = from + pieceBytes;
            boolean isOne = allowed.stream().anyMatch(version -> Arrays.equals(found, at, to, version, at, to));
            if (!isOne) {
                throw new AssertionError(what + ", cell " + cell + ", acknowledged " + acknowledged(name) + ", tried "
                        + tried(name) + ", has at byte " + at + " '"
                        + beginning(Arrays.copyOfRange(found, at, to)) + "'");
            }
        }
    }

    /** Odd versions are written over what was there, even ones remove it: a prefix if that was cut off, else whole. */
    private void expectReplacedInPlace(Path path, String file, String what) throws IOException {
        int from = acknowledged(file);
        int to = tried(file);
        if (!Files.exists(path)) {
            assertThat(from % 2 == 0 || to > from).as("%s is missing", what).isTrue();
            return;
        }
        byte[] bytes = Files.readAllBytes(path);
        for (int version = from; version <= to; version++) {
            byte[] whole = version % 2 == 1 ? bytesOf(file, version) : new byte[0];
            boolean cutOff = version > from && bytes.length <= whole.length;
            if (version % 2 == 1 && Arrays.equals(bytes, cutOff ? Arrays.copyOf(whole, bytes.length) : whole)) {
                return;
            }
        }
        throw new AssertionError(what + " has " + bytes.length + " bytes, which begin with '" + beginning(bytes) + "'");
    }

    private static int versionIn(byte[] bytes, String what) {
        String line = firstLine(bytes, what);
        try {
            return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
        } catch (NumberFormatException garbage) {
            throw new AssertionError(
                    what + " has " + bytes.length + " bytes, which begin with '" + line + "'", garbage);
        }
    }

    private static String firstLine(byte[] bytes, String what) {
        assertThat(bytes.length).as("%s: bytes", what).isPositive();
        return List.of(beginning(bytes).split("\n", 2)).getFirst();
    }

    private static String beginning(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, 100), US_ASCII);
    }

    private static void expectSame(byte[] found, byte[] expected, String what) {
        int at = Arrays.mismatch(found, expected);
        if (at >= 0) {
            throw new AssertionError(what + " differs at byte " + at + " of " + expected.length + "; there are "
                    + found.length + ", and there it has '"
                    + beginning(Arrays.copyOfRange(found, Math.min(at, found.length), found.length)) + "'");
        }
    }
}
