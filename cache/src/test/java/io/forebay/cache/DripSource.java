package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A block source in memory that hands bytes out in drips, counts them, and can be told to hold them back or to fail.
 */
final class DripSource implements BlockSource {
    private final Map<BlobVersion, byte[]> blobs = new ConcurrentHashMap<>();
    private final int dripBytes;
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong etags = new AtomicLong();
    private final List<ByteRange> asked = new ArrayList<>();
    /** No byte at or behind this offset is handed out; guarded by this. */
    private long dam = Long.MAX_VALUE;
    /** Reads end with this when they reach {@code failureAt}; guarded by this. */
    private @Nullable ForebayException failure;

    private long failureAt;
    private boolean failsOnce;

    DripSource(int dripBytes) {
        this.dripBytes = dripBytes;
    }

    BlobVersion add(String name, byte[] bytes) {
        BlobVersion version = new BlobVersion("memory", name, new Etag("e" + etags.incrementAndGet()), bytes.length);
        blobs.put(version, bytes.clone());
        return version;
    }

    synchronized void holdFrom(long offset) {
        dam = offset;
        notifyAll();
    }

    synchronized void failAt(long offset, ForebayException reason) {
        failureAt = offset;
        failure = reason;
        notifyAll();
    }

    /** Fails the next read that looks, and no other. */
    synchronized void failOnce(ForebayException reason) {
        failAt(0, reason);
        failsOnce = true;
    }

    synchronized void heal() {
        failure = null;
        notifyAll();
    }

    long fetchedBytes() {
        return fetchedBytes.get();
    }

    /** The ranges that were asked for, in order. */
    synchronized List<ByteRange> asked() {
        return List.copyOf(asked);
    }

    /** Waits until {@code count} ranges were asked for. */
    synchronized void awaitAsked(int count) throws InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(30), Clock.system());
        while (asked.size() < count) {
            if (deadline.passed()) {
                throw new AssertionError("only " + asked + " were asked for");
            }
            wait(1_000);
        }
    }

    @Override
    public void read(BlobVersion version, ByteRange range, ByteSink sink, Deadline deadline) throws ForebayException {
        byte[] bytes = blobs.get(version);
        if (bytes == null) {
            throw new ForebayException.Changed("there is no " + version);
        }
        note(range);
        int end = Math.toIntExact(range.end());
        for (int at = Math.toIntExact(range.offset()); at < end; ) {
            int length = Math.min(dripBytes, end - at);
            awaitLeave(at, length, deadline);
            hand(Arrays.copyOfRange(bytes, at, at + length), sink);
            at += length;
        }
    }

    private synchronized void note(ByteRange range) {
        asked.add(range);
        notifyAll();
    }

    private synchronized void awaitLeave(long at, int length, Deadline deadline) throws ForebayException {
        while (true) {
            if (failure != null && at + length > failureAt) {
                ForebayException reason = failure;
                failure = failsOnce ? null : reason;
                failsOnce = false;
                throw reason;
            }
            if (at + length <= dam) {
                return;
            }
            if (deadline.passed()) {
                throw new ForebayException.Unavailable("held back until the deadline");
            }
            try {
                wait(Math.clamp(deadline.remaining().toMillis(), 1, 1_000));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new ForebayException.Interrupted("held back", interrupt);
            }
        }
    }

    private void hand(byte[] drip, ByteSink sink) throws ForebayException {
        fetchedBytes.addAndGet(drip.length);
        try {
            sink.accept(ByteBuffer.wrap(drip));
        } catch (ForebayException known) {
            throw known;
        } catch (IOException unknown) {
            throw new ForebayException.Unexpected("sink", unknown);
        }
    }
}
