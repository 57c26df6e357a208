package io.forebay.nativetests.ground;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Work of a {@code close} method that waits, and so can be interrupted, though {@code close} cannot say so. */
final class Cleanup {
    private Cleanup() {}

    /** Something that takes things away. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    static void run(Step step) throws IOException {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while cleaning up");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
