package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the kernel says is mounted. It is read and never touched, so a dead mount cannot hang the reader. */
public final class MountTable {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    private MountTable() {}

    /**
     * One mounted file system.
     *
     * @param mountPoint where
     * @param type {@code ext4}, {@code fuse.forebay}
     * @param source what
     * @param options of this mount, comma-separated
     */
    public record Entry(Path mountPoint, String type, String source, String options) {}

    public static List<Entry> entries() throws IOException {
        return Files.readAllLines(MOUNTINFO).stream().map(MountTable::parse).toList();
    }

    /** What is mounted exactly there, the topmost if several are. */
    public static Optional<Entry> at(Path mountPoint) throws IOException {
        return entries().stream()
                .filter(entry -> entry.mountPoint().equals(mountPoint))
                .reduce((_, later) -> later);
    }

    public static boolean isMounted(Path mountPoint) throws IOException {
        return at(mountPoint).isPresent();
    }

    /** Whether anything is mounted there or below. */
    public static List<Entry> below(Path folder) throws IOException {
        return entries().stream()
                .filter(entry -> entry.mountPoint().startsWith(folder))
                .toList();
    }

    /** {@code 36 35 98:0 /root /mount/point rw,noatime optional… - type source options}, as proc(5) has it. */
    private static Entry parse(String line) {
        String[] halves = line.split(" - ", 2);
        String[] left = halves[0].split(" ");
        String[] right = halves[1].split(" ");
        return new Entry(Path.of(unescaped(left[4])), right[0], unescaped(right[1]), left[5]);
    }

    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
