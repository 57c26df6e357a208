package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Corrupt;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A read that can break off and go on: remembers how much the sink has, and of which version, so that the sink gets each
 * byte once and all of one version. Used by one thread.
 */
final class ResumingRead implements ByteSink {
    private final ByteRange range;
    private final Precondition precondition;
    private final ByteSink sink;
    private final LongConsumer moved;
    private long takenBytes;
    private long takenBeforeAttempt;
    private @Nullable Etag version;
    private @Nullable ForebayException verdict;

    /** @param moved is told how many bytes the sink took */
    ResumingRead(ByteRange range, Precondition precondition, ByteSink sink, LongConsumer moved) {
        this.moved = moved;
        this.range = range;
        this.precondition = precondition;
        this.sink = sink;
    }

    /**
     * Reads what is still missing. Returns normally when there is nothing left to try, and {@link #version} then says
     * how it ended.
     *
     * @throws Unavailable or {@link Corrupt} if another attempt may bring the rest
     */
    void attempt(BlobStore store, String name, Deadline deadline) throws ForebayException {
        takenBeforeAttempt = takenBytes;
        try {
            version = store.read(name, missing(), condition(), this, deadline);
        } catch (Unavailable | Corrupt broken) {
            boolean complete = takenBytes == range.length() && version != null;
            if (complete || verdict != null) {
                return;
            }
            if (takenBytes > 0 && version == null) {
                verdict = broken;
                return;
            }
            throw broken;
        }
    }

    /** Whether the last attempt brought the sink anything. */
    boolean gotFurther() {
        return takenBytes > takenBeforeAttempt;
    }

    /** The version that was read. */
    Etag version() throws ForebayException {
        if (verdict != null) {
            throw verdict;
        }
        return Objects.requireNonNull(version, "a read that succeeded names its version");
    }

    @Override
    public void begin(Etag etag) {
        version = etag;
        sink.begin(etag);
    }

    @Override
    public void accept(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        try {
            sink.accept(bytes);
        } catch (ForebayException refused) {
            // The sink's failure ends the read, of whatever kind it is: asking the store again would not help.
            verdict = refused;
            throw refused;
        }
        takenBytes += count;
        moved.accept(count);
    }

    private ByteRange missing() {
        return new ByteRange(range.offset() + takenBytes, range.length() - takenBytes);
    }

    private Precondition condition() {
        return takenBytes > 0 && version != null ? Precondition.ifMatch(version) : precondition;
    }
}
