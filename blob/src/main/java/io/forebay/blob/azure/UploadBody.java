package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * A {@link BlobBody} on its way out, read piece by piece as the socket takes them, so that no body is ever in memory.
 *
 * <p>The SDK's own ways to take a stream mark it at its beginning, or collect it, and so hold all of it.
 */
final class UploadBody {
    /** Four TLS records; large enough that the hand-over between threads does not show, small against any budget. */
    private static final int PIECE_BYTES = 64 << 10;

    private final BlobBody body;
    private volatile long sentBytes;
    private volatile @Nullable IOException failure;

    UploadBody(BlobBody body) {
        this.body = body;
    }

    /** How far it has got; what tells a slow upload from a dead one. */
    long sentBytes() {
        return sentBytes;
    }

    /** What went wrong on our side of the wire, if anything did; it explains whatever the client then says. */
    @Nullable
    IOException failure() {
        return failure;
    }

    Flux<ByteBuffer> pieces() {
        return body.lengthBytes() == 0 ? Flux.empty() : Flux.generate(this::open, this::emit, UploadBody::close);
    }

    private InputStream open() throws IOException {
        sentBytes = 0;
        try {
            return body.open();
        } catch (IOException cannotOpen) {
            failure = cannotOpen;
            throw cannotOpen;
        }
    }

    private InputStream emit(InputStream in, SynchronousSink<ByteBuffer> sink) {
        try {
            long left = body.lengthBytes() - sentBytes;
            if (left == 0) {
                sink.complete();
                return in;
            }
            byte[] piece = in.readNBytes((int) Math.min(left, PIECE_BYTES));
            // Before the last piece leaves, so that a body of the wrong length is never accepted by the store.
            boolean tooLong = piece.length == left && in.read() >= 0;
            if (piece.length == 0 || tooLong) {
                throw new ForebayException.Corrupt("the body to be sent is " + (tooLong ? "longer" : "shorter")
                        + " than the " + body.lengthBytes() + " bytes announced");
            }
            // One writer at a time: the subscription asks for the next piece when this one is taken.
            sentBytes = body.lengthBytes() - left + piece.length;
            sink.next(ByteBuffer.wrap(piece));
        } catch (IOException cannotRead) {
            failure = cannotRead;
            sink.error(cannotRead);
        }
        return in;
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException alreadyRead) {
            // All its bytes have been read, or the upload has failed for a reason of its own.
        }
    }
}
