package io.forebay.blob.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobAsyncClient;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The data plane that is the SDK's.
 *
 * @param container the SDK's client of the container
 * @param exchange how answers are waited for
 */
record SdkDataPlane(BlobContainerAsyncClient container, Exchange exchange) implements DataPlane {
    @Override
    public Etag read(
            AzureCall call, String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        Mono<BlobDownloadAsyncResponse> answer = container
                .getBlobAsyncClient(name)
                .downloadStreamWithResponse(
                        new BlobRange(range.offset(), range.length()),
                        new DownloadRetryOptions().setMaxRetryRequests(0),
                        SdkShapes.conditions(precondition),
                        false);
        BlobDownloadAsyncResponse response = exchange.answer(call, answer, deadline);
        DownloadBody body = new DownloadBody(call, exchange);
        response.getValue().subscribe(body);
        try {
            Etag etag = AzureShapes.etag(call, response.getDeserializedHeaders().getETag());
            RangeChecks.checkBegin(
                    call, range, response.getDeserializedHeaders().getContentRange());
            sink.begin(etag);
            long taken = body.feed(sink, range.length(), deadline);
            RangeChecks.checkEnd(call, range, taken);
            return etag;
        } finally {
            body.cancel();
        }
    }

    @Override
    public BlobProperties put(
            AzureCall call,
            String name,
            BlobBody body,
            byte @Nullable [] md5,
            SentHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        UploadBody upload = new UploadBody(body);
        BlockBlobItem written = send(
                call,
                upload,
                blocks(name)
                        .uploadWithResponse(new BlockBlobSimpleUploadOptions(upload.pieces(), body.lengthBytes())
                                .setContentMd5(md5)
                                .setHeaders(SdkShapes.httpHeaders(headers.headers()))
                                .setMetadata(AzureShapes.metadata(
                                        call, headers.headers().metadata()))
                                .setTags(SdkShapes.tags(headers))
                                .setTier(SdkShapes.tier(headers.headers()))
                                .setRequestConditions(SdkShapes.conditions(precondition)))
                        .map(response -> Objects.requireNonNull(response.getValue())),
                deadline);
        return new BlobProperties(
                name,
                AzureShapes.etag(call, written.getETag()),
                body.lengthBytes(),
                SdkShapes.instant(call, written.getLastModified()),
                headers.headers());
    }

    @Override
    public void stageBlock(
            AzureCall call, String name, BlockId id, BlobBody body, byte @Nullable [] md5, Deadline deadline)
            throws ForebayException {
        UploadBody upload = new UploadBody(body);
        BlockBlobAsyncClient blocks = blocks(name);
        send(
                call,
                upload,
                BinaryData.fromFlux(upload.pieces(), body.lengthBytes(), /* bufferContent= */ false)
                        .flatMap(data -> blocks.stageBlockWithResponse(
                                new BlockBlobStageBlockOptions(id.base64(), data).setContentMd5(md5))),
                deadline);
    }

    private <T> T send(AzureCall call, UploadBody upload, Mono<T> request, Deadline deadline) throws ForebayException {
        try {
            return exchange.answer(call, request, upload::sentBytes, deadline);
        } catch (ForebayException failed) {
            IOException own = upload.failure();
            throw own == null ? failed : BodyChecks.failed(call, own);
        }
    }

    private BlockBlobAsyncClient blocks(String name) {
        return container.getBlobAsyncClient(name).getBlockBlobAsyncClient();
    }
}
