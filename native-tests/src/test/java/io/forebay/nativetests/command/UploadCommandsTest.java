package io.forebay.nativetests.command;

import static io.forebay.nativetests.posix.Fd.O_CREAT;
import static io.forebay.nativetests.posix.Fd.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.DirectoryStore;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.posix.ErrnoException;
import io.forebay.nativetests.posix.Fd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is on the local disk only: status, flush, conflicts, recover. A file that is synced and stays open for writing is
 * not uploaded for half a minute, unless somebody asks for it: so nothing here waits, and nothing is in a hurry.
 */
class UploadCommandsTest {
    @RegisterExtension
    final Machine machine = new Machine();

    private static Fd synced(Path file, String text) throws ErrnoException {
        Fd open = Fd.open(file, O_CREAT | O_WRONLY, 0644);
        open.write(text.getBytes(US_ASCII));
        open.fsync();
        return open;
    }

    private static void expect(Finished command, int exit, String... words) {
        assertThat(command.exit())
                .as("%s\n%s\n%s", command, command.stdout(), command.stderr())
                .isEqualTo(exit);
        for (String word : words) {
            assertThat(command.stdout()).contains(word);
        }
    }

    @Test
    void whatWaitsIsShownUntilItIsFlushed() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store, "--write-back=local", "--xattrs")) {
            String root = mount.root().toString();
            expect(user.command("status", root).run(), 0, "local only           nothing");
            Path file = mount.root().resolve("a file");
            try (Fd open = synced(file, "one")) {
                expect(
                        user.command("status", mount.root().toString()).run(),
                        3,
                        root,
                        "local only           1 file, 3B",
                        "waiting");
                expect(
                        user.command("status", "--json", root).run(),
                        3,
                        "\"waiting_files\":1,\"waiting_bytes\":3,",
                        "\"failed_files\":0");
                assertThat(state(file)).isEqualTo("waiting");
                assertThat(store.blobNames()).isEmpty();

                expect(user.command("flush", file.toString()).run(), 0, "uploaded 1 file, 3B");
                assertThat(store.blobBytes("a file")).asString(US_ASCII).isEqualTo("one");
                assertThat(state(file)).isEqualTo("clean");
                expect(user.command("status", root).run(), 0, "nothing");
                open.write("!".getBytes(US_ASCII));
            }
            expect(user.command("flush", root).run(), 0, "uploaded");
            assertThat(store.blobBytes("a file")).asString(US_ASCII).isEqualTo("one!");
        }
        machine.expectNothingLeft();
    }

    private static String state(Path file) throws Exception {
        return Command.of("getfattr", "--only-values", "--absolute-names", "-n", "user.forebay.state", file.toString())
                .succeed();
    }

    @Test
    void aPersonDecidesAboutConflicts() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount mount = machine.mount(user, store, "--write-back=local")) {
            Path kept = mount.root().resolve("kept");
            Path given = mount.root().resolve("given");
            for (Path file : new Path[] {kept, given}) {
                Fd open = synced(file, "ours");
                store.putBlob(file.getFileName().toString(), "theirs, and longer".getBytes(US_ASCII));
                Finished flushed = user.command("flush", file.toString()).run();
                expect(flushed, 1, "1 file failed");
                assertThat(flushed.stderr())
                        .startsWith("forebay: " + file + ": ")
                        .hasLineCount(1);
                assertThatThrownBy(open::close).isInstanceOf(ErrnoException.class);
            }
            expect(
                    user.command("status", mount.root().toString()).run(),
                    4,
                    "in conflict          2 files, 8B",
                    kept.toString());
            expect(user.command("conflicts", mount.root().toString()).run(), 4, kept.toString(), given.toString());
            expect(
                    user.command("conflicts", "show", kept.toString()).run(),
                    0,
                    "here                 4B",
                    "in the store         18B");

            Path saved = machine.fresh("saved");
            expect(
                    user.command("conflicts", "save", given.toString(), saved.toString())
                            .run(),
                    0,
                    "saved 4B");
            assertThat(saved).hasContent("ours");
            expect(
                    user.command("conflicts", "save", kept.toString(), saved.toString())
                            .run(),
                    1);
            expect(user.command("conflicts", "discard", given.toString()).run(), 0, "discarded 1 file");
            assertThat(given).hasContent("theirs, and longer");
            expect(user.command("conflicts", "retry", kept.toString()).run(), 0, "uploaded 1 file");
            assertThat(store.blobBytes("kept")).asString(US_ASCII).isEqualTo("ours");
            expect(user.command("conflicts", "list", mount.root().toString()).run(), 0, "no conflicts");
            expect(user.command("conflicts", "retry", kept.toString()).run(), 1);
        }
        machine.expectNothingLeft();
    }

    @Test
    void whatADeadMountLeftIsShownSavedAndUploadedByTheNext() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path cache = machine.fresh("cache");
        try (ForebayMount mount = ForebayMount.at(
                machine.fresh("mnt"), user, ForebayMount.optionsFor(store, cache, "--write-back=local"))) {
            Files.createDirectory(mount.root().resolve("d"));
            Fd open = synced(mount.root().resolve("d/left"), "precious");
            Finished refused = user.command("recover", cache.toString()).run();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.stderr()).contains("a mount uses the cache path").hasLineCount(1);
            mount.killDaemon();
            assertThatThrownBy(open::close).isInstanceOf(ErrnoException.class);
            user.command("unmount", mount.root().toString()).succeed();

            expect(user.command("recover", cache.toString()).run(), 0, "8B", "d/left", "1 file, 8B");
            Path rescued = machine.fresh("rescued");
            String[] save = {"recover", cache.toString(), "--save-to", rescued.toString()};
            expect(user.command(save).run(), 0, "saved 1 file");
            assertThat(rescued.resolve("d/left")).hasContent("precious");
            expect(user.command(save).run(), 1, "saved 0 files");

            mount.mount();
            assertThat(mount.root().resolve("d/left")).hasContent("precious");
            user.command("flush", mount.root().toString()).succeed();
            assertThat(store.blobBytes("d/left")).asString(US_ASCII).isEqualTo("precious");
            mount.unmount();
            expect(user.command("recover", cache.toString()).run(), 0, "everything is in the store");
        }
        machine.expectNothingLeft();
    }

    @Test
    void whatADeadMountLeftIsUploadedWithoutAMount() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Store other = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path cache = machine.fresh("cache");
        try (ForebayMount mount = ForebayMount.at(
                machine.fresh("mnt"), user, ForebayMount.optionsFor(store, cache, "--write-back=local"))) {
            Files.createDirectory(mount.root().resolve("d"));
            Fd open = synced(mount.root().resolve("d/left"), "precious");
            Files.writeString(mount.root().resolve("theirs"), "ours");
            mount.killDaemon();
            assertThatThrownBy(open::close).isInstanceOf(ErrnoException.class);
            user.command("unmount", mount.root().toString()).succeed();
        }
        assertThat(store.blobNames()).isEmpty();
        machine.expectRefused(
                user.command("recover", cache.toString(), "--deadline=5s").run(), "--deadline", "--upload");
        machine.expectRefused(
                user.command(upload(other, cache)).run(), "nothing in " + cache + " is for", other.container());

        store.putBlob("theirs", "somebody's".getBytes(US_ASCII));
        Finished partly = user.command(upload(store, cache)).run();
        expect(partly, 1, "uploaded 2 files, 8B", "theirs  (in conflict");
        assertThat(partly.stderr()).contains("'theirs' is not uploaded: somebody else has changed it");
        assertThat(store.blobBytes("d/left")).asString(US_ASCII).isEqualTo("precious");
        assertThat(store.blobBytes("theirs")).asString(US_ASCII).isEqualTo("somebody's");

        expect(user.command(upload(store, cache)).run(), 1, "theirs  (in conflict");
        machine.expectNothingLeft();
    }

    private static List<String> upload(Store store, Path cache) {
        List<String> words = new ArrayList<>(List.of("recover", cache.toString(), "--upload"));
        words.addAll(store.options());
        words.addAll(List.of("--container-name", store.container()));
        return words;
    }

    @Test
    void whatCannotBeUploadedStaysAndIsNamed() throws Exception {
        DirectoryStore store = (DirectoryStore) machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path cache = machine.fresh("cache");
        Path container = store.account().resolve(store.container());
        Path aside = store.account().resolve("aside");
        try (ForebayMount mount = ForebayMount.at(
                machine.fresh("mnt"), user, ForebayMount.optionsFor(store, cache, "--write-back=local"))) {
            Fd open = synced(mount.root().resolve("a"), "one");
            Files.move(container, aside);
            Finished flushed = user.command("flush", mount.root().toString()).run();
            expect(flushed, 1, "1 file failed");
            assertThat(flushed.stderr()).startsWith("forebay: " + mount.root().resolve("a") + ": ");
            expect(user.command("status", mount.root().toString()).run(), 4, "failed               1 file, 3B");
            closeWhateverItSays(open);

            Finished unmounted =
                    user.command("unmount", mount.root().toString()).run();
            assertThat(unmounted.exit()).isEqualTo(1);
            assertThat(unmounted.stderr())
                    .contains("1 file could not be uploaded: 'a': ", "it stays in the cache path " + cache);
            mount.awaitDaemonEnd();
            Files.move(aside, container);
            mount.mount();
            user.command("flush", mount.root().toString()).succeed();
            assertThat(store.blobBytes("a")).asString(US_ASCII).isEqualTo("one");
        }
        machine.expectNothingLeft();
    }

    /** It tells of the last failure, if it is the first to be asked after that. */
    private static void closeWhateverItSays(Fd open) {
        try {
            open.close();
        } catch (ErrnoException told) {
            assertThat(told).isNotNull();
        }
    }
}
