package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process may open and close the door as often as it likes: ten thousand mounts leak nothing. */
final class MountCyclesTest {
    private static final int WARM_CYCLES = 2_000;
    private static final int CYCLES = 10_000;
    private static final int LIMIT_SECONDS = 300;

    /** 400 bytes a cycle; seen were 35, which compilers and the C library took for themselves. */
    private static final long RESIDENT_GROWTH_LIMIT_KIB = 4_000;

    @Test
    @Timeout(LIMIT_SECONDS + 30)
    void ten_thousand_mounts_leave_no_descriptor_thread_or_memory_behind(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        // The second compiler takes and returns megabytes while it works, long into the run.
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        MountCycles.class.getName(),
                        Files.createDirectory(folder.resolve("scratch")).toString(),
                        Integer.toString(WARM_CYCLES),
                        Integer.toString(CYCLES)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(ended)
                    .as("it ends; it said: %s", Files.readString(output))
                    .isTrue();
            assertThat(process.exitValue())
                    .as("it said: %s", Files.readString(output))
                    .isZero();
        } finally {
            process.destroyForcibly().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            MountCalls.unmount(folder.toRealPath().resolve("scratch/mount").toString(), true);
        }
        List<String> lines = Files.readAllLines(output);
        MountCycles.Holdings warm = holdings(lines, "warm");
        MountCycles.Holdings end = holdings(lines, "end");
        System.out.println("mount cycles=" + CYCLES + " warm=" + warm + " end=" + end);
        assertThat(end.descriptors()).as("open files").isLessThanOrEqualTo(warm.descriptors());
        assertThat(end.threads()).as("threads").isLessThanOrEqualTo(warm.threads());
        assertThat(end.residentKib() - warm.residentKib()).as("KiB more").isLessThan(RESIDENT_GROWTH_LIMIT_KIB);
    }

    private static MountCycles.Holdings holdings(List<String> lines, String when) {
        return lines.stream()
                .filter(line -> line.startsWith(when + " "))
                .map(MountCycles.Holdings::parse)
                .findFirst()
                .orElseThrow();
    }
}
