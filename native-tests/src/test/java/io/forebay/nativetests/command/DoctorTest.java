package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Finished;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the doctor says is so, it says it soon, and it leaves nothing behind. */
class DoctorTest {
    private static final long SEED = 4711;
    private static final int KILLS = 12;

    /** What a killed process cannot take away is an empty folder. */
    private static final String KILLED_DOCTOR = """
            before=$(ls -d /tmp/forebay-doctor-* 2>/dev/null || true)
            "$1" doctor --cache-path "$3" >/dev/null 2>&1 &
            sleep "$2"
            kill -9 $! 2>/dev/null || true
            wait $! || true
            for folder in /tmp/forebay-doctor-*; do
                case $before in *"$folder"*) ;; *) [ ! -d "$folder" ] || rmdir "$folder" ;; esac
            done
            """;

    @RegisterExtension
    final Machine machine = new Machine();

    @BeforeEach
    void onlyRootCanChangeTheMachine() {
        assumeTrue(Users.isRoot(), "only root can hide and show what a machine has");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        machine.expectNothingLeft();
        assertThat(MountTable.entries()).as("trial mounts").noneMatch(entry -> entry.source()
                .equals("forebay-doctor"));
    }

    @Test
    void rootHasItAll() throws Exception {
        Finished doctor = doctor(machine.user(Map.of()), machine.fresh("cache"));

        assertThat(doctor.orFail().stdout().lines())
                .anyMatch(line -> line.matches("ok +kernel +Linux \\d+\\..*"))
                .anyMatch(line -> line.matches("ok +/dev/fuse +can be opened"))
                .anyMatch(line -> line.matches("ok +mount +a trial mount answered.*"))
                .anyMatch(line -> line.matches("ok +protocol +FUSE 7\\.\\d+"))
                .anyMatch(line -> line.matches("ok +fusermount3 +/.*"))
                .anyMatch(line -> line.matches("ok +libfuse 2 +installed"))
                .anyMatch(line -> line.matches("ok +java +25.*"))
                .contains("a mount is possible here");
        assertThat(doctor.stderr()).isEmpty();
    }

    @Test
    void passthroughIsTriedWhereTheCacheIs() throws Exception {
        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease"));
        assumeTrue(release.matches("(?s)(6\\.(9|[1-9]\\d)|[7-9]).*"), "passthrough needs Linux 6.9");
        Path lower = machine.folder("lower");
        Path stacked = machine.folder("stacked");
        // On a disk of memory, since the work folder may lie on an overlay itself.
        Path disk = machine.folder("disk");
        Command.of("mount", "-t", "tmpfs", "-o", "size=16m", "none", disk.toString())
                .succeed();
        Command.shell("mkdir \"$1\"/upper \"$1\"/work", disk).succeed();
        Command.of(
                        "mount",
                        "-t",
                        "overlay",
                        "-o",
                        "lowerdir=" + lower + ",upperdir=" + disk.resolve("upper") + ",workdir=" + disk.resolve("work"),
                        "none",
                        stacked.toString())
                .succeed();
        try {
            Forebay user = machine.user(Map.of());
            assertThat(doctor(user, stacked.resolve("cache")).orFail().stdout())
                    .containsPattern("-- +passthrough +not on a stacked file system .*overlay")
                    .contains("lost: cached reads and new files at the disk's own speed");
            assertThat(doctor(user, disk.resolve("cache")).orFail().stdout())
                    .containsPattern("ok +passthrough +for files below .*tmpfs")
                    .containsPattern("-- +cache +.*tmpfs");
        } finally {
            Command.of("umount", stacked.toString()).succeed();
            Command.of("umount", disk.toString()).succeed();
        }
    }

    @Test
    void anotherUserMountsWithoutPassthrough() throws Exception {
        AnotherUser nobody = new AnotherUser(machine);

        Finished doctor = nobody.shell("exec \"$1\" doctor", nobody.launcher()).run();

        assertThat(doctor.orFail().stdout())
                .containsPattern("ok +mount +a trial mount answered, made by fusermount3")
                .containsPattern("ok +protocol +FUSE 7\\.\\d+\n")
                .containsPattern("-- +passthrough +")
                .contains("a mount is possible here");
    }

    @Test
    void withoutFusermountNobodyButRootMounts() throws Exception {
        AnotherUser nobody = new AnotherUser(machine);
        Path programs = nobody.programsWithoutFusermount();
        String line = "PATH=\"$2\" exec \"$1\" doctor";

        Finished refused = nobody.shell(line, nobody.launcher(), programs).run();
        machine.expectRefusedWithOutput(refused, "no mount is possible here", "fusermount3", "apt-get install fuse3");
        assertThat(refused.stdout())
                .containsPattern("!! +fusermount3 +missing")
                .containsPattern("ok +protocol +FUSE .*, guessed from the kernel's version");

        Finished root = machine.user(Map.of())
                .inMyEnvironment(Command.shell(line, Forebay.launcher(), programs))
                .run();
        assertThat(root.orFail().stdout()).containsPattern("-- +fusermount3 +missing");
    }

    @Test
    void withoutTheDeviceNobodyMounts() throws Exception {
        AnotherUser nobody = new AnotherUser(machine);

        Finished refused = nobody.withoutFuse()
                .shell("exec \"$1\" doctor", nobody.launcher())
                .run();

        machine.expectRefusedWithOutput(refused, "no mount is possible here", "/dev/fuse");
        assertThat(refused.stdout()).containsPattern("!! +/dev/fuse +there is no /dev/fuse");
    }

    @Test
    void aCacheThatCannotBeWrittenIsNoCache() throws Exception {
        Path disk = machine.folder("disk");
        Command.of("mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", disk.toString())
                .succeed();
        Finished refused = doctor(machine.user(Map.of()), disk.resolve("cache"));
        Command.of("umount", disk.toString()).succeed();

        machine.expectRefusedWithOutput(refused, "cannot be written", "--cache-path");
    }

    /** Whenever the doctor is killed, its trial mount is gone with it. */
    @Test
    void aKilledDoctorLeavesNoMount() throws Exception {
        Random random = new Random(SEED);
        Forebay user = machine.user(Map.of());
        for (int kill = 0; kill < KILLS; kill++) {
            String seconds = "0." + (100 + random.nextInt(400));
            user.inMyEnvironment(Command.shell(KILLED_DOCTOR, Forebay.launcher(), seconds, machine.work()))
                    .succeed();
            assertThat(MountTable.entries())
                    .as("seed=%d kill=%d after %s s", SEED, kill, seconds)
                    .noneMatch(entry -> entry.source().equals("forebay-doctor"));
        }
    }

    private Finished doctor(Forebay user, Path cache) throws IOException, InterruptedException {
        return user.command("doctor", "--cache-path", cache.toString()).run();
    }
}
