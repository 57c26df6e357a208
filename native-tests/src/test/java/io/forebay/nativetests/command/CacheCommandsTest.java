package io.forebay.nativetests.command;

import static io.forebay.nativetests.posix.Fd.O_RDONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.posix.Fd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steering the cache of a mount from outside: warmup, evict, cache. */
class CacheCommandsTest {
    private static final int FILE_BYTES = 300_000;
    private static final int FILES = 20;

    @RegisterExtension
    final Machine machine = new Machine();

    @ParameterizedTest
    @EnumSource
    void whatIsWarmIsReadWithoutTheStoreUntilItIsEvicted(StoreKind kind) throws Exception {
        Store store = machine.store(kind);
        Forebay user = machine.userOf(store);
        byte[] content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        for (int i = 0; i < FILES; i++) {
            store.putBlob("data/part-" + i + "/a file", content);
        }
        store.putBlob("other", content);
        try (ForebayMount mount = machine.mount(user, store)) {
            String data = mount.root().resolve("data").toString();
            Finished cold = user.command("warmup", "--check", data).run();
            assertThat(cold.exit()).isEqualTo(1);
            assertThat(cold.stdout()).startsWith("0 of 20 files are here");

            String fetched = user.command("warmup", data).succeed();

            assertThat(fetched).startsWith("fetched 20 files, ").contains("0 of 20 files were here");
            assertThat(user.command("warmup", "--check", data).succeed()).startsWith("20 of 20 files are here");
            assertThat(counter(user, mount, "store_read_bytes")).isEqualTo((long) FILES * FILE_BYTES);
            for (int i = 0; i < FILES; i++) {
                assertThat(Files.readAllBytes(mount.root().resolve("data/part-" + i + "/a file")))
                        .isEqualTo(content);
            }
            assertThat(counter(user, mount, "store_read_bytes")).isEqualTo((long) FILES * FILE_BYTES);
            assertThat(user.command("cache", mount.root().toString()).succeed())
                    .contains("20 files, 5.7MiB", mount.root() + "/data/  (20 files)");

            assertThat(user.command("evict", data + "/part-1*").succeed()).startsWith("evicted 11 files, 3.1MiB");

            assertThat(user.command("warmup", "--check", data).run().stdout()).startsWith("9 of 20 files");
            assertThat(Files.readAllBytes(mount.root().resolve("data/part-1/a file")))
                    .isEqualTo(content);
        }
        machine.expectNothingLeft();
    }

    @Test
    void whatIsOpenStaysAndIsNamed() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        store.putBlob("open", "the content".getBytes(US_ASCII));
        try (ForebayMount mount = machine.mount(user, store)) {
            Path file = mount.root().resolve("open");
            try (Fd _ = Fd.open(file, O_RDONLY)) {
                user.command("warmup", file.toString()).succeed();
                Finished kept = user.command("evict", mount.root().toString()).run();

                assertThat(kept.exit()).isEqualTo(1);
                assertThat(kept.stdout()).isEqualTo("evicted 0 files, 0B; kept 1 file\n");
                assertThat(kept.stderr()).isEqualTo("forebay: " + file + ": is open\n");
            }
            assertThat(file).hasContent("the content");
        }
        machine.expectNothingLeft();
    }

    @Test
    void whatIsPinnedStaysThroughAKilledDaemonUntilItIsReleased() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        byte[] content = new byte[FILE_BYTES];
        store.putBlob("models/base", content);
        List<String> options = ForebayMount.optionsFor(store, machine.fresh("cache"));
        try (ForebayMount mount = ForebayMount.at(machine.fresh("mnt"), user, options)) {
            user.command("warmup", "--pin", mount.root().resolve("models").toString())
                    .succeed();
            mount.killDaemon();
        }
        try (ForebayMount mount = ForebayMount.at(machine.fresh("mnt"), user, options)) {
            String root = mount.root().toString();
            assertThat(user.command("cache", root).succeed()).containsPattern("pinned +1 file, 293.0KiB");
            Finished kept = user.command("evict", root).run();
            assertThat(kept.exit()).isEqualTo(1);
            assertThat(kept.stderr()).contains("models/base: is pinned; 'forebay unpin' first");
            assertThat(user.command("warmup", "--check", root).succeed()).startsWith("1 of 1 file");

            assertThat(user.command("unpin", root).succeed()).isEqualTo("unpinned 1 file, 293.0KiB\n");
            assertThat(user.command("evict", root).succeed()).startsWith("evicted 1 file");
        }
        machine.expectNothingLeft();
    }

    @Test
    void whatIsMissingIsNamedAndTheRestIsFetched() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        store.putBlob("here", new byte[10]);
        try (ForebayMount mount = machine.mount(user, store)) {
            Path missing = mount.root().resolve("missing");
            Finished partly = user.command(
                            "warmup",
                            missing.toString(),
                            mount.root().resolve("here").toString())
                    .run();

            assertThat(partly.exit()).isEqualTo(1);
            assertThat(partly.stdout()).startsWith("fetched 1 file, 10B");
            assertThat(partly.stderr()).isEqualTo("forebay: " + missing + ": there is no 'missing'\n");
        }
        machine.expectNothingLeft();
    }

    @Test
    void whereNothingIsMountedItIsOneSentence() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        for (String command : new String[] {"warmup", "evict", "cache"}) {
            machine.expectRefused(
                    user.command(command, machine.work().toString()).run(), "is not in a mount of Forebay");
        }
    }

    @Test
    void aDeadMountIsSaidToBeDead() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store)) {
            mount.killDaemon();
            Finished dead =
                    user.command("warmup", mount.root().resolve("a").toString()).run();

            assertThat(dead.exit()).isEqualTo(1);
            assertThat(dead.stderr())
                    .contains("is dead", "forebay unmount " + mount.root())
                    .hasLineCount(1);
        }
        machine.expectNothingLeft();
    }

    @Test
    void aMountThatHangsIsGivenUp() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store)) {
            String pid = Long.toString(mount.daemon().pid());
            Command.of("kill", "-STOP", pid).succeed();
            try {
                Finished given = user.command("cache", mount.root().toString())
                        .within(Duration.ofSeconds(45))
                        .run();

                assertThat(given.exit()).isEqualTo(1);
                assertThat(given.stderr())
                        .contains("(pid " + pid + ") does not answer")
                        .hasLineCount(1);
            } finally {
                Command.of("kill", "-CONT", pid).succeed();
            }
        }
        machine.expectNothingLeft();
    }

    private static long counter(Forebay user, ForebayMount mount, String name) throws Exception {
        String json = user.command("cache", "--json", mount.root().toString()).succeed();
        Matcher counter = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        assertThat(counter.find()).as(json).isTrue();
        return Long.parseLong(counter.group(1));
    }
}
