package io.forebay.blob.azure;

import com.azure.core.util.polling.AsyncPollResponse;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.models.BlobBeginCopySourceRequestConditions;
import com.azure.storage.blob.models.BlobCopyInfo;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.CopyStatusType;
import com.azure.storage.blob.options.BlobBeginCopyOptions;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.Precondition;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** One Copy Blob: begun, watched until the store has done it, and broken off if that takes too long. */
final class AzureCopy {
    private static final Logger log = LoggerFactory.getLogger(AzureCopy.class);

    /** Small against a copy that is not done at once (it is gigabytes), rare enough to be no load. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final AzureCall call;
    private final Exchange exchange;
    private final BlobAsyncClient target;

    AzureCopy(AzureCall call, Exchange exchange, BlobAsyncClient target) {
        this.call = call;
        this.exchange = exchange;
        this.target = target;
    }

    /** Copies, and returns when the target is complete. */
    void run(String sourceUrl, Precondition source, Precondition onTarget, Deadline deadline) throws ForebayException {
        BlobRequestConditions sourceConditions = AzureShapes.conditions(source);
        BlobBeginCopySourceRequestConditions onSource = new BlobBeginCopySourceRequestConditions();
        onSource.setIfMatch(sourceConditions.getIfMatch()).setIfNoneMatch(sourceConditions.getIfNoneMatch());
        Mono<AsyncPollResponse<BlobCopyInfo, Void>> done = target.beginCopy(new BlobBeginCopyOptions(sourceUrl)
                        .setPollInterval(POLL_INTERVAL)
                        .setSourceRequestConditions(onSource)
                        .setDestinationRequestConditions(AzureShapes.conditions(onTarget)))
                .takeUntil(response -> response.getStatus().isComplete())
                .last();
        try {
            // A copy moves as long as the store says "pending", so only the deadline ends the wait for it.
            BlobCopyInfo info =
                    exchange.answer(call, done, System::nanoTime, deadline).getValue();
            if (info.getCopyStatus() != CopyStatusType.SUCCESS) {
                throw call.unavailable("the store ended the copy as " + info.getCopyStatus());
            }
        } catch (ForebayException.Unavailable | ForebayException.Interrupted unfinished) {
            abort();
            throw unfinished;
        }
    }

    /**
     * Asks the store to give up a copy that is still running, without waiting for its answer: the deadline may be over.
     * A copy that is not running, or of which the target knows nothing, needs nothing.
     */
    private void abort() {
        target.getProperties()
                .filter(found -> found.getCopyStatus() == CopyStatusType.PENDING)
                .map(BlobProperties::getCopyId)
                .flatMap(target::abortCopyFromUrl)
                .subscribe(
                        _ -> {},
                        failure -> log.debug(
                                "copy not aborted: reason=\"{}\"",
                                AzureFailures.translate(call, failure).getMessage()));
    }
}
