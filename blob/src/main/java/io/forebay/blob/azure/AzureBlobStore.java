package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Denied;
import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.base.error.ForebayException.Unsupported;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.plane.PlaneClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container of an Azure storage account.
 *
 * <p>Each method is one attempt; {@link io.forebay.blob.RetryingBlobStore} repeats. It is one request too, except
 * {@link #setMetadata} (one before, for what stays) and {@link #copy} (one more, and others while the store is still
 * copying). Whatever replaces or copies a blob that has tags asks for them first.
 */
public final class AzureBlobStore implements BlobStore {
    private static final int MAX_PAGE_ENTRIES = 5_000;

    private static final Logger log = LoggerFactory.getLogger(AzureBlobStore.class);

    /** Of the address that a store is to copy from, as Azure bounds it. */
    private static final int MAX_SOURCE_URL_CHARS = 2 << 10;

    private final AzureAddress address;
    private final SourceUrls sources;
    private final AzurePlanes planes;
    /** Whether the store has refused to copy a block: it is not asked again. */
    private volatile boolean copiesNoBlocks;

    /**
     * A store that has asked nothing yet, and loaded nothing of the SDK.
     *
     * @throws InvalidArgument if the settings cannot be right
     */
    public AzureBlobStore(AzureStoreSettings settings) throws InvalidArgument {
        this.address = AzureAddress.of(settings);
        this.sources = new SourceUrls(address, settings.credential());
        this.planes = new AzurePlanes(settings, address);
    }

    @Override
    public String displayName() {
        return address.containerUrl();
    }

    /** Lists one entry, since that is what a mount needs to be allowed. */
    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        planes.control().list(call("use the container"), "", null, null, 1, deadline);
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        callOnNew("make blob", name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        return planes.control().head(call("look up blob", name), name, Precondition.none(), deadline);
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        AzureCall call = call("list '" + prefix + "'");
        if (maxEntries < 1 || maxEntries > MAX_PAGE_ENTRIES) {
            throw new InvalidArgument(call.failedBecause(maxEntries + " is not a page of 1 to 5,000 entries"));
        }
        if (AzureNames.cannotBeKept(prefix)) {
            call.checkTimeLeft(deadline);
            return new ListPage(List.of(), null);
        }
        ListPage page = planes.control().list(call, prefix, delimiter, continuation, maxEntries, deadline);
        requireBelow(call, prefix, page);
        return page;
    }

    /** A server that does not know prefixes, or a proxy that keeps the answer to another question. */
    private static void requireBelow(AzureCall call, String prefix, ListPage page) throws ForebayException.Corrupt {
        for (ListEntry entry : page.entries()) {
            if (!entry.name().startsWith(prefix)) {
                throw new ForebayException.Corrupt(call.failedBecause(
                        "the answer has '" + entry.name() + "' in it, which does not begin so; check the endpoint"));
            }
        }
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        AzureCall call = call("read " + range.length() + " bytes at " + range.offset() + " of blob", name);
        return planes.data().read(call, name, range, precondition, sink, deadline);
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("write blob", name);
        BodyChecks.bounded(call, body, MAX_SINGLE_BODY_BYTES);
        SentHeaders sent = sent(call, name, headers, deadline);
        return planes.data().put(call, name, body, checksum(call, body), sent, precondition, deadline);
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        AzureCall call = callOnNew("stage a block of blob", name);
        BodyChecks.bounded(call, body, MAX_BLOCK_BYTES);
        planes.data().stageBlock(call, name, id, body, checksum(call, body), deadline);
    }

    /**
     * Whatever the reason of a refusal is, who sends the bytes instead finds out whether it stands in the way of that too. So
     * none is worth a question for each block.
     */
    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("copy a block of blob " + from + " to", name);
        checkExisting(call, from);
        if (range.length() > MAX_COPIED_BLOCK_BYTES) {
            throw new InvalidArgument(call.failedBecause(range.length() + " bytes are more than one request copies"));
        }
        call.checkTimeLeft(deadline);
        String url = sources.ofBlock(from, deadline.clock().now());
        if (copiesNoBlocks || url.length() > MAX_SOURCE_URL_CHARS) {
            throw new Unsupported(call.failedBecause("the store copies no blocks, or not of so long a name"));
        }
        try {
            planes.control().stageBlockFrom(call, name, id, url, range, source, deadline);
        } catch (Unsupported | Denied | InvalidArgument refused) {
            copiesNoBlocks = true;
            log.info("the store copies no blocks, they are sent: reason=\"{}\"", refused.getMessage());
            throw new Unsupported(refused.getMessage(), refused);
        }
    }

    /**
     * What the store is to compare the bytes with. TLS already rejects bytes that changed on their way, and within a machine
     * there is none; a plain connection to another one has nothing but TCP's 16-bit sum, and is worth a second reading.
     */
    private byte @Nullable [] checksum(AzureCall call, BlobBody body) throws ForebayException {
        return address.isEncrypted() || address.isOnThisMachine() ? null : BodyChecks.md5(call, body);
    }

    @Override
    public BlobProperties commitBlocks(
            String name,
            List<BlockId> blocks,
            long lengthBytes,
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("commit blob", name);
        if (blocks.size() > MAX_BLOCKS) {
            throw new InvalidArgument(
                    call.failedBecause(blocks.size() + " are more than the " + MAX_BLOCKS + " blocks of a blob"));
        }
        SentHeaders sent = sent(call, name, headers, deadline);
        ControlPlane.Changed made = planes.control().commit(call, name, blocks, sent, precondition, deadline);
        return new BlobProperties(name, made.etag(), lengthBytes, made.lastModified(), headers);
    }

    /** What a request that replaces a blob says of it: the service drops the tags that are not named again. */
    private SentHeaders sent(AzureCall call, String name, BlobHeaders headers, Deadline deadline)
            throws ForebayException {
        return new SentHeaders(headers, tagsOf(call, name, headers.labels(), deadline));
    }

    private SortedMap<String, String> tagsOf(AzureCall call, String name, BlobLabels labels, Deadline deadline)
            throws ForebayException {
        if (labels.tagCount() == 0) {
            return Collections.emptySortedMap();
        }
        try {
            return planes.control().tags(call, name, deadline);
        } catch (ForebayException.NotFound _) {
            return Collections.emptySortedMap(); // what the request itself is answered tells more
        } catch (Denied refused) {
            throw new Denied(
                    call.failedBecause("its tags cannot be read, and would be lost; a signature needs the permission"
                            + " for tags (t)"),
                    refused);
        }
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        AzureCall call = call("list the blocks of blob", name);
        List<Block> committed = planes.control().committedBlocks(call, name, deadline);
        if (committed.isEmpty()) {
            // A blob that was put has none; but nor has a name for which blocks are staged, and that is no blob yet.
            planes.control().head(call, name, Precondition.none(), deadline);
        }
        return committed;
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("copy blob " + from + " to", to);
        checkExisting(call, from);
        Map<String, String> kept = AzureShapes.labelHeaders(labels, tagsOf(call, from, labels, deadline));
        return new AzureCopy(call, planes.control().copyTo(call, to))
                .run(sources.ofCopy(from), source, target, kept, deadline);
    }

    /** Removes the blob's snapshots with it, as other clients that show blobs as files do. */
    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        planes.control().delete(call("delete blob", name), name, precondition, deadline);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        AzureCall call = call("set the metadata of blob", name);
        AzureShapes.metadata(call, metadata);
        BlobProperties before = planes.control().head(call, name, precondition, deadline);
        // Pinned to what was just seen, so that length and headers are known to belong to the new version too.
        ControlPlane.Changed made = planes.control().setMetadata(call, name, metadata, before.etag(), deadline);
        return new BlobProperties(
                name,
                made.etag(),
                before.lengthBytes(),
                made.lastModified(),
                before.headers().withMetadata(metadata));
    }

    @Override
    public void close() {
        planes.close();
    }

    private AzureCall call(String doing) {
        return new AzureCall(doing, displayName());
    }

    /** A call on a blob that must exist. */
    private AzureCall call(String doing, String name) throws ForebayException {
        AzureCall call = call(doing + " " + name);
        checkExisting(call, name);
        return call;
    }

    private static void checkExisting(AzureCall call, String name) throws ForebayException {
        AzureNames.check(call, name);
        if (AzureNames.cannotBeKept(name)) {
            throw new ForebayException.NotFound(call.failedBecause("there is no such blob"));
        }
    }

    /** A call that makes a blob if there is none. */
    private AzureCall callOnNew(String doing, String name) throws ForebayException {
        AzureCall call = call(doing + " " + name);
        AzureNames.check(call, name);
        if (AzureNames.cannotBeKept(name)) {
            throw new InvalidArgument(
                    call.failedBecause("Azure keeps no name with a backslash or a control character in it"));
        }
        return call;
    }

    /** How many connections our own client has open; for tests. */
    PlaneClient.@Nullable ConnectionCounts connections() {
        return planes.connections();
    }
}
