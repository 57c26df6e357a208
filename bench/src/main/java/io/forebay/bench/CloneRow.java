package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** {@code git clone} of a repository of many small files from local disk into the mount. */
final class CloneRow {
    private static final String CONTAINER = "cloned";
    private static final String EXT4 = "ext4";
    private static final int FILES = 6_000;
    private static final int FOLDERS = 240;
    private static final int LONGEST_LINES = 400;
    private static final SimulatedStore.Distance DISTANCE = SimulatedStore.Distance.FAR;

    private final Bench bench;
    private final SimulatedStore store;
    private final Path repository;

    private CloneRow(Bench bench, SimulatedStore store, Path repository) {
        this.bench = bench;
        this.store = store;
        this.repository = repository;
    }

    static List<Line> measure(Bench bench) throws IOException {
        try (SimulatedStore store = SimulatedStore.start(bench.workspace(), SimulatedStore.Wire.HTTP);
                Workspace.Temporary repository = bench.workspace().temporary("repository");
                Workspace.Temporary plain = bench.workspace().temporary("plain-clone")) {
            store.create(CONTAINER);
            store.move(DISTANCE);
            fill(repository.path());
            return new CloneRow(bench, store, repository.path()).lines(plain.path());
        }
    }

    private List<Line> lines(Path plain) throws IOException {
        Contender forebay = new Forebay(bench.launcher(), bench.workspace(), List.of("--write-back=local"));
        Rounds<Double> rounds = Rounds.fromNothing(
                bench.options().rounds(),
                () -> ColdRun.of(bench, forebay, store, CONTAINER, this::clone).result(),
                List.of(new Rounds.Other<>(EXT4, () -> clone(plain))));
        String what = "git clone of " + FILES + " files, --write-back=local, " + DISTANCE;
        return List.of(rounds.against(EXT4, what, Unit.SECONDS, Goal.atMost(3), seconds -> seconds));
    }

    /** In seconds, until git has ended. What it wrote is checked after that. */
    private double clone(Path root) throws IOException {
        Path target = root.resolve("clone-" + System.nanoTime());
        long startNanos = System.nanoTime();
        git("clone", "--quiet", "--no-local", repository.toString(), target.toString());
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        git("-C", target.toString(), "fsck", "--full");
        return seconds;
    }

    private static void fill(Path repository) throws IOException {
        Random random = new Random(1);
        for (int number = 0; number < FILES; number++) {
            Path folder = Files.createDirectories(repository.resolve("folder" + number % FOLDERS));
            StringBuilder text = new StringBuilder();
            for (int line = random.nextInt(LONGEST_LINES); line >= 0; line--) {
                text.append(random.nextDouble()).append('\n');
            }
            Files.writeString(folder.resolve("file" + number), text);
        }
        git("-C", repository.toString(), "init", "--quiet");
        git("-C", repository.toString(), "add", "--all");
        git(
                "-C",
                repository.toString(),
                "-c",
                "user.name=bench",
                "-c",
                "user.email=bench@localhost",
                "commit",
                "-qm",
                "all");
    }

    private static void git(String... words) throws IOException {
        String[] all = new String[words.length + 1];
        all[0] = "git";
        System.arraycopy(words, 0, all, 1, words.length);
        Command.run(all);
    }
}
