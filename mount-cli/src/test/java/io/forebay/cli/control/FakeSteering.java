package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.CacheSteering;
import io.forebay.fs.Selection;
import io.forebay.fs.SteeringProgress;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A cache that does what a test says, or works until it is stopped. */
final class FakeSteering implements CacheSteering {
    final CountDownLatch working = new CountDownLatch(1);
    final CountDownLatch stopped = new CountDownLatch(1);
    volatile int parts;

    /** Works until it is stopped. */
    @Override
    public void warm(Selection what, SteeringProgress progress) throws ForebayException {
        working.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stop) {
            stopped.countDown();
            throw new ForebayException.Interrupted("stopped", stop);
        }
    }

    @Override
    public void pin(Selection what, SteeringProgress progress) {
        parts = 10 + what.parts().size();
    }

    @Override
    public void unpin(Selection what, SteeringProgress progress) {
        parts = 20 + what.parts().size();
    }

    @Override
    public void check(Selection what, SteeringProgress progress) {
        parts = what.parts().size();
    }

    @Override
    public void evict(Selection what, SteeringProgress progress) {
        throw new IllegalStateException("a defect");
    }

    @Override
    public CacheReport report(Selection what, int most) {
        return new CacheReport(
                List.of(new Disk("/nvme", 9, 1, 13, 2, 3)),
                List.of(new FailedDisk("/nvme1", "input/output error")),
                3,
                4,
                11,
                12,
                14,
                5,
                6,
                15,
                16,
                List.of(new Group("a dir/", 7, 8), new Group("f", 1, most)));
    }
}
