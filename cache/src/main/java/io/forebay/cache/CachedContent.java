package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

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

    /** The version that all of the content is now; empty if it is changed, or may be without our notice. */
    Optional<BlobVersion> unchangedVersion();

    /** Whether there are changes that no {@link #commit} has covered. */
    boolean isDirty();

    /** Whether the bytes from {@code offset} on, as many as there are up to {@code length}, are here now. A guess. */
    boolean isPresent(long offset, int length);

    /**
     * Copies bytes from {@code offset} on into {@code target}, fetching what is missing.
     *
     * @return how many: fewer than {@code target} has room for only at the end of the file, 0 behind it
     */
    int read(long offset, ByteBuffer target, Deadline deadline) throws ForebayException;

    /**
     * Shows the bytes from {@code offset} on where they lie, if all of them are there.
     *
     * @param lengthBytes how many; fewer are shown only at the end of the file
     * @return false, with nothing shown, if some are missing or there are none
     */
    boolean readInPlace(long offset, int lengthBytes, FileRegion.Reader reader) throws ForebayException;

    /**
     * Writes all of {@code source} at {@code offset}; a gap behind the old end reads as zeros. When it fails, a prefix
     * may have been written.
     */
    void write(long offset, ByteBuffer source, Deadline deadline) throws ForebayException;

    /**
     * As {@link #write}, for bytes that a version in the store has too: where a new file still has them when it is uploaded,
     * the store is asked to copy them.
     *
     * @param bytes not empty
     * @param sourceOffset where they are in {@code source}
     */
    void writeCopied(long offset, ByteBuffer bytes, BlobVersion source, long sourceOffset, Deadline deadline)
            throws ForebayException;

    /** Cuts or extends the file to {@code sizeBytes}; what is added reads as zeros. */
    void resize(long sizeBytes, Deadline deadline) throws ForebayException;

    /**
     * Takes room on the disk for a range, so that writing there need not fail for want of it.
     *
     * @param grow whether the file reaches to the end of the range afterwards
     */
    void allocate(long offset, long lengthBytes, boolean grow, FileSpace space, Deadline deadline)
            throws ForebayException;

    /**
     * Makes a range read as zeros, and gives back its room where that can be. When it fails, a part may read as zeros.
     *
     * @param grow whether the file reaches to the end of the range afterwards; if not, what is behind its end stays out
     */
    void zero(long offset, long lengthBytes, boolean grow, FileSpace space, Deadline deadline) throws ForebayException;

    /** Where the first data at or behind {@code offset} begins, what is not here being data; empty if there is none. */
    OptionalLong nextData(long offset, FileSpace space) throws ForebayException;

    /** Where the first hole at or behind {@code offset} begins: at the latest at the end of the file. */
    long nextHole(long offset, FileSpace space) throws ForebayException;

    /**
     * Runs {@code upload} over a frozen image of the whole content: what is missing is fetched first, and writers wait
     * until it ends. If it succeeds the content is clean and belongs to the version that it returns; if it fails the
     * content stays dirty and nothing is lost.
     *
     * <p>Borrowers do not wait. What one writes meanwhile may or may not be in the image, and makes the content dirty
     * again.
     */
    BlobVersion commit(Upload upload, Deadline fetchDeadline) throws ForebayException;

    /**
     * Sends what seems to be finished of a file that is being written from its beginning; nothing of any other.
     *
     * @return false if there was nothing to send
     */
    boolean sendAhead(UploadAhead upload) throws ForebayException;

    /** Whether a large blob is changed in part and not all here: to {@linkplain #keep keep} it, the rest would be fetched. */
    boolean isCheaperSent();

    /**
     * Writes down that the changes are nowhere but here, and what is to become of them: they outlive the process then. What
     * is missing is fetched first. {@link #letGo} ends that, and so does closing this. What is kept already may be kept once
     * more without changes, to become something else.
     *
     * @param durable whether bytes and note are to be on stable storage when this returns, and outlive the machine's power
     * @return false, with nothing written down, if there are no changes
     */
    boolean keep(PendingFile what, boolean durable, Deadline fetchDeadline) throws ForebayException;

    /** What was {@linkplain #keep kept} of it is of no use to a later process any more. */
    void letGo() throws ForebayException;

    /** Fetches whatever is still missing, so that the content no longer needs its version to exist in the store. */
    void fill(Deadline deadline) throws ForebayException;

    /** Says that the same bytes are now known under another version, after a rename or a change of metadata. */
    void rebase(BlobVersion version);

    /**
     * Hands out the file itself, to someone who then moves bytes without asking: the kernel. The loan lasts until this is
     * closed, or longer where the last borrower goes later; {@link #observe} learns what was written meanwhile.
     *
     * @return where every byte lies at its own offset; empty if some are missing, or if the file cannot be lent for
     *     writing, since others share it or its disk is nearly full
     */
    Optional<Path> lend(Loan loan) throws ForebayException;

    /** Whether somebody may be writing the file without asking. */
    boolean isLentForWriting();

    /** Nobody borrows the file any more. */
    void endLoans() throws ForebayException;

    /**
     * Takes note of what borrowers wrote since this was last called: {@link #sizeBytes} and {@link #isDirty} know of it
     * afterwards. {@link #commit} and {@link #resize} do this themselves.
     *
     * @return when they last wrote, in nanoseconds since 1970; empty if they did not
     */
    OptionalLong observe() throws ForebayException;

    @Override
    void close();

    /** What a borrower may do with the file. */
    enum Loan {
        READ,
        WRITE,
        /** May also map it, and change it through the mapping. */
        READ_WRITE;

        boolean writes() {
            return this != READ;
        }
    }

    /** Sends the content somewhere. */
    @FunctionalInterface
    interface Upload {
        /** Sends all of {@code image}, and returns the version that it became. */
        BlobVersion send(ContentImage image) throws ForebayException;
    }
}
