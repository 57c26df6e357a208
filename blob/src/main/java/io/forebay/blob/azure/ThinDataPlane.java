package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.Origin;
import io.forebay.blob.azure.plane.PlaneClient;
import io.forebay.blob.azure.plane.Receiver;
import io.forebay.blob.azure.plane.Request;
import io.forebay.blob.azure.plane.Signing;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The data plane of our own: it says in REST what is wanted, and says what the answers mean. */
final class ThinDataPlane implements DataPlane {
    /**
     * More than the reads and uploads that a mount has in flight, and few enough for the service; a buffer of 128 KiB
     * belongs to each.
     */
    private static final int MAX_CONNECTIONS = 128;

    // What a header can carry.
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
    private static final ByteSink NOTHING_EXPECTED = bytes -> bytes.position(bytes.limit());
    private static final SortedMap<String, String> NO_QUERY = new TreeMap<>();

    private final String containerPath;
    private final PlaneClient client;

    ThinDataPlane(AzureStoreSettings settings, AzureAddress address) throws InvalidArgument {
        Origin origin = Origin.of(URI.create(address.accountUrl()));
        containerPath = "/" + address.containerName() + "/";
        client = new PlaneClient(
                origin,
                origin.encrypted() ? tls(settings) : null,
                signing(settings.credential()),
                AzureTransport.SERVICE_VERSION.getVersion(),
                MAX_CONNECTIONS,
                settings.stallLimit());
    }

    private static SSLContext tls(AzureStoreSettings settings) throws InvalidArgument {
        if (settings.caFile() != null) {
            return TrustedCertificates.read(settings.caFile());
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new InvalidArgument("Java's own certificates cannot be read; name a file of certificates", broken);
        }
    }

    private static Signing signing(AzureCredential credential) {
        return switch (credential) {
            case AzureCredential.SharedKey(String account, String key) -> Signing.SharedKey.of(account, key);
            case AzureCredential.Sas sas -> new Signing.Token(sas.query());
        };
    }

    PlaneClient client() {
        return client;
    }

    @Override
    public Etag read(
            AzureCall call, String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> headers = conditions(precondition);
        headers.put("x-ms-range", "bytes=" + range.offset() + "-" + (range.end() - 1));
        Request request = new Request("GET", path(name), NO_QUERY, headers, /* repeatable= */ true);
        RangeReceiver receiver = new RangeReceiver(call, range, sink);
        Answer answer = run(call, request, null, receiver, deadline);
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
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> sent = conditions(precondition);
        putChecksum(sent, md5);
        sent.put("content-type", BlobHeaders.OCTET_STREAM);
        sent.put("x-ms-blob-type", "BlockBlob");
        sent.put("x-ms-blob-content-type", printable(call, headers.contentType()));
        for (Map.Entry<String, String> pair :
                AzureShapes.metadata(call, headers.metadata()).entrySet()) {
            sent.put("x-ms-meta-" + pair.getKey().toLowerCase(Locale.ROOT), pair.getValue());
        }
        boolean repeatable = precondition instanceof Precondition.None;
        Request request = new Request("PUT", path(name), NO_QUERY, sent, repeatable);
        Answer answer = run(call, request, new SentBody(call, body), _ -> NOTHING_EXPECTED, deadline);
        return new BlobProperties(
                name,
                AzureShapes.etag(call, answer.header("etag")),
                body.lengthBytes(),
                AzureShapes.instant(call, answer.header("last-modified")),
                headers);
    }

    @Override
    public void stageBlock(
            AzureCall call, String name, BlockId id, BlobBody body, byte @Nullable [] md5, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> query = new TreeMap<>(Map.of("comp", "block", "blockid", id.base64()));
        SortedMap<String, String> headers = new TreeMap<>();
        putChecksum(headers, md5);
        headers.put("content-type", BlobHeaders.OCTET_STREAM);
        Request request = new Request("PUT", path(name), query, headers, /* repeatable= */ true);
        run(call, request, new SentBody(call, body), _ -> NOTHING_EXPECTED, deadline);
    }

    private Answer run(AzureCall call, Request request, @Nullable BlobBody body, Receiver receiver, Deadline deadline)
            throws ForebayException {
        try {
            Answer answer = client.run(request, body, receiver, deadline);
            if (!answer.isSuccess()) {
                throw AzureFailures.answered(call, Refusal.of(answer));
            }
            return answer;
        } catch (InterruptedException interrupted) {
            throw Exchange.interrupted(call, interrupted);
        } catch (IOException failed) {
            throw AzureFailures.translate(call, failed);
        }
    }

    private String path(String name) {
        return containerPath + Request.encode(name);
    }

    private static SortedMap<String, String> conditions(Precondition precondition) {
        SortedMap<String, String> headers = new TreeMap<>();
        switch (precondition) {
            case Precondition.None() -> {}
            case Precondition.IfMatch(Etag etag) -> headers.put("if-match", AzureShapes.quoted(etag));
            case Precondition.IfAbsent() -> headers.put("if-none-match", "*");
        }
        return headers;
    }

    private static void putChecksum(SortedMap<String, String> headers, byte @Nullable [] md5) {
        if (md5 != null) {
            headers.put("content-md5", Base64.getEncoder().encodeToString(md5));
        }
    }

    private static String printable(AzureCall call, String contentType) throws InvalidArgument {
        if (!PRINTABLE.matcher(contentType).matches()) {
            throw new InvalidArgument(call.failedBecause("a content type must be printable ASCII"));
        }
        return contentType.strip();
    }

    @Override
    public void close() {
        client.close();
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
                return new SentStream(call, body.open());
            } catch (IOException cannotOpen) {
                throw BodyChecks.failed(call, cannotOpen);
            }
        }
    }

    private static final class SentStream extends InputStream {
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
