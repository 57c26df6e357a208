package io.forebay.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A disk that remembers what was forced to it, and shows what a power cut may leave of a folder: of each file all that was
 * forced, and of what was written since any pages, in any order, or none.
 *
 * <p>What was forced and then changed may be there as it was or as it is, page by page. A file that was removed may be there
 * again. Forcing is not done in truth, since the machine stays on.
 */
final class LosingDisk implements StableStorage {
    private static final int PAGE_BYTES = 4_096;

    /** A file as it was when it was forced; another file of that path is another one. */
    private static final class Forced {
        final String file;
        final byte[] bytes;

        Forced(String file, byte[] bytes) {
            this.file = file;
            this.bytes = bytes;
        }
    }

    private final Map<Path, Forced> forced = new HashMap<>();
    private long forces;

    /** How much of what was not forced is lost. */
    private enum Loss {
        EVERYTHING,
        NOTHING,
        THE_END,
        PAGES
    }

    @Override
    public synchronized void force(FileChannel file, Path path) throws IOException {
        forced.put(path, new Forced(identity(path), Files.readAllBytes(path)));
        forces++;
    }

    /** How often something was forced. */
    synchronized long forces() {
        return forces;
    }

    private static String identity(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.fileKey() + " " + attributes.creationTime();
    }

    /** Makes {@code to} what a power cut now may leave of {@code folder}. */
    synchronized void cutPower(Path folder, Path to, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        Loss loss = Loss.values()[random.nextInt(Loss.values().length)];
        for (Path file : files) {
            byte[] now = Files.readAllBytes(file);
            Forced before = forced.get(file);
            byte[] old = before != null && before.file.equals(identity(file)) ? before.bytes : null;
            boolean survives = loss == Loss.NOTHING || (loss != Loss.EVERYTHING && random.nextInt(5) > 0);
            if (old != null || survives) {
                write(to.resolve(folder.relativize(file)), mixed(old == null ? new byte[0] : old, now, loss, random));
            } else if (before != null) {
                write(to.resolve(folder.relativize(file)), before.bytes);
            }
        }
        for (Map.Entry<Path, Forced> entry : forced.entrySet()) {
            if (!files.contains(entry.getKey()) && random.nextBoolean()) {
                write(to.resolve(folder.relativize(entry.getKey())), entry.getValue().bytes);
            }
        }
    }

    private static byte[] mixed(byte[] old, byte[] now, Loss loss, Random random) {
        return switch (loss) {
            case NOTHING -> now;
            case EVERYTHING -> old;
            case THE_END -> pages(old, now, random.nextInt(1 + now.length / PAGE_BYTES), random);
            case PAGES -> pages(old, now, -1, random);
        };
    }

    /** @param firstOld from which page on all is old; -1 for any at random */
    private static byte[] pages(byte[] old, byte[] now, int firstOld, Random random) {
        int shortest = Math.min(old.length, now.length);
        int length = shortest + random.nextInt(1 + Math.max(old.length, now.length) - shortest);
        byte[] result = new byte[length];
        for (int from = 0; from < length; from += PAGE_BYTES) {
            boolean isOld = firstOld < 0 ? random.nextBoolean() : from / PAGE_BYTES >= firstOld;
            byte[] source = isOld ? old : now;
            if (from < source.length) {
                System.arraycopy(
                        source, from, result, from, Math.min(PAGE_BYTES, Math.min(length, source.length) - from));
            }
        }
        return result;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, Arrays.copyOf(bytes, bytes.length));
    }
}
