package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** A store whose blobs exist in every version, each byte a function of version and offset, and none of them zero. */
final class MadeUpStore implements BlockSource {
    /** Ends neither where pages do nor where fetches do. */
    private static final int DRIP_BYTES = 50_021;

    private final AtomicLong fetchedBytes = new AtomicLong();

    /** Small and large ones, some of one byte, some a whole number of pages. */
    static BlobVersion version(int blob, int etag) {
        long mixed = mix(blob * 31L + etag);
        long length =
                switch ((int) (mixed & 7)) {
                    case 0 -> 1;
                    case 1, 2 -> (1 + (mixed >>> 8) % 30) * PageMap.PAGE_BYTES;
                    case 3 -> 1 + (mixed >>> 8) % (4 << 20);
                    default -> 1 + (mixed >>> 8) % (600 << 10);
                };
        return new BlobVersion("made up", "blob-" + blob, new Etag("e" + etag), length);
    }

    static byte[] bytes(BlobVersion version, long offset, int length) {
        long seed = mix(
                version.name().hashCode() * 1_000_003L + version.etag().value().hashCode());
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = byteAt(seed, offset + i);
        }
        return bytes;
    }

    private static byte byteAt(long seed, long offset) {
        long mixed = seed + (offset >>> 3) * 0x9E3779B97F4A7C15L;
        mixed ^= mixed >>> 29;
        return (byte) (mixed >>> ((offset & 7) * 8) | 1);
    }

    private static long mix(long value) {
        long mixed = value * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 31) * 0x94D049BB133111EBL;
        return (mixed ^ mixed >>> 29) & Long.MAX_VALUE;
    }

    long fetchedBytes() {
        return fetchedBytes.get();
    }

    @Override
    public void read(BlobVersion version, ByteRange range, ByteSink sink, Deadline deadline) throws ForebayException {
        for (long at = range.offset(); at < range.end(); at += DRIP_BYTES) {
            int length = (int) Math.min(DRIP_BYTES, range.end() - at);
            fetchedBytes.addAndGet(length);
            try {
                sink.accept(ByteBuffer.wrap(bytes(version, at, length)));
            } catch (ForebayException known) {
                throw known;
            } catch (IOException unknown) {
                throw new ForebayException.Unexpected("sink", unknown);
            }
        }
    }
}
