package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.testkit.sim.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mount fetches that nobody has asked for, and that it can be told not to. */
final class ReadAheadTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int BYTES = 48 * MEBIBYTE;
    private static final int READ_BYTES = 8 * MEBIBYTE;
    /** What the kernel reads ahead on its own, and a first fetch of ours. */
    private static final int SLACK_BYTES = 2 * MEBIBYTE;

    private static final int RANDOM_READS = 200;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path work;

    private Simulator store;
    private String container;
    private Forebay user;

    @BeforeEach
    void start() throws Exception {
        store = Simulator.start();
        container = store.newContainer();
        store.declare(container, "large%01d", 1, BYTES);
        user = new Forebay(
                Files.createDirectory(work.resolve("home")), Map.of("AZURE_STORAGE_ACCESS_KEY", Simulator.KEY));
    }

    @AfterEach
    void stop() throws Exception {
        user.killAll();
        store.close();
    }

    private ForebayMount mount(String... more) throws Exception {
        ForebayMount mount = ForebayMount.at(
                work.resolve("mnt"), user, ForebayMount.optionsFor(store, container, work.resolve("cache"), more));
        store.resetCounts();
        return mount;
    }

    private static void readFromTheStart(ForebayMount mount) throws IOException {
        try (InputStream file = Files.newInputStream(mount.root().resolve("large0"))) {
            assertThat(file.readNBytes(READ_BYTES)).hasSize(READ_BYTES);
        }
    }

    private static void readAtRandom(ForebayMount mount) throws IOException {
        Random random = new Random(1);
        try (FileChannel file = FileChannel.open(mount.root().resolve("large0"))) {
            for (int i = 0; i < RANDOM_READS; i++) {
                assertThat(file.read(ByteBuffer.allocate(16), random.nextInt(BYTES - 16)))
                        .isEqualTo(16);
            }
        }
    }

    @Test
    void aReaderIsReadAheadOf() throws Exception {
        try (ForebayMount mount = mount()) {
            readFromTheStart(mount);
            Await.until(SOON, "it is ahead by far", () -> store.counts().sentBytes() > 2L * READ_BYTES);
        }
    }

    @Test
    void withoutReadAheadNothingIsFetchedThatNobodyAskedFor() throws Exception {
        try (ForebayMount mount = mount("--read-ahead=0")) {
            readFromTheStart(mount);
        }
        assertThat(store.counts().sentBytes()).isBetween((long) READ_BYTES, (long) READ_BYTES + SLACK_BYTES);
    }

    @Test
    void whatIsReadAtRandomIsFetchedWhole() throws Exception {
        try (ForebayMount mount = mount()) {
            readAtRandom(mount);
            Await.until(SOON, "all is here", () -> store.counts().sentBytes() >= BYTES);
        }
    }

    @Test
    void withoutFillingOnlyItsPagesAreFetched() throws Exception {
        try (ForebayMount mount = mount("--no-background-fill")) {
            readAtRandom(mount);
        }
        assertThat(store.counts().sentBytes()).isBetween(1L, BYTES / 2L);
    }
}
