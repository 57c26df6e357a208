package io.forebay.blob;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * Said of the stream of a {@link BlobBody} whose bytes lie in a file: the kernel can send them without a copy in this
 * process.
 */
public interface FileBytes {
    /**
     * Sends some of the next bytes, which count as read from the stream then.
     *
     * @return how many; 0 at the end of the stream only
     * @throws io.forebay.base.error.ForebayException if the bytes cannot be read
     * @throws IOException if {@code target} does not take them
     */
    int sendTo(WritableByteChannel target) throws IOException;
}
