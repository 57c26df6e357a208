package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The command: measures the rows that were asked for, and prints them as a Markdown table. */
public final class BenchMain {
    private static final List<Suite> SUITES = List.of(DoorBench.suite(), ReadBench.suite(), WriteBench.suite());
    private static final int USAGE_ERROR = 2;
    /** Left alone when memory is touched: for the programs that run meanwhile. */
    private static final long SPARE_BYTES = 4L << 30;
    /** The file in the cache, the plain one, the copy in the store, and the kernel's pages of a served file. */
    private static final int FILES_IN_MEMORY = 4;

    private final Bench bench;
    private final List<Line> lines = new ArrayList<>();
    private boolean failed;

    private BenchMain(Bench bench) {
        this.bench = bench;
    }

    /** Runs in the root of the repository, whose distribution is built. The first word names the benchmark. */
    public static void main(String... words) throws IOException {
        Optional<Suite> named = SUITES.stream()
                .filter(suite -> words.length > 0 && suite.name().equals(words[0]))
                .findFirst();
        if (named.isEmpty()) {
            SUITES.forEach(suite -> System.err.println(BenchOptions.usage(suite)));
            System.exit(USAGE_ERROR);
            return;
        }
        run(named.get(), Arrays.copyOfRange(words, 1, words.length));
    }

    private static void run(Suite suite, String... words) throws IOException {
        if (List.of(words).contains("--help")) {
            System.out.print(BenchOptions.usage(suite));
            return;
        }
        BenchOptions options;
        try {
            options = BenchOptions.parse(suite, words);
        } catch (BenchOptions.UsageException wrong) {
            System.err.println(wrong.getMessage() + "\n\n" + BenchOptions.usage(suite));
            System.exit(USAGE_ERROR);
            return;
        }
        try (Workspace workspace = new Workspace(options.folder())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> takeAway(workspace)));
            BenchMain main = new BenchMain(prepare(options, workspace));
            main.measure(suite);
            System.out.println(machine() + "\n\n" + ReportTable.of(main.lines));
            if (main.failed) {
                System.exit(1);
            }
        }
    }

    private static void takeAway(Workspace workspace) {
        try {
            workspace.close();
        } catch (IOException failure) {
            System.err.println("left behind: " + failure.getMessage());
        }
    }

    private static Bench prepare(BenchOptions options, Workspace workspace) throws IOException {
        NativePrograms programs =
                new NativePrograms(Path.of("bench", "src", "main", "c"), workspace.folder("programs"));
        Load load = new Load(programs.load(), options.windowLength());
        Optional<Path> yardstick = programs.yardstick();
        Path launcher = Path.of("dist", "forebay", "bin", "forebay").toRealPath();
        load.touchMemory(Math.clamp(availableBytes() - SPARE_BYTES, 0, FILES_IN_MEMORY * options.fileBytes()));
        return new Bench(options, workspace, launcher, load, yardstick);
    }

    private void measure(Suite suite) {
        for (Suite.Group group : suite.groups()) {
            if (group.isWantedBy(bench.options())) {
                measure(String.join(", ", group.rows()), group.measurement());
            }
        }
    }

    private void measure(String name, Bench.Row row) {
        System.err.println("measuring: " + name);
        try {
            lines.addAll(row.measure(bench));
        } catch (IOException failure) {
            failed = true;
            lines.add(new Line.Missing(name, String.valueOf(failure.getMessage())));
        }
    }

    private static long availableBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"), StandardCharsets.UTF_8)) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("the kernel does not say how much memory is available");
    }

    private static String machine() throws IOException {
        String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease"), StandardCharsets.UTF_8);
        return "Linux " + kernel.strip() + ", processors: "
                + Runtime.getRuntime().availableProcessors()
                + "; median (min–max) of rounds; a ratio is Forebay by yardstick within one round";
    }
}
