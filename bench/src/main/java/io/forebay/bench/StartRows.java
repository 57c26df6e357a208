package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How soon a mount answers, and what it holds when nobody uses it. */
final class StartRows {
    private static final int STARTS = 10;
    private static final int STARTS_WITH_MEMORY = 3;
    private static final int SETTLE_SECONDS = 30;
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private StartRows() {}

    static List<Line> measure(Bench bench) throws IOException {
        List<Double> seconds = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        ForebayMount.Plan plan = bench.plan("start");
        for (int start = 0; start <= STARTS; start++) {
            long startNanos = System.nanoTime();
            try (ForebayMount mount = ForebayMount.of(plan, bench.workspace())) {
                Files.getLastModifiedTime(mount.root());
                if (start > 0) {
                    seconds.add((System.nanoTime() - startNanos) / 1e9);
                }
                if (start < STARTS_WITH_MEMORY) {
                    awaitIdle(mount.daemon());
                    mebibytes.add(residentMebibytes(mount.daemon()));
                }
            }
        }
        return List.of(
                new Line.Absolute(
                        "from `forebay mount` to a mount that answers, median of " + STARTS,
                        Unit.SECONDS,
                        new Sample(seconds),
                        Goal.atMost(0.5)),
                new Line.Absolute(
                        "resident memory of an idle mount", Unit.MEBIBYTES, new Sample(mebibytes), Goal.atMost(120)));
    }

    /** Waits for a second in which the process used no time. */
    private static void awaitIdle(ProcessHandle process) throws IOException {
        Duration before = cpuTime(process);
        for (int second = 0; second < SETTLE_SECONDS; second++) {
            Waiting.pause(Duration.ofSeconds(1));
            Duration now = cpuTime(process);
            if (now.equals(before)) {
                return;
            }
            before = now;
        }
        throw new IOException("an unused mount does not become idle within " + SETTLE_SECONDS + " s");
    }

    private static Duration cpuTime(ProcessHandle process) throws IOException {
        return process.info().totalCpuDuration().orElseThrow(() -> new IOException("the mount has ended"));
    }

    private static double residentMebibytes(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES_PER_MEBIBYTE;
            }
        }
        throw new IOException("there is no VmRSS in " + status);
    }
}
