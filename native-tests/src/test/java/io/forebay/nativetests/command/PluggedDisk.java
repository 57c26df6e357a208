package io.forebay.nativetests.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An ext4 file system with a journal, in a file, whose power can be cut: what was not synced by then is gone. Each time that
 * it is plugged in counts as another run of the machine's kernel, to whoever asks on this machine.
 */
final class PluggedDisk implements BeforeEachCallback, AfterEachCallback {
    /** What tells one run of the kernel from another. */
    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

    private static final Duration UNPLUG_LIMIT = Duration.ofSeconds(20);

    /** {@code EXT4_IOC_SHUTDOWN} with {@code EXT4_GOING_FLAGS_NOLOGFLUSH}: from now on nothing is written any more. */
    private static final String SHUT_DOWN = "import fcntl, os, struct, sys;"
            + "fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

    private final int megabytes;
    private Path work = Path.of("/nonexistent");
    private boolean pluggedIn;

    PluggedDisk(int megabytes) {
        this.megabytes = megabytes;
    }

    /** A new one, plugged in; the test is skipped where that cannot be had. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
        work = Files.createTempDirectory("forebay-disk-");
        Files.createDirectory(folder());
        Command.of("truncate", "-s", megabytes + "M", image()).succeed();
        assumeTrue(Command.of("mkfs.ext4", "-q", "-F", image()).run().exit() == 0, "there is no mkfs.ext4");
        assumeTrue(mount().run().exit() == 0, "this user may not mount");
        bootAnew();
        Command.of("mount", "--bind", bootId().toString(), BOOT_ID).succeed();
        pluggedIn = true;
    }

    Path folder() {
        return work.resolve("disk");
    }

    private String image() {
        return work.resolve("image").toString();
    }

    private Path bootId() {
        return work.resolve("boot-id");
    }

    void cutPower() throws IOException, InterruptedException {
        Command.of("python3", "-c", SHUT_DOWN, folder().toString()).succeed();
    }

    /** After the power was cut, and whoever had anything open there has died of it. */
    void plugInAgain() throws IOException, InterruptedException {
        Await.until(
                UNPLUG_LIMIT,
                "nobody uses " + folder(),
                () -> Command.of("umount", folder().toString()).run().exit() == 0);
        mount().succeed();
        bootAnew();
    }

    private Command mount() {
        return Command.of("mount", "-o", "loop", image(), folder().toString());
    }

    /** What is mounted over the kernel's own answer. */
    private void bootAnew() throws IOException {
        Files.writeString(bootId(), UUID.randomUUID() + "\n");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        if (pluggedIn) {
            Command.of("umount", BOOT_ID).succeed();
        }
        Command.of("umount", "-l", folder().toString()).run();
        Command.of("rm", "-rf", "--one-file-system", work.toString()).succeed();
    }
}
