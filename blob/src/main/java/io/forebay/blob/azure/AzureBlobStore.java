package io.forebay.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.specialized.BlockBlobAsyncClient;
import com.azure.storage.common.Utility;
import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One container of an Azure storage account.
 *
 * <p>Each method is one attempt; {@link io.forebay.blob.RetryingBlobStore} repeats. It is one request too, except
 * {@link #commitBlocks} (one more, for the length), {@link #setMetadata} (one before, for what stays) and {@link #copy}
 * (one more, and others while the store is still copying).
 */
public final class AzureBlobStore implements BlobStore {
    private static final int MAX_PAGE_ENTRIES = 5_000;

    private final AzureStoreSettings settings;
    private final AzureAddress address;
    private final Exchange exchange;
    /** Guards {@link #transport} and {@link #dataPlane}; held while a client is made, which reads at most the file of certificates. */
    private final Object opening = new Object();

    private volatile @Nullable AzureTransport transport;
    private volatile @Nullable DataPlane dataPlane;
    private volatile boolean closed;

    /**
     * A store that has asked nothing yet, and loaded nothing of the SDK.
     *
     * @throws InvalidArgument if the settings cannot be right
     */
    public AzureBlobStore(AzureStoreSettings settings) throws InvalidArgument {
        this.settings = settings;
        this.address = AzureAddress.of(settings);
        this.exchange = new Exchange(settings.stallLimit());
    }

    @Override
    public String displayName() {
        return address.containerUrl();
    }

    /** Lists one entry, since that is what a mount needs to be allowed. */
    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        firstPage(call("use the container"), "", null, null, 1, deadline);
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        callOnNew("make blob", name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        return head(call("look up blob", name), name, Precondition.none(), deadline);
    }

    private BlobProperties head(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        var found = exchange.answer(
                call, blob(name).getPropertiesWithResponse(AzureShapes.conditions(precondition)), deadline);
        return AzureShapes.properties(call, name, found.getValue());
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
            exchange.checkTimeLeft(call, deadline);
            return new ListPage(List.of(), null);
        }
        PagedResponse<BlobItem> page = firstPage(call, prefix, delimiter, continuation, maxEntries, deadline);
        List<ListEntry> entries = new ArrayList<>();
        for (BlobItem item : page.getValue()) {
            entries.add(AzureShapes.entry(call, item));
        }
        String next = page.getContinuationToken();
        return new ListPage(entries, next == null || next.isEmpty() ? null : next);
    }

    private PagedResponse<BlobItem> firstPage(
            AzureCall call,
            String prefix,
            @Nullable String delimiter,
            @Nullable String continuation,
            int maxEntries,
            Deadline deadline)
            throws ForebayException {
        ListBlobsOptions options = new ListBlobsOptions()
                .setMaxResultsPerPage(maxEntries)
                .setDetails(new BlobListDetails().setRetrieveMetadata(true));
        if (!prefix.isEmpty()) {
            options.setPrefix(prefix);
        }
        BlobContainerAsyncClient container = container();
        PagedFlux<BlobItem> pages =
                delimiter == null ? container.listBlobs(options) : container.listBlobsByHierarchy(delimiter, options);
        Mono<PagedResponse<BlobItem>> first =
                (continuation == null ? pages.byPage(maxEntries) : pages.byPage(continuation, maxEntries)).next();
        return exchange.answer(call, first, deadline);
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        AzureCall call = call("read " + range.length() + " bytes at " + range.offset() + " of blob", name);
        return dataPlane().read(call, name, range, precondition, sink, deadline);
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("write blob", name);
        BodyChecks.bounded(call, body, MAX_SINGLE_BODY_BYTES);
        return dataPlane().put(call, name, body, checksum(call, body), headers, precondition, deadline);
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        AzureCall call = callOnNew("stage a block of blob", name);
        BodyChecks.bounded(call, body, MAX_BLOCK_BYTES);
        dataPlane().stageBlock(call, name, id, body, checksum(call, body), deadline);
    }

    /**
     * What the store is to compare the bytes with. TLS already rejects bytes that changed on their way; a plain
     * connection has nothing but TCP's 16-bit sum, and is worth a second reading.
     */
    private byte @Nullable [] checksum(AzureCall call, BlobBody body) throws ForebayException {
        return address.isEncrypted() ? null : BodyChecks.md5(call, body);
    }

    @Override
    public BlobProperties commitBlocks(
            String name, List<BlockId> blocks, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("commit blob", name);
        if (blocks.size() > MAX_BLOCKS) {
            throw new InvalidArgument(
                    call.failedBecause(blocks.size() + " are more than the " + MAX_BLOCKS + " blocks of a blob"));
        }
        List<String> ids = blocks.stream().map(BlockId::base64).toList();
        var committed = exchange.answer(
                call,
                blocks(name)
                        .commitBlockListWithResponse(new BlockBlobCommitBlockListOptions(ids)
                                .setHeaders(AzureShapes.httpHeaders(headers))
                                .setMetadata(AzureShapes.metadata(call, headers.metadata()))
                                .setRequestConditions(AzureShapes.conditions(precondition))),
                deadline);
        return lengthOf(call, name, AzureShapes.etag(call, committed.getValue().getETag()), deadline);
    }

    /** The properties of the version just made, whose length the store has not told. */
    private BlobProperties lengthOf(AzureCall call, String name, Etag made, Deadline deadline) throws ForebayException {
        try {
            return head(call, name, Precondition.ifMatch(made), deadline);
        } catch (ForebayException.Changed | ForebayException.NotFound replaced) {
            // It did take effect, so this must not be an error that promises that nothing changed.
            throw new ForebayException.Unavailable(
                    call.failedBecause("it was done as version " + made + ", and another client replaced it at once"),
                    replaced);
        }
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        AzureCall call = call("list the blocks of blob", name);
        var found = exchange.answer(call, blocks(name).listBlocks(BlockListType.COMMITTED), deadline);
        if (found.getCommittedBlocks().isEmpty()) {
            // A blob that was put has none; but nor has a name for which blocks are staged, and that is no blob yet.
            head(call, name, Precondition.none(), deadline);
        }
        return found.getCommittedBlocks().stream()
                .map(block -> new Block(new BlockId(block.getName()), block.getSizeLong()))
                .toList();
    }

    @Override
    public BlobProperties copy(String from, Precondition source, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        AzureCall call = callOnNew("copy blob " + from + " to", to);
        checkExisting(call, from);
        return new AzureCopy(call, exchange, blob(to)).run(sourceUrl(from), source, target, deadline);
    }

    /** The store fetches the source for us: with the account's key it may, with a SAS the URL has to say so. */
    private String sourceUrl(String name) {
        String url = address.containerUrl() + "/" + Utility.urlEncode(name);
        return settings.credential() instanceof AzureCredential.Sas sas ? url + "?" + sas.query() : url;
    }

    /** Removes the blob's snapshots with it, as other clients that show blobs as files do. */
    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        exchange.answer(
                call("delete blob", name),
                blob(name).deleteWithResponse(DeleteSnapshotsOptionType.INCLUDE, AzureShapes.conditions(precondition)),
                deadline);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        AzureCall call = call("set the metadata of blob", name);
        var pairs = AzureShapes.metadata(call, metadata);
        BlobProperties before = head(call, name, precondition, deadline);
        // Pinned to what was just seen, so that length and headers are known to belong to the new version too.
        BlobRequestConditions pinned = AzureShapes.conditions(Precondition.ifMatch(before.etag()));
        var response = exchange.answer(call, blob(name).setMetadataWithResponse(pairs, pinned), deadline);
        HttpHeaders answered = response.getHeaders();
        return new BlobProperties(
                name,
                AzureShapes.etag(call, answered.getValue(HttpHeaderName.ETAG)),
                before.lengthBytes(),
                AzureShapes.instant(call, answered.getValue(HttpHeaderName.LAST_MODIFIED)),
                before.headers().withMetadata(metadata));
    }

    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            DataPlane plane = dataPlane;
            dataPlane = null;
            if (plane != null) {
                plane.close();
            }
            AzureTransport open = transport;
            transport = null;
            if (open != null) {
                open.close();
            }
        }
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

    private BlobAsyncClient blob(String name) throws ForebayException {
        return container().getBlobAsyncClient(name);
    }

    private BlockBlobAsyncClient blocks(String name) throws ForebayException {
        return blob(name).getBlockBlobAsyncClient();
    }

    /** The client, made at the first call that needs it. */
    private BlobContainerAsyncClient container() throws ForebayException {
        AzureTransport open = transport;
        if (open != null) {
            return open.container();
        }
        synchronized (opening) {
            if (closed) {
                throw new ForebayException.BadHandle("the store " + displayName() + " is closed");
            }
            if (transport == null) {
                transport = new AzureTransport(settings, address);
            }
            return Objects.requireNonNull(transport).container();
        }
    }

    /** What moves bytes, made at the first call that needs it. */
    private DataPlane dataPlane() throws ForebayException {
        DataPlane open = dataPlane;
        if (open != null) {
            return open;
        }
        synchronized (opening) {
            if (closed) {
                throw new ForebayException.BadHandle("the store " + displayName() + " is closed");
            }
            if (dataPlane == null) {
                dataPlane = isThin() ? new ThinDataPlane(settings, address) : new SdkDataPlane(container(), exchange);
            }
            return Objects.requireNonNull(dataPlane);
        }
    }

    /** Where this machine's settings put a proxy in between, the SDK knows how to speak to it. */
    private boolean isThin() {
        return settings.dataPlane() == AzureDataPlane.THIN && !address.isBehindProxy();
    }

    /** How many connections the thin plane has open; for tests. */
    PlaneClient.@Nullable ConnectionCounts connections() {
        return dataPlane instanceof ThinDataPlane thin ? thin.client().connections() : null;
    }
}
