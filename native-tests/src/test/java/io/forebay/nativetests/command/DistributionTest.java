package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder that {@code ./dev build} leaves can be taken elsewhere, and its AOT cache may be missing or wrong. */
class DistributionTest {
    private static final String CACHE = "lib/forebay.aot";

    @RegisterExtension
    final Machine machine = new Machine();

    /** What can have happened to the cache on its way to a user. */
    enum Mishap {
        MISSING("rm lib/forebay.aot"),
        GARBAGE("echo garbage >lib/forebay.aot"),
        CUT_SHORT("truncate -s 1000000 lib/forebay.aot"),
        FOR_OTHER_JARS("touch lib/*.jar"),
        /** Its header names the build of Java that made it. */
        OF_ANOTHER_JAVA("""
                at=$(grep -abo '64-Bit Server VM' lib/forebay.aot | head -n 1 | cut -d : -f 1)
                printf 'another' | dd of=lib/forebay.aot bs=1 seek="$at" conv=notrunc status=none""");

        private final String script;

        Mishap(String script) {
            this.script = script;
        }
    }

    @Test
    void aMovedDistributionUsesItsCache() throws Exception {
        Path moved = copied("moved to here");
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.folder("mnt");

        mount(user, moved, store, mountPoint);

        assertThat(user.processes()).hasSize(1);
        Path maps = Path.of("/proc", Long.toString(user.processes().getFirst().pid()), "maps");
        assertThat(Files.readString(maps)).contains(moved.resolve(CACHE).toString());
        unmount(user, moved, mountPoint);
    }

    /** What it leaves out every mount loads anew, and what it waits for every build waits for; no build fails for it. */
    @Test
    void theTrainingRunUsesAllOfItsMountsToTheEnd() throws Exception {
        String said = Command.shell(
                        "exec \"$1/bin/java\" \"@$2/java.options\" \"-Djava.library.path=$2\" -cp \"$2/forebay.jar\" "
                                + "io.forebay.cli.Training \"$3\" 3>/dev/null",
                        System.getProperty("java.home"),
                        Forebay.launcher().resolve("../../lib").normalize(),
                        machine.folder("training"))
                .succeed();

        assertThat(said).doesNotContain("training:");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAUsableCacheItWorksAndSaysNothing(Mishap mishap) throws Exception {
        Path copy = copied("copy");
        Command.shell(mishap.script).in(copy).succeed();
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.folder("mnt");

        mount(user, copy, store, mountPoint);

        Files.writeString(mountPoint.resolve("file"), "content");
        unmount(user, copy, mountPoint);
        assertThat(store.blobBytes("file")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
    }

    /** With the times of the files, as archives and packages keep them. */
    private Path copied(String name) throws IOException, InterruptedException {
        Path original = Forebay.launcher().resolve("../..").normalize();
        assertThat(original.resolve(CACHE)).as("made by ./dev build").isNotEmptyFile();
        Path copy = machine.fresh(name);
        Command.of("cp", "-a", original.toString(), copy.toString()).succeed();
        return copy;
    }

    private void mount(Forebay user, Path distribution, Store store, Path mountPoint)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(distribution + "/bin/forebay", "mount", mountPoint.toString()));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache")));
        words.addAll(List.of("--log-file-path", machine.fresh("log").toString()));
        Finished mounted = user.inMyEnvironment(Command.of(words)).run().orFail();
        assertThat(mounted.stdout().lines())
                .as("what it prints")
                .hasSize(1)
                .allMatch(line -> line.startsWith("mounted "));
        assertThat(mounted.stderr()).isEmpty();
        assertThat(MountTable.isMounted(mountPoint)).isTrue();
    }

    private void unmount(Forebay user, Path distribution, Path mountPoint) throws IOException, InterruptedException {
        Finished unmounted = user.inMyEnvironment(
                        Command.of(distribution + "/bin/forebay", "unmount", mountPoint.toString()))
                .run()
                .orFail();
        assertThat(unmounted.stderr()).isEmpty();
        machine.expectNothingLeft();
    }
}
