package io.forebay.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockFromUrlOptions;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The control plane that is the SDK's.
 *
 * @param container the SDK's client of the container
 * @param exchange how answers are waited for
 */
record SdkControlPlane(BlobContainerAsyncClient container, Exchange exchange) implements ControlPlane {
    @Override
    public ListPage list(
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
        PagedFlux<BlobItem> pages =
                delimiter == null ? container.listBlobs(options) : container.listBlobsByHierarchy(delimiter, options);
        Mono<PagedResponse<BlobItem>> first =
                (continuation == null ? pages.byPage(maxEntries) : pages.byPage(continuation, maxEntries)).next();
        PagedResponse<BlobItem> page = exchange.answer(call, first, deadline);
        List<ListEntry> entries = new ArrayList<>();
        for (BlobItem item : page.getValue()) {
            entries.add(SdkShapes.entry(call, item));
        }
        String next = page.getContinuationToken();
        return new ListPage(entries, next == null || next.isEmpty() ? null : next);
    }

    @Override
    public BlobProperties head(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        var found = exchange.answer(
                call, blob(name).getPropertiesWithResponse(SdkShapes.conditions(precondition)), deadline);
        return SdkShapes.properties(call, name, found.getValue());
    }

    @Override
    public void delete(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        exchange.answer(
                call,
                blob(name).deleteWithResponse(DeleteSnapshotsOptionType.INCLUDE, SdkShapes.conditions(precondition)),
                deadline);
    }

    @Override
    public Changed setMetadata(AzureCall call, String name, Metadata metadata, Etag of, Deadline deadline)
            throws ForebayException {
        var response = exchange.answer(
                call,
                blob(name)
                        .setMetadataWithResponse(
                                AzureShapes.metadata(call, metadata), SdkShapes.conditions(Precondition.ifMatch(of))),
                deadline);
        HttpHeaders answered = response.getHeaders();
        return new Changed(
                AzureShapes.etag(call, answered.getValue(HttpHeaderName.ETAG)),
                AzureShapes.instant(call, answered.getValue(HttpHeaderName.LAST_MODIFIED)));
    }

    @Override
    public void stageBlockFrom(
            AzureCall call,
            String name,
            BlockId id,
            String sourceUrl,
            ByteRange range,
            Precondition source,
            Deadline deadline)
            throws ForebayException {
        exchange.answer(
                call,
                blob(name)
                        .getBlockBlobAsyncClient()
                        .stageBlockFromUrlWithResponse(new BlockBlobStageBlockFromUrlOptions(id.base64(), sourceUrl)
                                .setSourceRange(new BlobRange(range.offset(), range.length()))
                                .setSourceRequestConditions(SdkShapes.conditions(source))),
                deadline);
    }

    @Override
    public Changed commit(
            AzureCall call,
            String name,
            List<BlockId> blocks,
            SentHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        List<String> ids = blocks.stream().map(BlockId::base64).toList();
        var committed = exchange.answer(
                call,
                blob(name)
                        .getBlockBlobAsyncClient()
                        .commitBlockListWithResponse(new BlockBlobCommitBlockListOptions(ids)
                                .setHeaders(SdkShapes.httpHeaders(headers.headers()))
                                .setMetadata(AzureShapes.metadata(
                                        call, headers.headers().metadata()))
                                .setTags(SdkShapes.tags(headers))
                                .setTier(SdkShapes.tier(headers.headers()))
                                .setRequestConditions(SdkShapes.conditions(precondition))),
                deadline);
        return new Changed(
                AzureShapes.etag(call, committed.getValue().getETag()),
                AzureShapes.instant(call, committed.getHeaders().getValue(HttpHeaderName.LAST_MODIFIED)));
    }

    @Override
    public List<Block> committedBlocks(AzureCall call, String name, Deadline deadline) throws ForebayException {
        var found = exchange.answer(
                call, blob(name).getBlockBlobAsyncClient().listBlocks(BlockListType.COMMITTED), deadline);
        return found.getCommittedBlocks().stream()
                .map(block -> new Block(new BlockId(block.getName()), block.getSizeLong()))
                .toList();
    }

    @Override
    public SortedMap<String, String> tags(AzureCall call, String name, Deadline deadline) throws ForebayException {
        return new TreeMap<>(exchange.answer(call, blob(name).getTags(), deadline));
    }

    @Override
    public CopyRequests copyTo(AzureCall call, String target) {
        return new SdkCopyRequests(call, exchange, blob(target));
    }

    private BlobAsyncClient blob(String name) {
        return container.getBlobAsyncClient(name);
    }
}
