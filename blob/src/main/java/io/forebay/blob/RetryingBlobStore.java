package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Changed;
import io.forebay.base.error.ForebayException.NotFound;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store that repeats what was unavailable until the deadline: the only place in Forebay that retries. All attempts, of
 * whatever call, pass one {@code StoreGate}, which leaves the store alone when it is too busy and bounds what it gets at
 * once.
 *
 * <p>An attempt that ended in {@link Unavailable} may have taken effect. When a later attempt of a conditional change
 * then finds that its precondition does not hold, that may be our own doing. What is said then:
 *
 * <ul>
 *   <li>{@link #delete}: not found now means success; somebody deleted it, and we were asked to see to that.
 *   <li>{@link #commitBlocks}: success if the blob consists of just our blocks with our headers. Ids of blocks carry a
 *       generation, so that two uploads do not share them.
 *   <li>{@link #put}: success if the blob has just our headers and our bytes, which are read back and compared. Another
 *       client that wrote the very same cannot be told from us, and to readers makes no difference. It does make one
 *       where the bytes say nothing: a new blob without any, which is how locks and folder markers are made. There it
 *       stays open.
 *   <li>{@link #copy} and {@link #setMetadata}: nothing of ours is in the blob to tell, so it stays open.
 * </ul>
 *
 * <p>Where it stays open the call ends in {@link Unavailable}, which promises nothing, and never in {@link Changed},
 * which promises that nothing changed. Where the blob is visibly not what we sent, it ends in {@link Changed}: whoever
 * came first, another client's version is what there is now.
 */
public final class RetryingBlobStore implements BlobStore {
    private final BlobStore store;
    private final RetryPolicy policy;
    private final Clock clock;
    private final RandomGenerator random;
    private final Metrics metrics;
    private final StoreGate gate;

    /**
     * A store that repeats what {@code store} could not do.
     *
     * @param random spreads the pauses; safe for many threads
     * @param metrics where retries are counted, and the limits of the moment shown
     */
    public RetryingBlobStore(
            BlobStore store, RetryPolicy policy, Clock clock, RandomGenerator random, Metrics metrics) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
        this.gate = new StoreGate(policy, GateSettings.DEFAULT, clock, random, metrics);
    }

    @Override
    public String displayName() {
        return store.displayName();
    }

    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        attempts(deadline).until(() -> {
            store.checkAccess(deadline);
            return true;
        });
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        store.requirePossible(name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        return attempts(deadline).until(() -> store.head(name, deadline));
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        return attempts(deadline).until(() -> store.list(prefix, delimiter, continuation, maxEntries, deadline));
    }

    /** Goes on behind the bytes that the sink has, from the version that they are of. */
    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        Attempts attempts = attempts(deadline);
        ResumingRead read = new ResumingRead(range, precondition, sink, attempts::moved);
        attempts.until(() -> {
            try {
                read.attempt(store, name, deadline);
                return true;
            } finally {
                if (read.gotFurther()) {
                    attempts.progressed();
                }
            }
        });
        return read.version();
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        Attempts attempts = attempts(deadline);
        try {
            return attempts.until(() -> {
                BlobProperties put = store.put(name, body, headers, precondition, deadline);
                attempts.moved(body.lengthBytes());
                return put;
            });
        } catch (Changed changed) {
            if (attempts.answerWasLost()) {
                return new LostAnswer(this, name, changed, deadline).ofPut(body, headers, precondition);
            }
            throw changed;
        }
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        Attempts attempts = attempts(deadline);
        attempts.until(() -> {
            store.stageBlock(name, id, body, deadline);
            attempts.moved(body.lengthBytes());
            return true;
        });
    }

    /** A block that was staged twice is the same block. */
    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        attempts(deadline).until(() -> {
            store.stageBlockFrom(name, id, from, range, source, deadline);
            return true;
        });
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
        Attempts attempts = attempts(deadline);
        try {
            return attempts.until(() -> store.commitBlocks(name, blocks, lengthBytes, headers, precondition, deadline));
        } catch (Changed changed) {
            if (attempts.answerWasLost()) {
                return new LostAnswer(this, name, changed, deadline).ofCommit(blocks, headers, precondition);
            }
            throw changed;
        }
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        return attempts(deadline).until(() -> store.committedBlocks(name, deadline));
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        Attempts attempts = attempts(deadline);
        try {
            return attempts.until(() -> store.copy(from, source, labels, to, target, deadline));
        } catch (Changed changed) {
            throw attempts.answerWasLost() ? LostAnswer.open(changed) : changed;
        }
    }

    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        Attempts attempts = attempts(deadline);
        try {
            attempts.until(() -> {
                store.delete(name, precondition, deadline);
                return true;
            });
        } catch (NotFound gone) {
            if (!attempts.answerWasLost()) {
                throw gone;
            }
        }
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        Attempts attempts = attempts(deadline);
        try {
            return attempts.until(() -> store.setMetadata(name, metadata, precondition, deadline));
        } catch (Changed changed) {
            throw attempts.answerWasLost() ? LostAnswer.open(changed) : changed;
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private Attempts attempts(Deadline deadline) {
        return new Attempts(gate, policy, clock, random, metrics, deadline);
    }
}
