package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container of blobs.
 *
 * <p><b>Versions.</b> Every change of a blob's bytes or metadata gives it a new {@link Etag}. A reader that passes
 * {@link Precondition#ifMatch} gets bytes of that version or {@link ForebayException.Changed}, never a mixture.
 *
 * <p><b>Atomicity.</b> {@link #put}, {@link #commitBlocks}, {@link #setMetadata} and {@link #delete} each happen wholly
 * or not at all, and of several conditional changes that race with the same precondition exactly one succeeds.
 *
 * <p><b>Failure.</b> A method that fails with {@link ForebayException.Unavailable} or
 * {@link ForebayException.Interrupted} may or may not have taken effect: the answer was lost, not necessarily the
 * request. Every other failure means that nothing changed. What else a failure may leave behind is said at the method.
 *
 * <p><b>Durability.</b> What a method acknowledged survives a crash of this process and of the store.
 *
 * <p><b>Deadline.</b> Every method ends by its deadline, with {@link ForebayException.Unavailable} if it had to.
 *
 * <p>Names are blob names as Azure has them: 1 to 1,024 characters, {@code '/'} between segments, no leading slash,
 * case-sensitive. Source: Azure Storage REST, "Naming and referencing containers, blobs, and metadata".
 */
public interface BlobStore extends AutoCloseable {
    /** The most bytes that one {@link #put} takes here, so that every store can keep them. */
    long MAX_SINGLE_BODY_BYTES = 256L << 20;

    /** The most bytes that one {@link #stageBlock} takes: the limit of Azure's Put Block, 4,000 MiB. */
    long MAX_BLOCK_BYTES = 4_000L << 20;

    /**
     * The most bytes that one {@link #stageBlockFrom} takes: the limit that Azure's Put Block From URL has always had. Newer
     * versions of the service take more, which would only make one request run longer.
     */
    long MAX_COPIED_BLOCK_BYTES = 100L << 20;

    /** The most blocks that {@link #commitBlocks} takes: the limit of Azure's Put Block List. */
    int MAX_BLOCKS = 50_000;

    /** The most bytes that a blob can have: 50,000 blocks of 4,000 MiB, some 190.7 TiB. */
    long MAX_BLOB_BYTES = MAX_BLOCKS * MAX_BLOCK_BYTES;

    /** Names the container for a person: {@code https://acct.blob.core.windows.net/train}. Never holds a secret. */
    String displayName();

    /**
     * Succeeds if the container exists and these credentials may read it; changes nothing.
     *
     * @throws ForebayException.NotFound if there is no such container
     * @throws ForebayException.Denied if the credentials are wrong, expired or too weak
     */
    void checkAccess(Deadline deadline) throws ForebayException;

    /**
     * Succeeds if a blob of this name could be made here; asks nobody. For callers who promise a name to somebody before
     * they have anything to put there.
     *
     * @throws ForebayException.InvalidArgument if the store would refuse the name or keep it as another one
     * @throws ForebayException.NameTooLong if it is too long
     */
    void requirePossible(String name) throws ForebayException;

    /**
     * The properties of one blob.
     *
     * @throws ForebayException.NotFound if there is no blob of that name
     */
    BlobProperties head(String name, Deadline deadline) throws ForebayException;

    /**
     * One page of the blobs whose names begin with {@code prefix}, with their metadata, in ascending order of names
     * across pages. With {@code delimiter} "/", names that contain it after the prefix are folded into one
     * {@link ListEntry.Prefix} that ends in it. A page may be empty and still have a continuation.
     *
     * @param delimiter "/" or null
     * @param continuation what the page before gave, or null for the first page
     * @param maxEntries 1 to 5,000; a page may hold fewer
     */
    ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException;

    /**
     * Hands the bytes of {@code range} to {@code sink}, in order, in pieces of the store's choosing, each exactly once.
     * The range must lie within the blob; a body shorter than asked for is {@link ForebayException.Corrupt} or
     * retried, never success.
     *
     * <p>{@link ByteSink#begin} tells the sink the version before its first byte.
     *
     * <p>On failure the sink has received a prefix of the range: those bytes are right, and belong to the version of
     * the precondition if there was one.
     *
     * @return the version that was read
     * @throws ForebayException.NotFound if there is no blob of that name
     * @throws ForebayException.Changed if the blob is not the version that {@code precondition} names
     */
    Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException;

    /**
     * Writes a whole blob in one step and replaces what was there, uncommitted blocks included.
     *
     * @param body at most {@link #MAX_SINGLE_BODY_BYTES}; opened again for each attempt
     * @param headers all that it is to have; of tags, where it says that there are some, those of the blob that was there
     * @throws ForebayException.Denied if there are tags and these credentials may not see them; they would be lost
     * @throws ForebayException.Changed if the precondition does not hold
     */
    BlobProperties put(String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException;

    /**
     * Keeps a block for a later {@link #commitBlocks} of the same name. Staging the same id again replaces the block.
     * Uncommitted blocks are invisible, and the store may drop them a week after the last one was staged.
     *
     * <p>A failure may leave the block staged; that is harmless, since nothing shows until a commit names it.
     *
     * @param id of the same length as every other id staged for this name
     * @param body at most {@link #MAX_BLOCK_BYTES}; opened again for each attempt
     */
    void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException;

    /**
     * Keeps a block as {@link #stageBlock} does, whose bytes the store takes from a blob of this container by itself. Its
     * source may be the blob of the same name.
     *
     * @param from the blob whose bytes they are
     * @param range which of them: at most {@link #MAX_COPIED_BLOCK_BYTES}, within the blob
     * @param source the version to copy from, or {@link Precondition#none()} for whatever is there
     * @throws ForebayException.NotFound if the source does not exist
     * @throws ForebayException.Changed if the source is not the version that is named
     * @throws ForebayException.Unsupported if this store cannot do it, or not with these credentials; whoever has the bytes
     *     sends them instead
     */
    void stageBlockFrom(String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException;

    /**
     * Makes the blob consist of these blocks, in this order; each is taken from the staged ones, else from the
     * committed ones. Staged blocks that are not named are dropped.
     *
     * @param lengthBytes of all of them together, which the caller knows and not every store tells
     * @param headers as for {@link #put}
     * @throws ForebayException.InvalidArgument if a block is neither staged nor committed; staged blocks stay
     * @throws ForebayException.Changed if the precondition does not hold; staged blocks stay
     */
    BlobProperties commitBlocks(
            String name,
            List<BlockId> blocks,
            long lengthBytes,
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException;

    /**
     * The committed blocks of a blob in order; empty for a blob that was written by {@link #put}.
     *
     * @throws ForebayException.NotFound if there is no blob of that name
     */
    List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException;

    /**
     * Copies a blob of this container with all that {@link BlobHeaders} are, on the store's side, and returns when the copy is
     * complete. The target shows the whole copy or what it was before, except on Azure while a large copy is running:
     * there a reader may see the target with length zero, and a failure may leave it so.
     *
     * @param source the version to copy, or {@link Precondition#none()} for whatever is there
     * @param labels what is known of the source's, for a store that does not copy them by itself
     * @param target the condition on the blob to be replaced
     * @throws ForebayException.NotFound if the source does not exist
     * @throws ForebayException.Changed if either precondition does not hold
     */
    BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException;

    /**
     * Removes a blob.
     *
     * @throws ForebayException.NotFound if there is no blob of that name
     * @throws ForebayException.Changed if the precondition does not hold
     */
    void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException;

    /**
     * Replaces all metadata of a blob; its bytes and headers stay.
     *
     * @throws ForebayException.NotFound if there is no blob of that name
     * @throws ForebayException.Changed if the precondition does not hold
     */
    BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException;

    /** Gives back connections and threads. Calls under way may fail. */
    @Override
    void close();
}
