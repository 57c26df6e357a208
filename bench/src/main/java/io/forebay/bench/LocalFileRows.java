package io.forebay.bench;

import io.forebay.bench.SimulatedStore.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads of a file that was fetched before, against a plain file on the same disk: from memory, and from the disk. */
final class LocalFileRows {
    private static final String CONTAINER = "bench";
    private static final String FILE = "file";
    private static final Goal DISK_GOAL = Goal.atLeast(0.9);
    /** A read takes a third of a second, and the disk of a virtual machine is slower by half every few of them. */
    private static final int LEAST_DISK_ROUNDS = 9;

    private final Bench bench;
    private final SimulatedStore store;
    private final Path home;
    private final Path plain;
    private final List<Line> lines = new ArrayList<>();

    private LocalFileRows(Bench bench, SimulatedStore store, Path home, Path plain) {
        this.bench = bench;
        this.store = store;
        this.home = home;
        this.plain = plain;
    }

    static List<Line> measure(Bench bench) throws IOException {
        try (Workspace.Temporary home = bench.workspace().temporary("local");
                SimulatedStore store = SimulatedStore.start(bench.workspace(), Wire.HTTP)) {
            store.declare(CONTAINER, FILE, 1, bench.options().fileBytes());
            Path plain = home.path().resolve("plain");
            FileContent.write(plain, bench.options().fileBytes()).close();
            LocalFileRows rows = new LocalFileRows(bench, store, home.path(), plain);
            rows.firstMount();
            if (bench.options().wants("disk")) {
                rows.secondMount();
            }
            return rows.lines;
        }
    }

    private void firstMount() throws IOException {
        try (MountedStore mount = bench.forebay().mount(store, CONTAINER, home)) {
            Path mounted = mount.root().resolve(FILE);
            readAll(mounted);
            if (bench.options().wants("warm")) {
                bench.workspace().settle();
                lines.add(FileRows.sequential(bench, mounted, plain));
                lines.addAll(FileRows.random(bench, mounted, plain));
            }
            if (bench.options().wants("disk")) {
                lines.add(fromDisk(mounted, "read from the disk, page cache dropped"));
            }
            addMemory(mount, "warm and from the disk");
        }
    }

    private void secondMount() throws IOException {
        store.resetCounts();
        try (MountedStore mount = bench.forebay().mount(store, CONTAINER, home)) {
            lines.add(fromDisk(mount.root().resolve(FILE), "read from the disk after a remount"));
            double again =
                    (double) store.counts().fetchedBytes() / bench.options().fileBytes();
            lines.add(new Line.Absolute(
                    "bytes fetched again after a remount, of the file's",
                    Unit.RATIO,
                    new Sample(List.of(again)),
                    Goal.atMost(0)));
            addMemory(mount, "after a remount");
        }
    }

    private Line fromDisk(Path mounted, String what) throws IOException {
        int rounds = Math.max(LEAST_DISK_ROUNDS, bench.options().rounds());
        return Rounds.of(rounds, () -> dropAndRead(mounted), () -> dropAndRead(plain))
                .line(what + ", against ext4", Unit.GIGABYTES_PER_SECOND, DISK_GOAL, value -> value);
    }

    private double dropAndRead(Path file) throws IOException {
        bench.workspace().dropPageCache();
        return readAll(file);
    }

    private double readAll(Path file) throws IOException {
        return bench.load().sequentialRead(file, bench.options().fileBytes(), Load.Way.BUFFERED);
    }

    private void addMemory(MountedStore mount, String when) throws IOException {
        lines.add(new Line.Absolute(
                "peak memory, " + when,
                Unit.MEBIBYTES,
                new Sample(List.of(Resources.peakMebibytes(mount.daemon()))),
                Goal.atMost(600)));
    }
}
