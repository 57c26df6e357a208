package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;

/** What every change of one content goes through: one at a time, none while it is frozen or shared. */
final class ChangeGate {
    private final ContentState state;

    ChangeGate(ContentState state) {
        this.state = state;
    }

    /**
     * Makes {@code change} while nobody copies bytes in or out, waiting for a freeze to end first.
     *
     * @return false, with nothing done, if the content is shared
     */
    boolean exclusively(Deadline deadline, Change change) throws ForebayException {
        while (true) {
            state.bytes.writeLock().lock();
            try {
                switch (obstacle()) {
                    case NONE -> {
                        change.make();
                        return true;
                    }
                    case SHARED -> {
                        return false;
                    }
                    case FROZEN -> {}
                }
            } finally {
                state.bytes.writeLock().unlock();
            }
            awaitThaw(deadline);
        }
    }

    private Obstacle obstacle() throws ForebayException {
        state.lock.lock();
        try {
            state.checkOpen();
            if (state.frozen) {
                return Obstacle.FROZEN;
            }
            return state.shared ? Obstacle.SHARED : Obstacle.NONE;
        } finally {
            state.lock.unlock();
        }
    }

    private void awaitThaw(Deadline deadline) throws ForebayException {
        state.lock.lock();
        try {
            state.await(() -> !state.frozen, "the upload of this content", deadline);
        } finally {
            state.lock.unlock();
        }
    }

    /** What may stand in the way of a change. */
    private enum Obstacle {
        NONE,
        FROZEN,
        SHARED
    }

    /** A change of bytes or of the right to change them. */
    @FunctionalInterface
    interface Change {
        void make() throws ForebayException;
    }
}
