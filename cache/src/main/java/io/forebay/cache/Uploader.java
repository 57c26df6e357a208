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
     * @throws ForebayException.Changed if the precondition does not hold; the blob is as it was
     */
    BlobProperties upload(String name, ContentImage image, BlobHeaders headers, Precondition precondition)
            throws ForebayException;

    /** Begins the upload of a file that is still being written. Nothing is sent yet. */
    UploadAhead ahead(String name);
}
