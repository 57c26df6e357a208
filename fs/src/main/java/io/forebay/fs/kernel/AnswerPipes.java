package io.forebay.fs.kernel;

import java.util.ArrayDeque;
import java.util.Optional;

/** The idle {@link AnswerPipe}s of a mount: few, since only requests that wait for nothing are answered through one. */
final class AnswerPipes implements AutoCloseable {
    private final int limit;
    private final ArrayDeque<AnswerPipe> idle = new ArrayDeque<>();
    /** Guarded by this, like {@link #idle}. */
    private int open;

    /** @param limit how many there may be; more readers than that copy */
    AnswerPipes(int limit) {
        this.limit = limit;
    }

    /** One that is empty, for this thread alone. */
    Optional<AnswerPipe> take() {
        synchronized (this) {
            AnswerPipe pipe = idle.pollLast();
            if (pipe != null) {
                return Optional.of(pipe);
            }
            if (open == limit) {
                return Optional.empty();
            }
            open++;
        }
        Optional<AnswerPipe> made = AnswerPipe.open();
        if (made.isEmpty()) {
            forgetOne();
        }
        return made;
    }

    void giveBack(AnswerPipe pipe) {
        if (!pipe.isEmpty()) {
            pipe.close();
            forgetOne();
            return;
        }
        synchronized (this) {
            idle.addLast(pipe);
        }
    }

    private synchronized void forgetOne() {
        open--;
    }

    /** Only when all are given back. */
    @Override
    public synchronized void close() {
        idle.forEach(AnswerPipe::close);
        idle.clear();
    }
}
