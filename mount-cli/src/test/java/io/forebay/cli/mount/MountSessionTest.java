package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Door;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountSessionTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path recordFolder;

    private final AtomicInteger finished = new AtomicInteger();
    private final CountDownLatch announced = new CountDownLatch(1);

    @Test
    void isOnRecordWhenAnnouncedAndOffItAfterwards() throws Exception {
        FakeDoor door = FakeDoor.idle();
        MountSession session = session(door, folder, null);
        CompletableFuture<Boolean> run = running(session);

        assertThat(announced.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(records().find(folder)).isPresent();

        door.unmount();
        assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(records().all()).isEmpty();
        assertThat(finished).hasValue(1);
    }

    @Test
    void stoppingUnmountsAndFinishesOnce() throws Exception {
        FakeDoor door = FakeDoor.idle();
        MountSession session = session(door, folder, null);
        CompletableFuture<Boolean> run = running(session);
        assertThat(announced.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(session.stop()).isTrue();

        assertThat(door.isUnmounted()).isTrue();
        assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(finished).hasValue(1);
    }

    @Test
    void aBusyMountIsFinishedWithoutItsUsers() throws Exception {
        FakeDoor door = FakeDoor.busy();
        MountSession session = session(door, folder, null);
        CompletableFuture<Boolean> run = running(session);
        assertThat(announced.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(session.stop()).isTrue();
        assertThat(finished).hasValue(1);
        assertThat(run).isNotDone();

        door.leave();
        assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(finished).hasValue(1);
    }

    @Test
    void uploadsThatFailAreTheOutcomeAndStayOnRecord() throws Exception {
        FakeDoor door = FakeDoor.idle();
        MountSession session = session(door, folder, new ForebayException.Unavailable("1 file was not uploaded"));
        CompletableFuture<Boolean> run = running(session);
        assertThat(announced.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(session.stop()).isFalse();

        assertThat(run.get(60, TimeUnit.SECONDS)).isFalse();
        assertThat(records().find(folder).flatMap(MountRecord::failure)).hasValue("1 file was not uploaded");
    }

    @Test
    void aDoorThatCannotMountIsTheFailureOfTheSession() throws ForebayException {
        MountSession session = session(FakeDoor.refusing(new ForebayException.Unsupported("no libfuse")), folder, null);

        assertThatThrownBy(session::run)
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessage("no libfuse");
        assertThat(session.stop()).isFalse();
        assertThat(announced.getCount()).isEqualTo(1);
        assertThat(records().all()).isEmpty();
    }

    @Test
    void aMountThatDoesNotAnswerIsTakenAwayAndNeverAnnounced() throws ForebayException {
        FakeDoor door = FakeDoor.idle();
        MountSession session = session(door, folder.resolve("missing"), null);

        assertThatThrownBy(session::run).hasMessageContaining("the mount does not answer");
        assertThat(door.isUnmounted()).isTrue();
        assertThat(announced.getCount()).isEqualTo(1);
        assertThat(records().all()).isEmpty();
    }

    private static CompletableFuture<Boolean> running(MountSession session) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("session").start(() -> {
            try {
                result.complete(session.run());
            } catch (ForebayException failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private MountSession session(Door door, Path mountPoint, @Nullable ForebayException uploadFailure) {
        MountParts parts = new MountParts() {
            @Override
            public Door door() {
                return door;
            }

            @Override
            public void finish() throws ForebayException {
                finished.incrementAndGet();
                if (uploadFailure != null) {
                    throw uploadFailure;
                }
            }
        };
        MountRecord record = new MountRecord(
                mountPoint,
                DaemonProcess.current(),
                "store",
                "fake",
                Path.of("/cache"),
                Optional.empty(),
                Optional.empty());
        return new MountSession(
                parts, record, records(), MountCompanion.NONE, Duration.ofSeconds(30), announced::countDown);
    }

    private MountRecords records() {
        return new MountRecords(recordFolder);
    }
}
