package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.fs.ChangeListener;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.FileSystemOperations;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that the kernel did not make. */
final class NotificationTest {
    /** So long that nothing below is seen because a time is up. */
    private static final DoorSettings LONG = new DoorSettings(
            "scratch", false, true, false, true, true, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

    @TempDir
    Path scratch;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void the_kernel_learns_of_changes_that_it_did_not_make() throws Exception {
        try (MountedTree mounted =
                MountedTree.mount(MountedTree.newTree(scratch), scratch, LONG, MountedTree.kernelSettings())) {
            ChangeListener notifier = mounted.tree.listener;
            assertThat(Shell.run(mounted.point, "cat file").output()).contains("No such file");
            mounted.tree.put("file", bytes("one"));
            assertThat(Shell.run(mounted.point, "cat file").output())
                    .as("it believes so")
                    .contains("No such file");

            notifier.nameChanged(FileSystemOperations.ROOT, "file");
            Await.until(
                    "the file is there",
                    () -> Shell.run(mounted.point, "cat file").output().equals("one"));

            mounted.tree.put("file", bytes("longer"));
            long inode = mounted.tree.lookup(FileSystemOperations.ROOT, "file").inode();
            mounted.tree.forget(inode, 1);
            assertThat(Shell.succeed(mounted.point, "stat -c %s file"))
                    .as("it believes so")
                    .isEqualTo("3");
            notifier.attributesChanged(inode);
            Await.until("the size is seen", () -> Shell.succeed(mounted.point, "stat -c %s file")
                    .equals("6"));
            notifier.contentChanged(inode);
            Await.until("the content is seen", () -> Shell.succeed(mounted.point, "cat file")
                    .equals("longer"));

            mounted.tree.remove("file");
            notifier.nameChanged(FileSystemOperations.ROOT, "file");
            Await.until(
                    "the file is gone",
                    () -> Shell.run(mounted.point, "cat file").output().contains("No such file"));
            notifier.nameChanged(12345, "never heard of");
            notifier.contentChanged(12345);
        }
    }

    @Test
    void each_waits_once_and_not_more_wait_than_there_is_room_for() throws Exception {
        CountDownLatch kernelGoesOn = new CountDownLatch(1);
        CountDownLatch sending = new CountDownLatch(1);
        List<Long> sent = new ArrayList<>();
        NotificationQueue queue = new NotificationQueue(
                (MemorySegment message, MemorySegment _) -> {
                    sending.countDown();
                    await(kernelGoesOn);
                    sent.add(message.byteSize());
                    return message.byteSize();
                },
                3);
        Thread sender = Thread.ofVirtual().start(queue);
        queue.contentChanged(1);
        await(sending);
        for (int times = 0; times < 5; times++) {
            queue.nameChanged(1, "name");
            queue.attributesChanged(2);
            queue.contentChanged(2);
        }
        assertThat(queue.dropped()).as("the same again takes no room").isZero();
        queue.contentChanged(3);
        queue.contentChanged(4);
        assertThat(queue.dropped()).isEqualTo(2);

        kernelGoesOn.countDown();
        Await.until("all are sent", () -> queue.isEmpty());
        queue.close();
        assertThat(sender.join(Duration.ofSeconds(20))).isTrue();
        assertThat(sent).containsExactly(40L, 16L + 16 + 5, 40L, 40L);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
