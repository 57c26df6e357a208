package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Precondition;

/**
 * The upload of a file that is still being written: blocks that seem to be finished are sent before the file is closed.
 * When it is, each of them is compared with what the file has there then, so that a wrong guess costs one more block, and
 * never a byte. Used by one thread at a time.
 */
public interface UploadAhead {
    /** The blob for which the blocks are staged; under another name they are of no use. */
    String name();

    /**
     * Sends the blocks that were finished since the last call, and returns when they are staged.
     *
     * @return false if there were none
     */
    boolean advance(GrowingContent content) throws ForebayException;

    /** As {@link Uploader#upload}, without sending again what was sent and is still so. */
    BlobProperties finish(ContentImage image, BlobHeaders headers, Precondition precondition, DecidingRequest last)
            throws ForebayException;
}
