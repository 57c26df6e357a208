package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.forebay.fs.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Small messages to the kernel from threads that have no {@link Exchange}. */
final class Messages {
    private Messages() {}

    /** Answers the request {@code unique} with a failure. */
    static void sendError(MessageChannel channel, long unique, Errno errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(Wire.OutHeader.SIZE, Long.BYTES);
            header(message, -errno.number(), unique);
            long _ = channel.write(message, NativeFunction.newState(arena));
        }
    }

    /**
     * Begins {@code message}, all of which will be sent.
     *
     * @param error negative errno, or the code of a notification
     * @param unique of the request; 0 for a notification
     */
    static void header(MemorySegment message, int error, long unique) {
        message.set(JAVA_INT, Wire.OutHeader.LEN, (int) message.byteSize());
        message.set(JAVA_INT, Wire.OutHeader.ERROR, error);
        message.set(JAVA_LONG, Wire.OutHeader.UNIQUE, unique);
    }
}
