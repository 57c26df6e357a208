package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A program that mounts, uses and unmounts a small tree again and again, and prints what the process holds: once when
 * everything is warm and once at the end. It runs in a JVM of its own whose heap is touched before it begins, so that
 * what the process takes more at the end than when warm is no heap.
 */
final class MountCycles {

    private MountCycles() {}

    /**
     * What the process holds.
     *
     * @param descriptors open files
     * @param threads of the whole process
     * @param mappings areas of memory
     * @param residentKib memory in use, heap included
     */
    record Holdings(long descriptors, long threads, long mappings, long residentKib) {
        static Holdings now() throws IOException {
            return new Holdings(
                    entries("/proc/self/fd"),
                    entries("/proc/self/task"),
                    Files.readAllLines(Path.of("/proc/self/maps")).size(),
                    residentKibibytes());
        }

        private static long entries(String folder) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of(folder))) {
                return entries.count();
            }
        }

        private static long residentKibibytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }

        static Holdings parse(String line) {
            long[] numbers = Stream.of(line.split(" "))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Holdings(numbers[0], numbers[1], numbers[2], numbers[3]);
        }

        String line(String when) {
            return String.format(Locale.ROOT, "%s %d %d %d %d", when, descriptors, threads, mappings, residentKib);
        }
    }

    /** {@code args}: an empty folder, how many cycles make it warm, how many follow. */
    public static void main(String[] args) throws Exception {
        Path scratch = Path.of(args[0]);
        cycles(scratch, Integer.parseInt(args[1]));
        System.out.println(settled().line("warm"));
        cycles(scratch, Integer.parseInt(args[2]));
        System.out.println(settled().line("end"));
    }

    private static void cycles(Path scratch, int count) throws Exception {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        for (int cycle = 0; cycle < count; cycle++) {
            try (MountedTree mounted = MountedTree.mount(scratch)) {
                Path file = mounted.path("file");
                Files.write(file, content);
                if (Files.size(file) != content.length
                        || !Files.readString(file).equals("content")) {
                    throw new AssertionError("cycle " + cycle + " reads something else");
                }
                mounted.assertNothingUnexpected();
            }
        }
    }

    /** Threads that have been told to end need a moment; three looks that agree are the truth. */
    private static Holdings settled() throws Exception {
        Holdings[] last = {Holdings.now()};
        int[] same = {0};
        Await.until("the number of threads stays the same", () -> {
            Holdings now = Holdings.now();
            same[0] =
                    now.threads() == last[0].threads() && now.descriptors() == last[0].descriptors() ? same[0] + 1 : 0;
            last[0] = now;
            return same[0] >= 50;
        });
        return last[0];
    }
}
