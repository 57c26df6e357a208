package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.time.Clock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that uses a cache, over and over; each one after it compares all that it finds. Some rounds pretend
 * that the machine was off in between. {@code ./dev soak cache} runs more rounds.
 */
class CacheCrashTest {
    private static final int ROUNDS = Integer.getInteger("forebay.crash.rounds", 20);
    private static final long SEED = Long.getLong("forebay.crash.seed", 5);
    private static final List<String> MOSTLY = List.of("fill", "evict", "both");
    /** Long enough that a slow machine gets to the load, short enough that it is often cut off early. */
    private static final int LONGEST_LIFE_MILLIS = 250;

    private static final int LONGEST_START_MILLIS = 500;

    @TempDir
    Path work;

    private long found;
    private long compared;

    @Test
    void noProcessThatDiesLeavesAWrongByte() throws Exception {
        Random random = new Random(SEED);
        int boot = 0;
        for (int round = 0; round < ROUNDS; round++) {
            boot += random.nextInt(8) == 0 ? 1 : 0;
            List<String> command = command(random.nextLong(), "boot-" + boot, MOSTLY.get(round % MOSTLY.size()));
            live(round, command, random);
        }
        System.out.printf("crash rounds=%d seed=%d found_files=%d compared_bytes=%d%n", ROUNDS, SEED, found, compared);
        assertThat(found).as("files that a process found").isPositive();
        assertThat(compared).as("bytes that it compared at its start").isPositive();
    }

    private List<String> command(long seed, String boot, String mostly) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classes,
                CrashingProcess.class.getName(),
                Long.toString(seed),
                boot,
                mostly,
                work.resolve("one").toString(),
                work.resolve("two").toString());
    }

    private void live(int round, List<String> command, Random random) throws Exception {
        File output = work.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            if (random.nextInt(5) > 0) {
                CacheFixture.until("a process is ready in round " + round, () -> isReady(output) || !process.isAlive());
                Clock.system().sleep(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            } else {
                Clock.system().sleep(Duration.ofMillis(random.nextInt(LONGEST_START_MILLIS)));
            }
            assertThat(process.isAlive())
                    .as("round %d of seed %d: %s", round, SEED, lines(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue())
                .as("round %d of seed %d: %s", round, SEED, lines(output))
                .isNotEqualTo(CrashingProcess.WRONG);
        found += CrashingProcess.figure(lines(output), "found");
        compared += CrashingProcess.figure(lines(output), "compared");
        assertThat(CrashingProcess.figure(lines(output), "damaged"))
                .as("entries that a killed process left half written")
                .isZero();
    }

    private static boolean isReady(File output) {
        try {
            return Files.readString(output.toPath()).contains(CrashingProcess.READY);
        } catch (IOException _) {
            return false;
        }
    }

    private static List<String> lines(File output) throws IOException {
        return new ArrayList<>(Files.readAllLines(output.toPath()));
    }
}
