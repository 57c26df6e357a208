package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What names cost that the tree knows already. */
final class NameRows {
    private static final int STAT_NAMES = 1000;
    private static final String STAT = "stat of cached names, kernel timeouts zero, against libfuse 3 in C";
    private static final Goal STAT_GOAL = Goal.atLeast(1);
    private static final Goal LIST_GOAL = Goal.atMost(2);

    /** The tree asks the store once, before the first round that counts. */
    private static final String TRUST_THE_TREE = "--attr-cache-timeout=1h";

    private NameRows() {}

    static List<Line> stat(Bench bench) throws IOException {
        if (bench.yardstick().isEmpty()) {
            return Bench.withoutYardstick(STAT);
        }
        ForebayMount.Plan plan =
                bench.plan("stat", TRUST_THE_TREE, "-o", "attr_timeout=0,entry_timeout=0,negative_timeout=0");
        makeFiles(plan.container(), STAT_NAMES);
        Path program = bench.yardstick().get();
        Load load = bench.load();
        try (ForebayMount mount = ForebayMount.of(plan, bench.workspace());
                YardstickMount yardstick =
                        YardstickMount.of(program, bench.workspace(), "stat-yardstick", Load.MEBIBYTE, STAT_NAMES)) {
            listLong(mount.root());
            return List.of(Rounds.ofRates(
                            bench.options().rounds(),
                            Load.SLICES,
                            () -> load.stats(mount.root(), STAT_NAMES),
                            () -> load.stats(yardstick.root(), STAT_NAMES))
                    .line(STAT, Unit.THOUSANDS_PER_SECOND, STAT_GOAL, value -> value));
        }
    }

    static List<Line> list(Bench bench) throws IOException {
        int entries = bench.options().entries();
        ForebayMount.Plan plan = bench.plan("list", TRUST_THE_TREE);
        Path plain = bench.workspace().folder("plain-names");
        makeFiles(Files.createDirectories(plan.container().resolve("many")), entries);
        makeFiles(plain, entries);
        bench.workspace().settle();
        try (ForebayMount mount = ForebayMount.of(plan, bench.workspace())) {
            return List.of(Rounds.of(
                            bench.options().rounds(),
                            () -> listLong(mount.root().resolve("many")),
                            () -> listLong(plain))
                    .line("ls -l of " + entries + " cached entries, against ext4", Unit.SECONDS, LIST_GOAL, s -> s));
        }
    }

    static double listLong(Path folder) throws IOException {
        long startNanos = System.nanoTime();
        Command.run("ls", "-l", folder.toString());
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Empty ones, with the names that {@code load.c} and {@code yardstick.c} expect. */
    static void makeFiles(Path folder, int count) throws IOException {
        for (int number = 0; number < count; number++) {
            Files.createFile(folder.resolve(String.format(Locale.ROOT, "f%06d", number)));
        }
    }
}
