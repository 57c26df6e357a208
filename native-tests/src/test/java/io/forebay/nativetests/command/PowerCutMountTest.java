package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.command.CrashWriter.Acknowledgement;
import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.testkit.sim.Limits;
import io.forebay.testkit.sim.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A machine that loses its power while programs write under {@code --write-back=local}, and its cache disk all that was not
 * synced: the next mount shows what was, and nothing that was never written. Then all of it gets to the store, and a mount
 * that knows nothing of the cache shows the same.
 *
 * <p>{@code -Dforebay.cut.rounds=N} does so N times, {@code -Dforebay.cut.seed=S} from another start.
 */
class PowerCutMountTest {
    private static final int ROUNDS = Integer.getInteger("forebay.cut.rounds", 3);
    private static final long SEED = Long.getLong("forebay.cut.seed", 1);

    private static final int DISK_MEGABYTES = 2048;
    /** So that uploads are under way at any time. */
    private static final Limits FAR = Limits.far(20, 60_000_000);

    private static final int LONGEST_LIFE_MILLIS = 3_000;
    private static final int ACKNOWLEDGED_AT_FIRST = 10;
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    /** Gone after whatever stands on it. */
    @RegisterExtension
    @Order(1)
    final PluggedDisk disk = new PluggedDisk(DISK_MEGABYTES);

    @RegisterExtension
    @Order(2)
    final Machine machine = new Machine();

    private Simulator simulator;
    private Forebay user;
    private String container;

    @BeforeEach
    void startStore() throws Exception {
        simulator = Simulator.start();
        container = simulator.newContainer();
        simulator.limit(FAR);
        user = machine.user(Map.of("AZURE_STORAGE_ACCESS_KEY", Simulator.KEY));
    }

    @AfterEach
    void stopStore() throws IOException {
        simulator.close();
    }

    @Test
    void leavesWhatWasSynced() throws Exception {
        Path mountPoint = machine.fresh("mnt");
        List<String> options = options(disk.folder().resolve("cache"), "--write-back=local");
        Path folder = mountPoint;
        Path record = Files.createFile(machine.fresh("record"));
        for (int round = 0; round < ROUNDS; round++) {
            ForebayMount mount = ForebayMount.at(mountPoint, user, options);
            if (round > 0) {
                expectSynced(record, folder, "after round " + (round - 1));
                remove(mount.root(), folder);
            }
            folder = Files.createDirectory(mount.root().resolve("round-" + round));
            record = Files.createFile(machine.fresh("record"));
            live(mount, folder, record, SEED + round);
        }
        try (ForebayMount _ = ForebayMount.at(mountPoint, user, options)) {
            user.command("flush", mountPoint.toString()).run().orFail();
            Finished status =
                    user.command("status", mountPoint.toString()).run().orFail();
            assertThat(status.stdout()).containsPattern("local only +nothing");
            expectSynced(record, folder, "at the end");
        }
        try (ForebayMount other = ForebayMount.at(mountPoint, user, options(machine.fresh("cache"), "--read-only"))) {
            expectSynced(record, folder, "in the store");
            try (var rounds = Files.list(other.root())) {
                assertThat(rounds).as("what was removed stays so").containsExactly(folder);
            }
        }
        machine.expectNothingLeft();
    }

    private static void expectSynced(Path record, Path folder, String when) throws IOException {
        CrashModel.of(record, Acknowledgement.SYNC).expect(folder, "seed " + SEED + ", " + when);
    }

    private List<String> options(Path cache, String... more) {
        List<String> options = new ArrayList<>(ForebayMount.optionsFor(simulator, container, cache));
        options.addAll(List.of(more));
        return options;
    }

    /** For good. */
    private static void remove(Path mount, Path folder) throws IOException, InterruptedException {
        Command.of("rm", "-r", folder.toString()).succeed();
        Command.of("sync", mount.toString()).succeed();
    }

    /** A writer writes, and the machine dies with its daemon. */
    private void live(ForebayMount mount, Path folder, Path record, long seed) throws Exception {
        Path said = machine.fresh("writer");
        Process writer = CrashWriter.start(folder, record, seed, Acknowledgement.SYNC, said);
        try {
            Await.until(
                    BEGIN_LIMIT,
                    () -> "the writer gets somewhere (seed " + seed + ")",
                    () -> CrashModel.of(record, Acknowledgement.SYNC).acknowledgedVersions() >= ACKNOWLEDGED_AT_FIRST);
            // Anywhere in what it and the uploads do; nothing waits for this.
            Thread.sleep(new Random(seed).nextInt(LONGEST_LIFE_MILLIS));
            assertThat(mount.isUp()).as("the mount lives on").isTrue();
            mount.daemon().destroyForcibly();
            disk.cutPower();
            mount.awaitDaemonEnd();
            assertThat(writer.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("the writer gets an error")
                    .isTrue();
            assertThat(writer.exitValue()).as(Files.readString(said)).isEqualTo(CrashWriter.MOUNT_IS_DEAD);
        } finally {
            writer.destroyForcibly();
        }
        user.command("unmount", mount.root().toString()).run().orFail();
        disk.plugInAgain();
    }
}
