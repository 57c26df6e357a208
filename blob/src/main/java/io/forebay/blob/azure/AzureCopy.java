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
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One Copy Blob: begun, watched until the store has done it, and broken off if that takes too long.
 *
 * <p>The request is put together here, over the SDK's pipeline: the SDK's own method hides the answer behind a poller
 * that waits for its interval even when the copy was done at once, as most are.
 */
final class AzureCopy {
    private static final Logger log = LoggerFactory.getLogger(AzureCopy.class);

    private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version");
    private static final HttpHeaderName SOURCE = HttpHeaderName.fromString("x-ms-copy-source");
    private static final HttpHeaderName SOURCE_IF_MATCH = HttpHeaderName.fromString("x-ms-source-if-match");
    private static final HttpHeaderName SOURCE_IF_NONE_MATCH = HttpHeaderName.fromString("x-ms-source-if-none-match");
    private static final HttpHeaderName COPY_ID = HttpHeaderName.fromString("x-ms-copy-id");

    /** Doubled with each look: a copy that is not done at once is either small and nearly done, or gigabytes. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final AzureCall call;
    private final Exchange exchange;
    private final BlobAsyncClient target;

    AzureCopy(AzureCall call, Exchange exchange, BlobAsyncClient target) {
        this.call = call;
        this.exchange = exchange;
        this.target = target;
    }

    /** Copies, and returns the target's properties when it is complete. */
    io.forebay.blob.BlobProperties run(String sourceUrl, Precondition source, Precondition onTarget, Deadline deadline)
            throws ForebayException {
        String copyId = begin(request(sourceUrl, source, onTarget), deadline);
        try {
            return completed(copyId, deadline);
        } catch (ForebayException.Unavailable | ForebayException.Interrupted unfinished) {
            abort(copyId);
            throw unfinished;
        }
    }

    private HttpRequest request(String sourceUrl, Precondition source, Precondition onTarget) {
        HttpRequest request = new HttpRequest(HttpMethod.PUT, target.getBlobUrl())
                .setHeader(VERSION, target.getServiceVersion().getVersion())
                .setHeader(HttpHeaderName.CONTENT_LENGTH, "0")
                .setHeader(SOURCE, sourceUrl);
        BlobRequestConditions ofSource = AzureShapes.conditions(source);
        BlobRequestConditions ofTarget = AzureShapes.conditions(onTarget);
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

    /** Starts the copy and gives its id. */
    private String begin(HttpRequest request, Deadline deadline) throws ForebayException {
        // The body is nothing, or an error's text that is not repeated; it is read so that the connection can be used
        // again.
        Mono<HttpResponse> answer = target.getHttpPipeline()
                .send(request)
                .flatMap(response -> response.getBodyAsByteArray().then().thenReturn(response));
        HttpResponse response = exchange.answer(call, answer, deadline);
        if (response.getStatusCode() != 202) {
            throw AzureFailures.answered(call, Refusal.of(response));
        }
        return String.valueOf(response.getHeaders().getValue(COPY_ID));
    }

    private io.forebay.blob.BlobProperties completed(String copyId, Deadline deadline) throws ForebayException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            BlobProperties found = look(deadline);
            if (!copyId.equals(found.getCopyId())) {
                throw call.unavailable("it was begun, and another client replaced it at once");
            }
            CopyStatusType status = found.getCopyStatus();
            if (status == CopyStatusType.SUCCESS) {
                return AzureShapes.properties(call, target.getBlobName(), found);
            }
            if (status != CopyStatusType.PENDING) {
                throw call.unavailable("the store ended it as " + status);
            }
            sleep(pause, deadline);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private BlobProperties look(Deadline deadline) throws ForebayException {
        try {
            return exchange.answer(call, target.getProperties(), deadline);
        } catch (ForebayException.NotFound deleted) {
            // "Not found" would say that nothing was copied.
            throw call.unavailable("it was begun, and another client deleted it at once");
        }
    }

    private void sleep(Duration pause, Deadline deadline) throws ForebayException {
        if (pause.compareTo(deadline.remaining()) >= 0) {
            throw call.unavailable("the store is still copying at the deadline");
        }
        try {
            deadline.clock().sleep(pause);
        } catch (InterruptedException interrupted) {
            throw Exchange.interrupted(call, interrupted);
        }
    }

    /**
     * Asks the store to give up, without waiting for its answer: the deadline may be over. It refuses if the copy is no
     * longer running, which is as well.
     */
    private void abort(String copyId) {
        target.abortCopyFromUrl(copyId)
                .subscribe(
                        _ -> {},
                        failure -> log.debug(
                                "copy not aborted: reason=\"{}\"",
                                AzureFailures.translate(call, failure).getMessage()));
    }
}
