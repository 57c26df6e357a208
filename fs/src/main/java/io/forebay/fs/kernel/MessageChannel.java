package io.forebay.fs.kernel;

import java.lang.foreign.MemorySegment;

/** Takes answers and notifications to the kernel. */
@FunctionalInterface
interface MessageChannel {
    /**
     * Sends one whole message.
     *
     * @param state memory for {@link Posix}
     * @return its length, or the negative errno; {@code -ENOENT} if nobody waits for it any more
     */
    long write(MemorySegment message, MemorySegment state);
}
