package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.testkit.sim.Counts;
import io.forebay.testkit.sim.Operation;
import io.forebay.testkit.sim.Simulator;
import io.forebay.testkit.sim.SyntheticContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to large blobs without moving their bytes through this machine's network. */
final class LargeBlobTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long BYTES = 4096 * MEBIBYTE;
    private static final String NAME = "model.safetensors";
    private static final long CHANGED_AT = BYTES / 2 + 12_345;
    private static final int CHANGED_BYTES = 64 << 10;

    private static final String COPIED = "checkpoint.pt";
    private static final long COPIED_BYTES = 301 * MEBIBYTE + 77;

    @TempDir
    Path work;

    private Simulator store;
    private String container;
    private Forebay user;

    @BeforeEach
    void start() throws Exception {
        store = Simulator.start();
        container = store.newContainer();
        store.declare(container, NAME, 1, BYTES);
        store.declare(container, COPIED, 1, COPIED_BYTES);
        user = new Forebay(
                Files.createDirectory(work.resolve("home")), Map.of("AZURE_STORAGE_ACCESS_KEY", Simulator.KEY));
    }

    @AfterEach
    void stop() throws Exception {
        user.killAll();
        store.close();
    }

    private ForebayMount mount(String cache, String... options) throws Exception {
        return ForebayMount.at(
                work.resolve("mnt"), user, ForebayMount.optionsFor(store, container, work.resolve(cache), options));
    }

    private static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {
            // Goes on until all is there.
        }
        return bytes.array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--write-back=blob", "--write-back=local"})
    void aSmallChangeMovesAFewMebibytesAndLeavesTheRestAsItWas(String promise) throws Exception {
        byte[] change = new byte[CHANGED_BYTES];
        Arrays.fill(change, (byte) 7);
        try (ForebayMount mount = mount("cache", promise)) {
            store.resetCounts();
            try (FileChannel file = FileChannel.open(mount.root().resolve(NAME), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(change), CHANGED_AT);
            }
            Counts counts = store.counts();
            assertThat(counts.requests(Operation.PUT_BLOCK_LIST, "201")).isEqualTo(1);
            assertThat(counts.receivedBytes()).as("uploaded").isLessThanOrEqualTo(16 * MEBIBYTE);
            assertThat(counts.sentBytes()).as("downloaded").isLessThanOrEqualTo(16 * MEBIBYTE);
        }
        try (ForebayMount mount = mount("another", promise);
                FileChannel file = FileChannel.open(mount.root().resolve(NAME))) {
            assertThat(file.size()).isEqualTo(BYTES);
            assertThat(read(file, CHANGED_AT, CHANGED_BYTES)).isEqualTo(change);
            for (long at : new long[] {0, CHANGED_AT - 4096, CHANGED_AT + CHANGED_BYTES, BYTES - 4096}) {
                assertThat(read(file, at, 4096)).isEqualTo(SyntheticContent.bytes(NAME, at, 4096));
            }
        }
    }

    /** As {@code cp} does it, with copy_file_range(2). */
    @ParameterizedTest
    @ValueSource(strings = {"--write-back=blob", "--write-back=local"})
    void aCopyIsMadeByTheStore(String promise) throws Exception {
        try (ForebayMount mount = mount("cache", promise)) {
            store.resetCounts();
            user.inMyEnvironment(Command.of(
                            "cp",
                            mount.root().resolve(COPIED).toString(),
                            mount.root().resolve("copy.pt").toString()))
                    .succeed();
            user.command("flush", mount.root().toString()).succeed();
            Counts counts = store.counts();
            assertThat(counts.requests(Operation.PUT_BLOCK_FROM_URL, "201")).isEqualTo(4);
            assertThat(counts.requests(Operation.PUT_BLOCK_LIST, "201")).isEqualTo(1);
            assertThat(counts.requests(Operation.PUT_BLOCK, "201")).isZero();
            assertThat(counts.receivedBytes()).as("uploaded").isLessThanOrEqualTo(MEBIBYTE);
        }
        try (ForebayMount mount = mount("another", promise);
                FileChannel file = FileChannel.open(mount.root().resolve("copy.pt"))) {
            assertThat(file.size()).isEqualTo(COPIED_BYTES);
            for (long at = 0; at < COPIED_BYTES; at += 50 * MEBIBYTE + 1) {
                assertThat(read(file, at, 4096)).isEqualTo(SyntheticContent.bytes(COPIED, at, 4096));
            }
        }
    }
}
