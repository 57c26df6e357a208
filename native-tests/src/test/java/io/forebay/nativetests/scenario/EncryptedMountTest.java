package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.testkit.sim.Simulator;
import io.forebay.testkit.sim.SimulatorOptions;
import io.forebay.testkit.sim.SyntheticContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that speaks https, as real accounts do. */
final class EncryptedMountTest {
    private static final int BYTES = 32 << 20;
    private static final String NAME = "weights.bin";

    @TempDir
    Path work;

    private Simulator store;
    private String container;
    private Forebay user;

    @BeforeEach
    void start() throws Exception {
        store = Simulator.start(SimulatorOptions.DEFAULT.withEncryption());
        container = store.newContainer();
        store.declare(container, NAME, 1, BYTES);
        user = new Forebay(
                Files.createDirectory(work.resolve("home")), Map.of("AZURE_STORAGE_ACCESS_KEY", Simulator.KEY));
    }

    @AfterEach
    void stop() throws Exception {
        user.killAll();
        store.close();
    }

    private ForebayMount mount(String cache) throws Exception {
        return ForebayMount.at(
                work.resolve("mnt"),
                user,
                ForebayMount.optionsFor(
                        store,
                        container,
                        work.resolve(cache),
                        "--ca-cert-file",
                        store.certificate().toString()));
    }

    @Test
    void bytesGoBothWaysThroughTheLibraryThatTheDistributionBrings() throws Exception {
        byte[] content = SyntheticContent.bytes(NAME, 0, BYTES);
        try (ForebayMount mount = mount("cache")) {
            assertThat(Files.readAllBytes(mount.root().resolve(NAME))).isEqualTo(content);
            Files.write(mount.root().resolve("copy"), content);
        }
        try (ForebayMount mount = mount("another")) {
            assertThat(Files.readAllBytes(mount.root().resolve("copy"))).isEqualTo(content);
        }
        assertThat(user.logs())
                .isNotEmpty()
                .allSatisfy(log ->
                        assertThat(log).content().contains("mounted").doesNotContain("BoringSSL cannot be loaded"));
    }
}
