package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Door;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PreferredDoorTest {
    private static final Path MOUNT_POINT = Path.of("/mnt");

    private final AtomicInteger otherMade = new AtomicInteger();

    @Test
    void theFirstServesAndTheOtherIsNotEvenMade() throws Exception {
        PreferredDoor door = preferred(FakeDoor.idle("first"), FakeDoor.idle("other"));

        serveAndUnmount(door);

        assertThat(door.name()).isEqualTo("first");
        assertThat(otherMade).hasValue(0);
    }

    @Test
    void theOtherServesWhereTheFirstIsNotSupported() throws Exception {
        PreferredDoor door = preferred(unsupported("too old"), FakeDoor.idle("other"));

        serveAndUnmount(door);

        assertThat(door.name()).isEqualTo("other");
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        PreferredDoor door =
                preferred(FakeDoor.refusing(new ForebayException.Denied("no right")), FakeDoor.idle("other"));

        assertThatThrownBy(() -> door.serve(MOUNT_POINT, () -> {})).hasMessage("no right");
        assertThat(otherMade).hasValue(0);
    }

    @Test
    void whereNeitherCanBeHadBothReasonsAreTold() {
        PreferredDoor door = preferred(unsupported("too old"), unsupported("no libfuse"));

        assertThatThrownBy(() -> door.serve(MOUNT_POINT, () -> {}))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContainingAll("too old", "no libfuse");
    }

    @Test
    void whatWasUnmountedBeforeIsNotMountedByTheOther() throws Exception {
        FakeDoor other = FakeDoor.idle("other");
        PreferredDoor door = preferred(unsupported("too old"), other);
        door.unmount();

        door.serve(MOUNT_POINT, () -> {
            throw new AssertionError("nobody wants this mount any more");
        });
    }

    private static Door unsupported(String reason) {
        return FakeDoor.refusing(new ForebayException.Unsupported(reason));
    }

    private PreferredDoor preferred(Door first, Door other) {
        return new PreferredDoor(first, () -> {
            otherMade.incrementAndGet();
            return other;
        });
    }

    private static void serveAndUnmount(PreferredDoor door) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        Thread unmounter = Thread.ofPlatform().start(() -> {
            try {
                assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            } finally {
                door.unmount();
            }
        });
        door.serve(MOUNT_POINT, ready::countDown);
        unmounter.join();
        assertThat(ready.getCount()).isZero();
    }
}
