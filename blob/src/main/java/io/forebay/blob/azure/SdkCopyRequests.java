package io.forebay.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.CopyStatusType;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.Precondition;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Copying through the SDK. The first request is put together here, over the SDK's pipeline: the SDK's own method hides the
 * answer behind a poller that waits for its interval even when the copy was done at once, as most are.
 */
record SdkCopyRequests(AzureCall call, Exchange exchange, BlobAsyncClient target) implements CopyRequests {
    private static final Logger log = LoggerFactory.getLogger(SdkCopyRequests.class);

    private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version");
    private static final HttpHeaderName SOURCE = HttpHeaderName.fromString("x-ms-copy-source");
    private static final HttpHeaderName SOURCE_IF_MATCH = HttpHeaderName.fromString("x-ms-source-if-match");
    private static final HttpHeaderName SOURCE_IF_NONE_MATCH = HttpHeaderName.fromString("x-ms-source-if-none-match");
    private static final HttpHeaderName COPY_ID = HttpHeaderName.fromString("x-ms-copy-id");

    @Override
    public String begin(
            String sourceUrl, Precondition source, Precondition onTarget, Map<String, String> labels, Deadline deadline)
            throws ForebayException {
        // The body is nothing, or an error's text that is not repeated; it is read so that the connection can be used
        // again.
        Mono<HttpResponse> answer = target.getHttpPipeline()
                .send(request(sourceUrl, source, onTarget, labels))
                .flatMap(response -> response.getBodyAsByteArray().then().thenReturn(response));
        HttpResponse response = exchange.answer(call, answer, deadline);
        if (response.getStatusCode() != 202) {
            throw AzureFailures.answered(call, SdkShapes.refusal(response));
        }
        return String.valueOf(response.getHeaders().getValue(COPY_ID));
    }

    private HttpRequest request(
            String sourceUrl, Precondition source, Precondition onTarget, Map<String, String> labels) {
        HttpRequest request = new HttpRequest(HttpMethod.PUT, target.getBlobUrl())
                .setHeader(VERSION, target.getServiceVersion().getVersion())
                .setHeader(HttpHeaderName.CONTENT_LENGTH, "0")
                .setHeader(SOURCE, sourceUrl);
        labels.forEach((name, value) -> request.setHeader(HttpHeaderName.fromString(name), value));
        BlobRequestConditions ofSource = SdkShapes.conditions(source);
        BlobRequestConditions ofTarget = SdkShapes.conditions(onTarget);
        setIfAny(request, SOURCE_IF_MATCH, ofSource.getIfMatch());
        setIfAny(request, SOURCE_IF_NONE_MATCH, ofSource.getIfNoneMatch());
        setIfAny(request, HttpHeaderName.IF_MATCH, ofTarget.getIfMatch());
        setIfAny(request, HttpHeaderName.IF_NONE_MATCH, ofTarget.getIfNoneMatch());
        return request;
    }

    private static void setIfAny(HttpRequest request, HttpHeaderName header, @Nullable String value) {
        if (value != null) {
            request.setHeader(header, value);
        }
    }

    @Override
    public Copied look(Deadline deadline) throws ForebayException {
        BlobProperties found = exchange.answer(call, target.getProperties(), deadline);
        CopyStatusType status = found.getCopyStatus();
        return new Copied(
                found.getCopyId(),
                status == null ? null : status.toString(),
                SdkShapes.properties(call, target.getBlobName(), found));
    }

    @Override
    public void abort(String copyId) {
        target.abortCopyFromUrl(copyId)
                .subscribe(
                        _ -> {},
                        failure -> log.debug(
                                "copy not aborted: reason=\"{}\"",
                                SdkFailures.translate(call, failure).getMessage()));
    }
}
