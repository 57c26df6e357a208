package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;

/**
 * Keeps content on local disk. All opens of one version share one {@link CachedContent}, so that every page is fetched
 * once whatever the number of readers.
 */
public interface ContentCache extends AutoCloseable {
    /** The content of a committed version; nothing is fetched yet. Close it when done; the last close may free it. */
    CachedContent open(BlobVersion version) throws ForebayException;

    /**
     * New, empty content that belongs to no version yet.
     *
     * @throws ForebayException.NoSpace if the cache disk is full
     */
    CachedContent create() throws ForebayException;

    /** Bytes of local disk that new content can still take; 0 if the disk does not say. */
    long freeBytes();

    /** Bytes that the cache disk holds in all; 0 if it does not say. */
    long totalBytes();

    @Override
    void close();
}
