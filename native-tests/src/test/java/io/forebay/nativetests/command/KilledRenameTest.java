package io.forebay.nativetests.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.DirectoryStore;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A daemon that is killed while it renames a directory, among the copies and among the deletes: afterwards the store has
 * some of it twice, and the next mount with that cache path brings the rename to its end.
 */
class KilledRenameTest {
    private static final int FILES = 600;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    final Machine machine = new Machine();

    private static Set<String> expectedUnder(String directory) {
        return IntStream.range(0, FILES)
                .mapToObj(number -> directory + "/part-" + number)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> filesUnder(String directory, Store store) throws IOException, InterruptedException {
        return store.blobNames().stream()
                .filter(name -> name.startsWith(directory + "/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** While they come and go. */
    private static int countIn(String directory, DirectoryStore store) {
        String[] names = store.account()
                .resolve(store.container())
                .resolve(directory)
                .toFile()
                .list();
        return names == null ? 0 : names.length;
    }

    @ParameterizedTest
    @ValueSource(strings = {"copies", "deletes"})
    void isCarriedOnByTheNextMount(String among) throws Exception {
        DirectoryStore store = (DirectoryStore) machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path cache = machine.fresh("cache");
        ForebayMount mount = ForebayMount.at(machine.fresh("mnt"), user, ForebayMount.optionsFor(store, cache));
        Path from = Files.createDirectory(mount.root().resolve("tmp"));
        for (int number = 0; number < FILES; number++) {
            Files.writeString(from.resolve("part-" + number), "content " + number);
        }
        Process move = Command.of(
                        "mv", from.toString(), mount.root().resolve("final").toString())
                .startUnheard();
        Await.until(
                LIMIT,
                "the rename is among its " + among,
                () -> among.equals("copies") ? countIn("final", store) > 0 : countIn("tmp", store) < FILES);
        mount.killDaemon();
        assertThat(move.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(move.exitValue()).as("mv has been told").isNotZero();
        user.command("unmount", mount.root().toString()).succeed();

        Set<String> everywhere = filesUnder("tmp", store);
        assertThat(everywhere).as("killed in the middle").isNotEmpty();
        filesUnder("final", store).forEach(name -> everywhere.add(name.replace("final", "tmp")));
        assertThat(everywhere).as("nothing is under neither name").isEqualTo(expectedUnder("tmp"));
        Finished left = user.command("recover", cache.toString()).run().orFail();
        assertThat(left.stdout()).contains("tmp/ to final/", "--cache-path " + cache);

        mount.mount();
        try (mount) {
            assertThat(mount.root().resolve("final/part-0"))
                    .as("who asks waits")
                    .hasContent("content 0");
            assertThat(mount.root().resolve("tmp")).doesNotExist();
            assertThat(filesUnder("tmp", store)).isEmpty();
            assertThat(filesUnder("final", store)).isEqualTo(expectedUnder("final"));
            for (int number = 0; number < FILES; number++) {
                assertThat(store.blobBytes("final/part-" + number))
                        .asString(US_ASCII)
                        .isEqualTo("content " + number);
            }
        }
        left = user.command("recover", cache.toString()).run().orFail();
        assertThat(left.stdout()).isEqualToIgnoringNewLines("everything is in the store");
        machine.expectNothingLeft();
    }
}
