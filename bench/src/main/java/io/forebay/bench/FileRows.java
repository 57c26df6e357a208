package io.forebay.bench;

import io.forebay.bench.Load.Way;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Warm buffered reads of a file that is complete in the cache, against a plain file on the same disk. */
final class FileRows {
    private static final int MANY_THREADS = 8;

    private FileRows() {}

    static List<Line> measure(Bench bench) throws IOException {
        Path plain = bench.workspace().folder("plain-reads").resolve("file");
        long bytes = bench.options().fileBytes();
        try (ForebayMount mount = bench.mount("reads");
                ForebayMount.HeldFile held = mount.write("file", bytes);
                FileChannel _ = FileContent.write(plain, bytes)) {
            bench.workspace().settle();
            return compare(bench, held.path(), plain);
        } finally {
            Files.deleteIfExists(plain);
        }
    }

    private static List<Line> compare(Bench bench, Path mounted, Path plain) throws IOException {
        List<Line> lines = new ArrayList<>();
        if (bench.options().wants("sequential")) {
            lines.add(sequential(bench, mounted, plain));
        }
        if (bench.options().wants("random")) {
            lines.addAll(random(bench, mounted, plain));
        }
        return lines;
    }

    static List<Line> random(Bench bench, Path mounted, Path plain) throws IOException {
        return List.of(
                random(bench, mounted, plain, 1, Goal.atLeast(0.65)),
                random(bench, mounted, plain, MANY_THREADS, Goal.atLeast(0.85)));
    }

    static Line sequential(Bench bench, Path mounted, Path plain) throws IOException {
        Load load = bench.load();
        long bytes = bench.options().fileBytes();
        return Rounds.of(
                        bench.options().rounds(),
                        () -> load.sequentialRead(mounted, bytes, Way.BUFFERED),
                        () -> load.sequentialRead(plain, bytes, Way.BUFFERED))
                .line(
                        "warm sequential read, 1 MiB buffered, against the backing file system",
                        Unit.GIGABYTES_PER_SECOND,
                        Goal.atLeast(0.90),
                        value -> value);
    }

    private static Line random(Bench bench, Path mounted, Path plain, int threads, Goal goal) throws IOException {
        Load load = bench.load();
        long bytes = bench.options().fileBytes();
        return Rounds.ofRates(
                        bench.options().rounds(),
                        Load.SLICES,
                        () -> load.randomReads(mounted, bytes, Way.BUFFERED, threads),
                        () -> load.randomReads(plain, bytes, Way.BUFFERED, threads))
                .line(
                        "warm random read, 4 KiB buffered, threads: " + threads,
                        Unit.THOUSANDS_PER_SECOND,
                        goal,
                        value -> value);
    }
}
