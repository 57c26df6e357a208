package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.FileBytes;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.Receiver;
import io.forebay.blob.azure.plane.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data plane of our own: it says in REST what is wanted, and says what the answers mean.
 *
 * @param calls what runs the requests
 */
record ThinDataPlane(ThinCalls calls) implements DataPlane {
    @Override
    public Etag read(
            AzureCall call, String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> headers = ThinCalls.conditions(precondition);
        headers.put("x-ms-range", "bytes=" + range.offset() + "-" + (range.end() - 1));
        Request request = new Request("GET", calls.pathOf(name), ThinCalls.NO_QUERY, headers, /* repeatable= */ true);
        RangeReceiver receiver = new RangeReceiver(call, range, sink);
        Answer answer = calls.run(call, request, null, receiver, deadline);
        RangeChecks.checkEnd(call, range, receiver.takenBytes);
        return AzureShapes.etag(call, answer.header("etag"));
    }

    /**
     * Only without a condition may a lost request be sent again at once: of a conditional one whose answer is lost, the
     * second answer would speak of the first one's effect, which only {@link io.forebay.blob.RetryingBlobStore} can tell.
     */
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
        SortedMap<String, String> sent = ThinCalls.conditions(precondition);
        putChecksum(sent, md5);
        sent.put("content-type", BlobHeaders.OCTET_STREAM);
        sent.put("x-ms-blob-type", "BlockBlob");
        ThinCalls.putBlobHeaders(call, sent, headers);
        boolean repeatable = precondition instanceof Precondition.None;
        Request request = new Request("PUT", calls.pathOf(name), ThinCalls.NO_QUERY, sent, repeatable);
        Answer answer = calls.run(call, request, new SentBody(call, body), ThinCalls.NOTHING_EXPECTED, deadline);
        return new BlobProperties(
                name,
                AzureShapes.etag(call, answer.header("etag")),
                body.lengthBytes(),
                AzureShapes.instant(call, answer.header("last-modified")),
                headers.headers());
    }

    @Override
    public void stageBlock(
            AzureCall call, String name, BlockId id, BlobBody body, byte @Nullable [] md5, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> query = new TreeMap<>(Map.of("comp", "block", "blockid", id.base64()));
        SortedMap<String, String> headers = new TreeMap<>();
        putChecksum(headers, md5);
        headers.put("content-type", BlobHeaders.OCTET_STREAM);
        Request request = new Request("PUT", calls.pathOf(name), query, headers, /* repeatable= */ true);
        calls.run(call, request, new SentBody(call, body), ThinCalls.NOTHING_EXPECTED, deadline);
    }

    private static void putChecksum(SortedMap<String, String> headers, byte @Nullable [] md5) {
        if (md5 != null) {
            headers.put("content-md5", Base64.getEncoder().encodeToString(md5));
        }
    }

    /** Lets the bytes of one range through to the sink, and no others. */
    private static final class RangeReceiver implements Receiver, ByteSink {
        private final AzureCall call;
        private final ByteRange range;
        private final ByteSink sink;
        private long takenBytes;

        RangeReceiver(AzureCall call, ByteRange range, ByteSink sink) {
            this.call = call;
            this.range = range;
            this.sink = sink;
        }

        @Override
        public ByteSink begin(Answer answer) throws IOException {
            Etag etag = AzureShapes.etag(call, answer.header("etag"));
            RangeChecks.checkBegin(call, range, answer.header("content-range"));
            RangeChecks.checkNotMore(call, range, answer.announcedBytes());
            sink.begin(etag);
            return this;
        }

        @Override
        public void accept(ByteBuffer bytes) throws ForebayException {
            int count = bytes.remaining();
            RangeChecks.checkNotMore(call, range, takenBytes + count);
            try {
                sink.accept(bytes);
            } catch (ForebayException refused) {
                throw refused;
            } catch (IOException refused) {
                throw new ForebayException.Unexpected(
                        call.failedBecause("the bytes could not be taken: " + refused.getMessage()), refused);
            }
            takenBytes += count;
        }
    }

    /** A body whose failures are told apart from the network's. */
    private record SentBody(AzureCall call, BlobBody body) implements BlobBody {
        @Override
        public long lengthBytes() {
            return body.lengthBytes();
        }

        @Override
        public InputStream open() throws ForebayException {
            try {
                InputStream in = body.open();
                return in instanceof FileBytes file ? new SentFile(call, in, file) : new SentStream(call, in);
            } catch (IOException cannotOpen) {
                throw BodyChecks.failed(call, cannotOpen);
            }
        }
    }

    /** One that the kernel can send. What fails then is the body's only where it says so. */
    private static final class SentFile extends SentStream implements FileBytes {
        private final FileBytes file;

        SentFile(AzureCall call, InputStream in, FileBytes file) {
            super(call, in);
            this.file = file;
        }

        @Override
        public int sendTo(WritableByteChannel target) throws IOException {
            return file.sendTo(target);
        }
    }

    private static class SentStream extends InputStream {
        private final AzureCall call;
        private final InputStream in;

        SentStream(AzureCall call, InputStream in) {
            this.call = call;
            this.in = in;
        }

        @Override
        public int read() throws ForebayException {
            try {
                return in.read();
            } catch (IOException cannotRead) {
                throw BodyChecks.failed(call, cannotRead);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws ForebayException {
            try {
                return in.read(into, offset, length);
            } catch (IOException cannotRead) {
                throw BodyChecks.failed(call, cannotRead);
            }
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException alreadyRead) {
                // All its bytes have been read, or the upload has failed for a reason of its own.
            }
        }
    }
}
