package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How long a mount takes to answer and how much memory it holds when idle. Always printed; a failure only beyond twice the
 * goal, since other work on the machine doubles a time easily.
 */
class StartupTest {
    private static final int ROUNDS = 10;

    private static final Duration START_GOAL = Duration.ofMillis(500);

    private static final long RESIDENT_GOAL_MIB = 120;

    private static final int MARGIN = 2;

    /** Ticks of 10 ms; a daemon that burns less than one in a second is idle. */
    private static final Duration IDLE_WINDOW = Duration.ofSeconds(1);

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Machine machine = new Machine();

    @ParameterizedTest
    @MethodSource("doorsAndStores")
    void startsSoonAndStaysSmall(Door door, StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        Forebay user = machine.userOf(store);
        List<Long> startMillis = new ArrayList<>();
        List<Long> residentMib = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long startNanos = System.nanoTime();
            try (ForebayMount mount = machine.mount(user, store, "--door=" + door.flag())) {
                assertThat(Posix.stat(mount.root()).isDirectory()).isTrue();
                startMillis.add((System.nanoTime() - startNanos) / 1_000_000);
                if (round < 3) {
                    awaitIdle(mount.daemon());
                    residentMib.add(residentMib(mount.daemon()));
                }
            }
        }
        report(door, kind, startMillis, residentMib);
        assertThat(median(startMillis)).as("milliseconds").isLessThan(START_GOAL.toMillis() * MARGIN);
        assertThat(median(residentMib)).as("MiB").isLessThan(RESIDENT_GOAL_MIB * MARGIN);
    }

    private static Stream<Arguments> doorsAndStores() {
        return Stream.of(Door.values())
                .flatMap(door -> Stream.of(StoreKind.values()).map(kind -> Arguments.of(door, kind)));
    }

    private static void report(Door door, StoreKind kind, List<Long> startMillis, List<Long> residentMib) {
        System.out.printf(
                Locale.ROOT,
                "startup door=%s store=%s median_ms=%d min_ms=%d max_ms=%d idle_resident_mib=%d rounds=%d%n",
                door.flag(),
                kind.name().toLowerCase(Locale.ROOT),
                median(startMillis),
                Collections.min(startMillis),
                Collections.max(startMillis),
                median(residentMib),
                startMillis.size());
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Compilers and first requests have settled when a whole window costs no processor time. */
    private static void awaitIdle(ProcessHandle daemon) throws InterruptedException {
        long[] lastChangeNanos = {System.nanoTime()};
        Duration[] lastCpu = {Duration.ZERO};
        Await.until(SETTLE_LIMIT, "an idle daemon takes no processor time", () -> {
            Duration cpu = daemon.info().totalCpuDuration().orElseThrow();
            if (!cpu.equals(lastCpu[0])) {
                lastCpu[0] = cpu;
                lastChangeNanos[0] = System.nanoTime();
            }
            return System.nanoTime() - lastChangeNanos[0] > IDLE_WINDOW.toNanos();
        });
    }

    private static long residentMib(ProcessHandle daemon) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(daemon.pid()), "status")).stream()
                .filter(status -> status.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
    }

    @Test
    void loadsNothingThatADirectoryDoesNotNeed() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        try (ForebayMount mount = machine.mount(machine.userOf(store), store)) {
            Files.writeString(mount.root().resolve("file"), "content");
            assertThat(mount.root().resolve("file")).hasContent("content");
            List<String> classes = classesOf(mount.daemon());
            assertThat(classes).as("Forebay's own").anyMatch(name -> name.startsWith("io.forebay."));
            assertThat(classes)
                    .noneMatch(name -> name.startsWith("com.azure.")
                            || name.startsWith("org.snakeyaml.")
                            || name.startsWith("com.fasterxml.jackson.")
                            || name.startsWith("java.net.http."));
        }
    }

    /** Signed in with a key, and asked for whatever applications ask of files. */
    @Test
    void anAccountIsUsedWithoutTheSdk() throws Exception {
        Store store = machine.store(StoreKind.AZURITE);
        store.putBlob("folder/known", "known".getBytes(StandardCharsets.UTF_8));
        try (ForebayMount mount = machine.mount(machine.userOf(store), store)) {
            Path folder = mount.root().resolve("folder");
            assertThat(folder.resolve("known")).hasContent("known");
            Files.writeString(folder.resolve("file"), "content");
            Files.move(folder.resolve("file"), folder.resolve("moved"));
            Files.write(folder.resolve("large"), new byte[20 << 20]);
            Files.setPosixFilePermissions(folder.resolve("known"), PosixFilePermissions.fromString("rw-------"));
            Files.delete(folder.resolve("large"));
            try (Stream<Path> names = Files.list(folder)) {
                assertThat(names).hasSize(2);
            }
            assertThat(classesOf(mount.daemon()))
                    .noneMatch(name -> name.startsWith("com.azure.")
                            || name.startsWith("reactor.")
                            || name.startsWith("java.net.http."));
        }
    }

    private static List<String> classesOf(ProcessHandle daemon) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Command.of(jcmd.toString(), Long.toString(daemon.pid()), "VM.class_hierarchy")
                .succeed()
                .lines()
                .map(line -> line.replaceFirst("^[|\\- ]*", "").replaceFirst("/.*", ""))
                .toList();
    }
}
