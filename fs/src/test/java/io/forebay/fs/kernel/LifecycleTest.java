package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.DoorSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How mounts begin and end. */
final class LifecycleTest {
    @TempDir
    Path scratch;

    private static Optional<String> device(MountedTree mounted) {
        return MountTable.deviceAt(mounted.point.toString());
    }

    @Test
    void the_mount_table_shows_what_is_mounted() throws Exception {
        try (MountedTree mounted = MountedTree.mount(scratch)) {
            String line = Shell.succeed(scratch, "grep '" + mounted.point + " ' /proc/self/mounts");
            assertThat(line)
                    .startsWith("scratch " + mounted.point + " fuse.forebay rw,nosuid,nodev,relatime,user_id=0,")
                    .contains("default_permissions,allow_other,max_read=524288");
        }
    }

    @Test
    void an_unmount_from_outside_ends_the_door() throws Exception {
        try (MountedTree mounted = MountedTree.mount(scratch)) {
            Shell.succeed(mounted.point, "echo content > file");
            Shell.succeed(scratch, "umount " + mounted.point);
            mounted.awaitServed();
            assertThat(mounted.tree.openHandles()).isZero();
        }
    }

    @Test
    void mounts_come_and_go_at_one_place_and_leave_nothing_behind() throws Exception {
        cycle(3); // the first ones load classes, and with them files
        long descriptors = count("fd");
        long threads = kernelThreads();
        cycle(30);
        assertThat(count("fd")).as("open files").isLessThanOrEqualTo(descriptors);
        Await.until("reader threads have ended", () -> kernelThreads() <= threads);
    }

    private void cycle(int times) throws Exception {
        for (int index = 0; index < times; index++) {
            try (MountedTree mounted = MountedTree.mount(scratch)) {
                Shell.succeed(mounted.point, "echo " + index + " > file && grep -q " + index + " file");
            }
        }
    }

    private static long count(String what) throws IOException {
        try (var entries = Files.list(Path.of("/proc/self").resolve(what))) {
            return entries.count();
        }
    }

    private static long kernelThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("forebay-kernel"))
                .count();
    }

    @Test
    void a_mount_in_use_is_detached_and_served_until_its_last_user_leaves() throws Exception {
        try (MountedTree mounted = MountedTree.mount(scratch)) {
            mounted.tree.put("file", "content".getBytes(StandardCharsets.UTF_8));
            Process user = new ProcessBuilder("sh", "-c", "exec 3< file; read line; cat <&3; echo; read line")
                    .directory(mounted.point.toFile())
                    .redirectErrorStream(true)
                    .start();
            try {
                Await.until("it has the file open", () -> mounted.tree.openHandles() == 1);

                mounted.door.unmount();

                assertThat(device(mounted)).isEmpty();
                assertThat(mounted.isServed()).isFalse();
                user.outputWriter().write("go on\n");
                user.outputWriter().flush();
                assertThat(user.inputReader().readLine()).isEqualTo("content");
            } finally {
                user.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
            mounted.awaitServed();
        }
    }

    @Test
    void an_aborted_connection_ends_the_door_and_leaves_no_dead_mount() throws Exception {
        try (MountedTree mounted = MountedTree.mount(scratch)) {
            Process user = new ProcessBuilder("sleep", "60")
                    .directory(mounted.point.toFile())
                    .start();
            try {
                Await.until("it is there", () -> Files.readSymbolicLink(Path.of("/proc/" + user.pid() + "/cwd"))
                        .equals(mounted.point));
                assertThat(Shell.run(scratch, "umount -f " + mounted.point).output())
                        .contains("busy");
                mounted.awaitServed();
            } finally {
                user.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
            assertThat(device(mounted)).isEmpty();
        }
    }

    @Test
    void a_door_that_is_unmounted_before_it_serves_does_not_serve() throws Exception {
        try (MountedTree mounted = MountedTree.mount(scratch)) {
            KernelDoor door = new KernelDoor(
                    mounted.tree,
                    MountedTree.SETTINGS,
                    MountedTree.kernelSettings(),
                    new io.forebay.fs.FailureReport(mounted.metrics),
                    io.forebay.base.time.Clock.system());
            door.unmount();
            Path other = Files.createDirectory(scratch.resolve("other")).toRealPath();
            door.serve(other, () -> {
                throw new IllegalStateException("it is not wanted");
            });
            assertThat(MountTable.deviceAt(other.toString())).isEmpty();
        }
    }

    @Test
    void a_failure_of_whoever_waits_for_the_mount_unmounts_it() throws Exception {
        ScratchTree tree = MountedTree.newTree(scratch);
        Path point = Files.createDirectory(scratch.resolve("point")).toRealPath();
        KernelDoor door = new KernelDoor(
                tree,
                MountedTree.SETTINGS,
                MountedTree.kernelSettings(),
                new io.forebay.fs.FailureReport(new io.forebay.base.metric.Metrics()),
                io.forebay.base.time.Clock.system());
        assertThatThrownBy(() -> door.serve(point, () -> {
                    throw new IllegalStateException("thrown by a test");
                }))
                .hasMessage("thrown by a test");
        assertThat(MountTable.deviceAt(point.toString())).isEmpty();
        tree.close();
    }

    @Test
    void a_mount_point_that_is_not_there_is_named() {
        assertThatThrownBy(() -> MountedTree.mount(
                                MountedTree.newTree(scratch),
                                scratch.resolve("\0"),
                                MountedTree.SETTINGS,
                                MountedTree.kernelSettings())
                        .close())
                .isInstanceOf(java.nio.file.InvalidPathException.class);
        KernelDoor door = new KernelDoor(
                new ScratchTree(scratch),
                MountedTree.SETTINGS,
                MountedTree.kernelSettings(),
                new io.forebay.fs.FailureReport(new io.forebay.base.metric.Metrics()),
                io.forebay.base.time.Clock.system());
        assertThatThrownBy(() -> door.serve(scratch.resolve("none"), () -> {}))
                .isInstanceOf(ForebayException.NotFound.class)
                .hasMessageContaining("none: no such file or directory");
    }

    @Test
    void a_set_uid_helper_mounts_where_mount_2_may_not_be_used() throws Exception {
        Path point = Files.createDirectory(scratch.resolve("helped")).toRealPath();
        DoorSettings settings = new DoorSettings(
                "with, comma", true, false, false, true, false, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        try (FuseDevice device = Fusermount.mount(new MountRequest(point, settings, 1 << 20));
                ExchangePool pool = new ExchangePool(4, 1 << 20)) {
            Exchange exchange = pool.take();
            Negotiation agreed =
                    new Handshake(MountedTree.kernelSettings(), true, MountCalls.pageBytes()).shake(device, exchange);
            pool.giveBack(exchange);

            assertThat(agreed.minor()).isBetween(Negotiation.MIN_MINOR, Negotiation.MAX_MINOR);
            assertThat(Shell.succeed(scratch, "grep '" + point + " ' /proc/self/mountinfo"))
                    .contains("ro,nosuid,nodev")
                    .contains("fuse.forebay with,\\040comma");
        } finally {
            Fusermount.unmount(point);
            MountCalls.unmount(point.toString(), true);
        }
        assertThat(MountTable.deviceAt(point.toString())).isEmpty();
        Fusermount.unmount(point);
    }

    @Test
    void what_the_helper_says_is_what_the_caller_reads() {
        MountRequest request = new MountRequest(scratch.resolve("none"), MountedTree.SETTINGS, 1 << 20);
        assertThatThrownBy(() -> Fusermount.mount(request))
                .isInstanceOf(ForebayException.class)
                .hasMessageContaining("cannot mount at " + request.target())
                .hasMessageContaining("No such file or directory");
    }
}
