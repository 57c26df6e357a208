package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;

/**
 * Makes the one request of an upload that decides what the blob is. What came before it left no trace; of this one nobody
 * knows, if its answer is lost, whether it took effect or still will.
 */
@FunctionalInterface
public interface DecidingRequest {
    /** For an upload that nobody breaks off. */
    DecidingRequest PLAIN = Request::send;

    /** The request. */
    @FunctionalInterface
    interface Request {
        BlobProperties send() throws ForebayException;
    }

    /** Sends {@code request}, and returns its answer. */
    BlobProperties make(Request request) throws ForebayException;
}
