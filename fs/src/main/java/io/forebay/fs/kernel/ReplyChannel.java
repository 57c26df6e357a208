package io.forebay.fs.kernel;

import java.lang.foreign.MemorySegment;

/** Where a request came from, and its answer goes. */
interface ReplyChannel extends MessageChannel {
    /**
     * Sends one whole message that lies in a pipe, which is empty afterwards if all went well.
     *
     * @param pipeFd its reading end
     * @return as {@link #write}
     */
    long splice(int pipeFd, long lengthBytes, MemorySegment state);
}
