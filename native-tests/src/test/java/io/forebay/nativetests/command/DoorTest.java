package io.forebay.nativetests.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.DirectoryStore;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.ground.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which door is taken, what can be seen of its work, and what users see who have no right to mount by themselves. */
class DoorTest {
    /** Mounts, writes, reads, lists and unmounts, as one does by hand; all in one go, since the name space ends with it. */
    private static final String A_DAY = """
            forebay=$1; account=$2; door=$3
            mkdir -p mnt
            "$forebay" mount mnt --store "directory:$account" --container-name native-tests --door="$door"
            echo "by $door" >mnt/file
            grep -q "by $door" mnt/file
            "$forebay" list
            "$forebay" unmount mnt
            ! grep -q "$PWD/mnt" /proc/self/mountinfo
            """;

    @RegisterExtension
    final Machine machine = new Machine();

    @Test
    void theKernelDoorIsTakenUnlessAnotherIsAskedFor() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        try (ForebayMount usual = machine.mount(user, store);
                ForebayMount asked = machine.mount(user, store, "--door=jnr-fuse")) {
            assertThat(user.command("list").succeed().lines())
                    .anyMatch(line -> line.startsWith(usual.root() + " ") && line.contains(" kernel "))
                    .anyMatch(line -> line.startsWith(asked.root() + " ") && line.contains(" jnr-fuse "));
        }
        machine.expectNothingLeft();
    }

    @Test
    void theTraceShowsEveryRequestWhateverTheLevelIs() throws Exception {
        List<String> log = logOf("--fuse-trace", "--log-level=error");

        assertThat(log)
                .anyMatch(line -> line.contains(" op=INIT "))
                .anyMatch(line -> line.matches(".* op=CREATE inode=1 name=\"file\" .* pid=\\d+ uid=\\d+ errno=0 us=\\d+"
                        + " -> inode=\\d+ size=0 mode=0100\\d+ handle=\\d+ .*"))
                .anyMatch(line -> line.matches(".* op=LOOKUP inode=1 name=\"missing\" .* errno=0 us=\\d+ -> absent"))
                .allMatch(line -> line.contains(" trace unique="));
    }

    @Test
    void nothingIsTracedUnlessItIsAskedFor() throws Exception {
        assertThat(logOf("--log-level=trace")).isNotEmpty().noneMatch(line -> line.contains(" unique="));
    }

    @Test
    void everyByteIsSeenWithoutPassthrough() throws Exception {
        assertThat(logOf("--fuse-trace", "--no-passthrough"))
                .anyMatch(line -> line.matches(".* op=WRITE .* handle=\\d+ offset=0 length=4096 .*"))
                .noneMatch(line -> line.contains(" passthrough"));
    }

    @Test
    void noByteIsSeenWithPassthrough() throws Exception {
        Finished doctor = machine.user(Map.of())
                .command("doctor", "--cache-path", machine.work().toString())
                .run();
        assumeTrue(doctor.stdout().contains("ok  passthrough"), "this machine has no passthrough");

        assertThat(logOf((1 << 20) + 4096, "--fuse-trace"))
                .anyMatch(line -> line.contains(" op=CREATE ") && line.endsWith(" passthrough"))
                .anyMatch(line -> line.contains(" op=OPEN ") && line.endsWith(" passthrough"))
                .noneMatch(line -> line.contains(" op=WRITE ") || line.contains(" op=READ "));
    }

    /** Its pages stay with the kernel, which costs less than naming the file behind it at each open. */
    @Test
    void aSmallFileThatIsOnlyReadIsServed() throws Exception {
        assertThat(logOf("--fuse-trace"))
                .noneMatch(line -> line.contains(" op=OPEN ") && line.endsWith(" passthrough"))
                .anyMatch(line -> line.contains(" op=READ "));
    }

    private List<String> logOf(String... options) throws Exception {
        return logOf(4096, options);
    }

    /** The log of a mount in which one file was written and read, and one was looked for in vain. */
    private List<String> logOf(int sizeBytes, String... options) throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        byte[] content = "0123456789abcdef".repeat(sizeBytes / 16).getBytes(US_ASCII);
        try (ForebayMount mount = machine.mount(user, store, options)) {
            Path file = mount.root().resolve("file");
            Files.write(file, content);
            if (List.of(options).contains("--fuse-trace")) {
                // The kernel tells of the last close a little later; until then the file is open for writing.
                Await.until(Duration.ofSeconds(10), "the file is released", () -> Files.readString(
                                user.logs().getFirst())
                        .contains(" op=RELEASE "));
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
            assertThat(Files.exists(mount.root().resolve("missing"))).isFalse();
        }
        assertThat(user.logs()).hasSize(1);
        return Files.readAllLines(user.logs().getFirst());
    }

    @Test
    void aTraceThatTheDoorCannotGiveIsRefused() throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        List<String> words =
                new ArrayList<>(List.of("mount", machine.folder("mnt").toString()));
        words.addAll(ForebayMount.optionsFor(store, machine.fresh("cache"), "--door=jnr-fuse", "--fuse-trace"));

        machine.expectRefused(machine.userOf(store).command(words).run(), "--fuse-trace", "jnr-fuse");
    }

    @ParameterizedTest
    @EnumSource
    void anotherUserMountsThroughEitherDoor(Door door) throws Exception {
        assumeTrue(Users.isRoot(), "only root can show a user a /dev/fuse of its own");
        AnotherUser nobody = new AnotherUser(machine);
        DirectoryStore store = new DirectoryStore(accountOf(nobody));

        String said = nobody.shell(A_DAY, nobody.launcher(), store.account(), door.flag())
                .succeed();

        assertThat(said).contains(" " + door.flag() + " ");
        assertThat(store.blobBytes("file")).isEqualTo(("by " + door.flag() + "\n").getBytes(US_ASCII));
        machine.expectNothingLeft();
    }

    /** A machine with libfuse 2 alone has a fusermount, which does what its successor does. */
    @Test
    void theKernelDoorTakesTheOlderProgramToo() throws Exception {
        assumeTrue(Users.isRoot(), "only root can install a set-uid program");
        AnotherUser nobody = new AnotherUser(machine);
        DirectoryStore store = new DirectoryStore(accountOf(nobody));
        Path programs = nobody.programsWithoutFusermount();
        for (String program : List.of("mkdir", "grep")) {
            Files.createSymbolicLink(programs.resolve(program), Path.of("/bin", program));
        }
        Command.shell("cp \"$(command -v fusermount3)\" \"$1\" && chmod 4755 \"$1\"", programs.resolve("fusermount"))
                .succeed();

        nobody.shell("PATH=$4; " + A_DAY, nobody.launcher(), store.account(), "kernel", programs)
                .succeed();

        assertThat(store.blobBytes("file")).isEqualTo("by kernel\n".getBytes(US_ASCII));
        machine.expectNothingLeft();
    }

    @ParameterizedTest
    @EnumSource
    void withoutFusermountNobodyButRootMounts(Door door) throws Exception {
        assumeTrue(Users.isRoot(), "only root can show a user a /dev/fuse of its own");
        AnotherUser nobody = new AnotherUser(machine);
        DirectoryStore store = new DirectoryStore(accountOf(nobody));
        Path programs = nobody.programsWithoutFusermount();
        Files.createSymbolicLink(programs.resolve("mkdir"), Path.of("/bin/mkdir"));

        Finished refused = nobody.shell("PATH=$4; " + A_DAY, nobody.launcher(), store.account(), door.flag(), programs)
                .run();

        machine.expectRefused(refused, "fusermount", "is missing", "apt-get install fuse3");
    }

    private static Path accountOf(AnotherUser nobody) throws IOException, InterruptedException {
        Path account = Files.createDirectory(nobody.home().resolve("account"));
        Files.createDirectory(account.resolve("native-tests"));
        Command.of("chmod", "-R", "777", account.toString()).succeed();
        return account;
    }
}
