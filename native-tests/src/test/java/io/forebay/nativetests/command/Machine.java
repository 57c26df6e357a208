package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.ground.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** A user with an empty work folder for each test, and the promise that nothing is left mounted or running. */
final class Machine implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    private final AtomicInteger names = new AtomicInteger();
    private final Stores stores = new Stores();
    private final List<Store> opened = new ArrayList<>();
    private final List<Forebay> users = new ArrayList<>();
    private Path work = Path.of("/nonexistent");

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        stores.beforeEach(context);
        work = Files.createTempDirectory("forebay-native-");
    }

    /** The folder of this test, on a disk. */
    Path work() {
        return work;
    }

    /** A path in the work folder that does not exist yet. */
    Path fresh(String name) {
        return work.resolve(name + "-" + names.incrementAndGet());
    }

    Path folder(String name) throws IOException {
        return Files.createDirectory(fresh(name));
    }

    Store store(StoreKind kind) throws IOException {
        Store store = stores.open(kind, folder("store"));
        opened.add(store);
        return store;
    }

    /** Somebody who has exported what the store needs. */
    Forebay userOf(Store store) throws IOException {
        return user(store.environment());
    }

    Forebay user(Map<String, String> environment) throws IOException {
        Forebay user = new Forebay(folder("home"), new TreeMap<>(environment));
        users.add(user);
        return user;
    }

    /** Mounts a store with a cache of its own. */
    ForebayMount mount(Forebay user, Store store, String... more) throws IOException, InterruptedException {
        return ForebayMount.at(fresh("mnt"), user, ForebayMount.optionsFor(store, fresh("cache"), more));
    }

    /** What must be true after a command that failed, or after an unmount. */
    void expectNothingLeft() throws IOException {
        assertThat(MountTable.below(work)).as("mounts").isEmpty();
        for (Forebay user : users) {
            assertThat(user.processes().stream().map(Forebay::commandLineOf))
                    .as("processes")
                    .isEmpty();
        }
    }

    /** A refusal: not 0, one clear sentence that holds all of {@code words}, nothing printed, nothing left. */
    void expectRefused(Finished command, String... words) throws IOException {
        expectRefusedWithOutput(command, words);
        assertThat(command.stdout()).isEmpty();
    }

    /** The same of a command that says more than why it failed. */
    void expectRefusedWithOutput(Finished command, String... words) throws IOException {
        assertThat(command.exit()).as("exit code of %s", command).isNotZero();
        assertThat(command.stderr()).contains(words);
        assertThat(command.stderr().strip().lines().toList())
                .as("one sentence")
                .hasSize(1)
                .allMatch(line -> line.startsWith("forebay: "));
        assertThat(command.stderr()).doesNotContain("Exception").doesNotContain("\tat ");
        expectNothingLeft();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (Forebay user : users) {
            failure.addSuppressed(new Evidence(user.evidence()));
        }
        throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            for (MountTable.Entry left : MountTable.below(work).reversed()) {
                Command.of("umount", "-l", left.mountPoint().toString()).run();
            }
            for (Forebay user : users) {
                user.killAll();
            }
            for (Store store : opened) {
                store.close();
            }
        } finally {
            Command.of("rm", "-rf", "--one-file-system", work.toString()).succeed();
        }
    }
}
