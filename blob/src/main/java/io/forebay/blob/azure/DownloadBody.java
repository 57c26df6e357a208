package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A body on its way in: taken from the client's threads through a small queue, and handed to the sink on the thread that
 * asked. When that thread leaves, nothing more reaches the sink.
 */
final class DownloadBody extends BaseSubscriber<ByteBuffer> {
    /** Pieces asked for ahead; the client makes them 16 KiB, so this is 512 KiB at most. */
    private static final int WINDOW_PIECES = 32;

    private sealed interface Signal {
        record Piece(ByteBuffer bytes) implements Signal {}

        record Failed(Throwable reason) implements Signal {}

        record Ended() implements Signal {}
    }

    // A window of pieces and one last word: an offer never fails.
    private final ArrayBlockingQueue<Signal> arrived = new ArrayBlockingQueue<>(WINDOW_PIECES + 1);
    private final AzureCall call;
    private final Exchange exchange;

    DownloadBody(AzureCall call, Exchange exchange) {
        this.call = call;
        this.exchange = exchange;
    }

    /**
     * Feeds {@code sink} until the body ends.
     *
     * @param limitBytes more than this never reaches the sink
     * @return how many bytes the sink took
     */
    long feed(ByteSink sink, long limitBytes, Deadline deadline) throws ForebayException {
        long taken = 0;
        try {
            while (true) {
                switch (next(deadline)) {
                    case Signal.Piece(ByteBuffer bytes) -> {
                        taken += bytes.remaining();
                        if (taken > limitBytes) {
                            throw new ForebayException.Corrupt(
                                    call.failedBecause("the store sent more than was asked for"));
                        }
                        hand(bytes, sink);
                        request(1);
                    }
                    case Signal.Failed(Throwable reason) -> throw SdkFailures.translate(call, reason);
                    case Signal.Ended() -> {
                        return taken;
                    }
                }
            }
        } finally {
            cancel();
        }
    }

    private Signal next(Deadline deadline) throws ForebayException {
        call.checkTimeLeft(deadline);
        try {
            @Nullable Signal signal = arrived.poll(exchange.patience(deadline).toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                call.checkTimeLeft(deadline);
                throw exchange.stalled(call);
            }
            return signal;
        } catch (InterruptedException interrupted) {
            throw AzureFailures.interrupted(call, interrupted);
        }
    }

    private void hand(ByteBuffer bytes, ByteSink sink) throws ForebayException {
        try {
            sink.accept(bytes);
        } catch (ForebayException refused) {
            throw refused;
        } catch (IOException refused) {
            throw new ForebayException.Unexpected(
                    call.failedBecause("the bytes could not be taken: " + refused.getMessage()), refused);
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(WINDOW_PIECES);
    }

    @Override
    protected void hookOnNext(ByteBuffer bytes) {
        arrived.add(new Signal.Piece(bytes));
    }

    @Override
    protected void hookOnError(Throwable failure) {
        arrived.add(new Signal.Failed(failure));
    }

    @Override
    protected void hookOnComplete() {
        arrived.add(new Signal.Ended());
    }
}
