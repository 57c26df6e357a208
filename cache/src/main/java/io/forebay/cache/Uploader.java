package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Precondition;

/** Turns the content of a file into a committed blob. */
public interface Uploader {
    /**
     * Sends {@code image} as one put if it is small, else as blocks, several at a time, and one commit. Nothing of it
     * is visible before the last step, which happens under {@code precondition}. Each request has its own deadline.
     *
     * @param last makes the last step
     * @throws ForebayException.Changed if the precondition does not hold; the blob is as it was
     */
    BlobProperties upload(
            String name, ContentImage image, BlobHeaders headers, Precondition precondition, DecidingRequest last)
            throws ForebayException;

    /** The same, for who does not break it off. */
    default BlobProperties upload(String name, ContentImage image, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        return upload(name, image, headers, precondition, DecidingRequest.PLAIN);
    }

    /** Begins the upload of a file that is still being written. Nothing is sent yet. */
    UploadAhead ahead(String name);
}
