package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Door;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A door without a kernel: it serves until somebody unmounts it and its last user is gone. */
final class FakeDoor implements Door {
    private final CountDownLatch unmounted = new CountDownLatch(1);
    private final CountDownLatch lastUserGone = new CountDownLatch(1);
    private final String name;
    private final @Nullable ForebayException refusal;

    private FakeDoor(String name, @Nullable ForebayException refusal) {
        this.name = name;
        this.refusal = refusal;
    }

    static FakeDoor idle() {
        return idle("fake");
    }

    static FakeDoor idle(String name) {
        FakeDoor door = new FakeDoor(name, null);
        door.leave();
        return door;
    }

    static FakeDoor busy() {
        return new FakeDoor("fake", null);
    }

    static FakeDoor refusing(ForebayException refusal) {
        return new FakeDoor("refusing", refusal);
    }

    /** The last user of the mount goes. */
    void leave() {
        lastUserGone.countDown();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void serve(Path mountPoint, Runnable onReady) throws ForebayException {
        if (refusal != null) {
            throw refusal;
        }
        onReady.run();
        await(unmounted);
        await(lastUserGone);
    }

    @Override
    public void unmount() {
        unmounted.countDown();
    }

    boolean isUnmounted() {
        return unmounted.getCount() == 0;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came in a minute");
            }
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
