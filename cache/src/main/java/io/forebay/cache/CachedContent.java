package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The bytes of one file on local disk, fetched as they are asked for and changed in place.
 *
 * <p>Safe for use by many threads. A reader sees each write wholly or not at all within one 64 KiB page. The first
 * change detaches shared content from its version: other opens of that version do not see it unless they share this
 * object.
 */
public interface CachedContent extends AutoCloseable {
    /** The length of the file now. */
    long sizeBytes();

    /** The version that the unchanged part comes from; empty for content that was never committed. */
    Optional<BlobVersion> version();

    /** Whether there are changes that no {@link #commit} has covered. */
    boolean isDirty();

    /**
     * Copies bytes from {@code offset} on into {@code target}, fetching what is missing.
     *
     * @return how many: fewer than {@code target} has room for only at the end of the file, 0 behind it
     */
    int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException;

    /**
     * Lends the bytes from {@code offset} on, if all of them are there.
     *
     * @param lengthBytes how many; fewer are lent only at the end of the file
     * @return false, with nothing lent, if some are missing or there are none
     */
    boolean lend(long offset, int lengthBytes, FileRegion.Borrower borrower) throws ForebayException;

    /**
     * Writes all of {@code source} at {@code offset}; a gap behind the old end reads as zeros. When it fails, a prefix
     * may have been written.
     */
    void write(long offset, ByteBuffer source, Deadline deadline) throws ForebayException;

    /** Cuts or extends the file to {@code sizeBytes}; what is added reads as zeros. */
    void resize(long sizeBytes, Deadline deadline) throws ForebayException;

    /**
     * Runs {@code upload} over a frozen image of the whole content: what is missing is fetched first, and writers wait
     * until it ends. If it succeeds the content is clean and belongs to the version that it returns; if it fails the
     * content stays dirty and nothing is lost.
     */
    BlobVersion commit(Upload upload, Deadline fetchDeadline) throws ForebayException;

    /** Fetches whatever is still missing, so that the content no longer needs its version to exist in the store. */
    void fill(Deadline deadline) throws ForebayException;

    /** Says that the same bytes are now known under another version, after a rename or a change of metadata. */
    void rebase(BlobVersion version);

    @Override
    void close();

    /** Sends the content somewhere. */
    @FunctionalInterface
    interface Upload {
        /** Sends all of {@code image}, and returns the version that it became. */
        BlobVersion send(ContentImage image) throws ForebayException;
    }
}
