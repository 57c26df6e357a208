package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.Origin;
import io.forebay.blob.azure.plane.PlaneClient;
import io.forebay.blob.azure.plane.Receiver;
import io.forebay.blob.azure.plane.Request;
import io.forebay.blob.azure.plane.Signing;
import io.forebay.blob.azure.plane.TlsEngines;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The requests of our own client to one container, and what it means when they are refused or break. */
final class ThinCalls implements AutoCloseable {
    /**
     * Of the REST interface. In every public and sovereign cloud, on Azure Stack Hub's successors and in Azurite; newer
     * ones add nothing that Forebay uses.
     */
    static final String SERVICE_VERSION = "2023-11-03";

    /**
     * More than the requests that a mount has under way, and few enough for the service; a buffer belongs to each.
     */
    private static final int MAX_CONNECTIONS = 128;

    static final SortedMap<String, String> NO_QUERY = new TreeMap<>();
    static final Receiver NOTHING_EXPECTED = _ -> bytes -> bytes.position(bytes.limit());

    // What a header can carry.
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    private final String containerPath;
    private final PlaneClient client;

    ThinCalls(AzureStoreSettings settings, AzureAddress address) throws InvalidArgument {
        Origin origin = Origin.of(URI.create(address.accountUrl()));
        containerPath = "/" + address.containerName();
        client = new PlaneClient(
                origin,
                origin.encrypted() ? tls(settings) : null,
                signing(settings.credential()),
                SERVICE_VERSION,
                MAX_CONNECTIONS,
                settings.stallLimit());
    }

    private static TlsEngines tls(AzureStoreSettings settings) throws InvalidArgument {
        TrustManagerFactory trusted = settings.caFile() == null
                ? TrustedCertificates.ofThisMachine()
                : TrustedCertificates.read(settings.caFile());
        try {
            return TlsEngines.trusting(trusted);
        } catch (SSLException broken) {
            throw new InvalidArgument("https cannot be spoken with the trusted certificates", broken);
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

    /** A request without a body to the container itself. */
    Request ofContainer(String method, Map<String, String> query) {
        return new Request(method, containerPath, new TreeMap<>(query), new TreeMap<>(), /* repeatable= */ true);
    }

    /** The path of a blob. */
    String pathOf(String name) {
        return containerPath + "/" + Request.encode(name);
    }

    /**
     * Runs one request.
     *
     * @return the answer, which is a success
     */
    Answer run(AzureCall call, Request request, @Nullable BlobBody body, Receiver receiver, Deadline deadline)
            throws ForebayException {
        try {
            Answer answer = client.run(request, body, receiver, deadline);
            if (!answer.isSuccess()) {
                throw AzureFailures.answered(call, Refusal.of(answer));
            }
            return answer;
        } catch (InterruptedException interrupted) {
            throw AzureFailures.interrupted(call, interrupted);
        } catch (IOException failed) {
            throw AzureFailures.translate(call, failed);
        }
    }

    /** The headers that make a request conditional; more can be added. */
    static SortedMap<String, String> conditions(Precondition precondition) {
        SortedMap<String, String> headers = new TreeMap<>();
        putConditions(headers, "", precondition);
        return headers;
    }

    /** @param prefix of the headers' names: {@code x-ms-source-} for the blob that is copied from */
    static void putConditions(Map<String, String> headers, String prefix, Precondition precondition) {
        switch (precondition) {
            case Precondition.None() -> {}
            case Precondition.IfMatch(Etag etag) -> headers.put(prefix + "if-match", AzureShapes.quoted(etag));
            case Precondition.IfAbsent() -> headers.put(prefix + "if-none-match", "*");
        }
    }

    /** Adds to headers what is to travel with the blob. */
    static void putBlobHeaders(AzureCall call, Map<String, String> headers, SentHeaders sent) throws InvalidArgument {
        ContentHeaders content = sent.headers().content();
        putContent(call, headers, "type", content.type());
        putContent(call, headers, "encoding", content.encoding());
        putContent(call, headers, "language", content.language());
        putContent(call, headers, "disposition", content.disposition());
        if (!content.cacheControl().isEmpty()) {
            headers.put("x-ms-blob-cache-control", printable(call, "cache control", content.cacheControl()));
        }
        AzureShapes.putMetadata(call, headers, sent.headers().metadata());
        headers.putAll(AzureShapes.labelHeaders(sent.headers().labels(), sent.tags()));
    }

    private static void putContent(AzureCall call, Map<String, String> headers, String what, String text)
            throws InvalidArgument {
        if (!text.isEmpty()) {
            headers.put("x-ms-blob-content-" + what, printable(call, "content " + what, text));
        }
    }

    private static String printable(AzureCall call, String what, String text) throws InvalidArgument {
        if (!PRINTABLE.matcher(text).matches()) {
            throw new InvalidArgument(call.failedBecause("a " + what + " must be printable ASCII"));
        }
        return text.strip();
    }

    @Override
    public void close() {
        client.close();
    }
}
