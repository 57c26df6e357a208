package io.forebay.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.Charset;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every answer and every breakdown has one meaning. */
class AzureFailuresTest {
    private static final AzureCall CALL = new AzureCall("read blob a/b", "https://acct.blob.core.windows.net/train");

    private static ForebayException answered(int status, String code, HttpHeaders headers) {
        if (!code.isEmpty()) {
            headers.set(HttpHeaderName.fromString("x-ms-error-code"), code);
        }
        headers.set(HttpHeaderName.fromString("x-ms-request-id"), "id-17");
        Response response = new Response(status, headers);
        return SdkFailures.translate(
                CALL, new HttpResponseException("the MAC signature 'c2VjcmV0' is not the same", response));
    }

    @ParameterizedTest
    @CsvSource({
        "404, BlobNotFound, NotFound, no such blob",
        "404, ContainerNotFound, NotFound, no such container",
        "404, '', NotFound, no such blob",
        "404, CannotVerifyCopySource, NotFound, no such blob",
        "409, BlobAlreadyExists, Changed, exists",
        "409, UnheardOf, Changed, not the version",
        "412, ConditionNotMet, Changed, not the version",
        "412, TargetConditionNotMet, Changed, not the version",
        "412, LeaseIdMissing, Denied, lease",
        "304, '', Changed, not the version",
        "401, NoAuthenticationInformation, Denied, check",
        "403, AuthenticationFailed, Denied, check the account key",
        "403, AuthorizationPermissionMismatch, Denied, permissions of the SAS token",
        "403, AuthorizationFailure, Denied, firewall",
        "403, AuthorizationProtocolMismatch, Denied, https",
        "403, UnheardOf, Denied, expiry",
        "400, InvalidBlockList, InvalidArgument, neither staged nor committed",
        "400, InvalidMetadata, InvalidArgument, rejects",
        "400, Md5Mismatch, Corrupt, changed on their way",
        "409, InvalidBlobType, Unsupported, block blob",
        "409, BlobArchived, Unsupported, online tier",
        "409, PendingCopyOperation, Unavailable, busy",
        "413, RequestBodyTooLarge, TooLarge, larger",
        "416, InvalidRange, InvalidArgument, range",
        "408, '', Unavailable, busy",
        "429, '', Unavailable, busy",
        "500, InternalError, Unavailable, busy",
        "500, OperationTimedOut, Unavailable, busy",
        "502, '', Unavailable, busy",
        "503, ServerBusy, Unavailable, busy",
        "504, '', Unavailable, busy",
        "507, '', NoSpace, full",
        "501, '', Unsupported, cannot",
        "200, '', Unexpected, no answer of a Blob service",
        "302, '', Unexpected, check the endpoint",
        "418, '', Unexpected, check the endpoint",
    })
    void anAnswerHasOneMeaning(int status, String code, String kind, String words) {
        ForebayException translated = answered(status, code, new HttpHeaders());
        assertThat(translated.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(translated)
                .hasMessageStartingWith("cannot read blob a/b in https://acct.blob.core.windows.net/train: ")
                .hasMessageContaining(words)
                .hasMessageContaining("HTTP " + status)
                .hasMessageContaining(code)
                .hasMessageContaining("request id id-17");
        // Azure's text for a refused request repeats the signature.
        assertThat(translated).hasNoCause();
        assertThat(translated.getMessage()).doesNotContain("c2VjcmV0");
    }

    @Test
    void retryAfterIsKept() {
        HttpHeaders seconds = new HttpHeaders().set(HttpHeaderName.RETRY_AFTER, "7");
        assertThat(((ForebayException.Unavailable) answered(503, "ServerBusy", seconds)).retryAfter())
                .contains(Duration.ofSeconds(7));
        HttpHeaders milliseconds = new HttpHeaders().set(HttpHeaderName.fromString("x-ms-retry-after-ms"), "250");
        assertThat(((ForebayException.Unavailable) answered(429, "", milliseconds)).retryAfter())
                .contains(Duration.ofMillis(250));
        HttpHeaders date = new HttpHeaders().set(HttpHeaderName.RETRY_AFTER, "Wed, 21 Oct 2026 07:28:00 GMT");
        assertThat(((ForebayException.Unavailable) answered(503, "", date)).retryAfter())
                .isEmpty();
    }

    @Test
    void whatBreaksOnTheWayIsUnavailable() {
        ConnectException unresolved = new ConnectException();
        unresolved.initCause(new UnresolvedAddressException());
        for (Throwable broken : new Throwable[] {
            new ConnectException("Connection refused"),
            unresolved,
            new HttpConnectTimeoutException("connect timed out"),
            new HttpTimeoutException("timed out"),
            new SocketException("Connection reset"),
            new IOException("fixed content-length: 9, bytes received: 3"),
            new SSLException("closed in handshake"),
            new TimeoutException("too late"),
        }) {
            for (Throwable wrapped : new Throwable[] {
                broken,
                new ExecutionException(broken),
                new CompletionException(broken),
                Exceptions.propagate(broken),
                new UncheckedIOException(broken instanceof IOException io ? io : new IOException(broken.getMessage())),
            }) {
                assertThat(SdkFailures.translate(CALL, wrapped))
                        .as("%s", wrapped)
                        .isInstanceOf(ForebayException.Unavailable.class);
            }
        }
        assertThat(SdkFailures.translate(CALL, unresolved)).hasMessageContaining("host is not known");
    }

    @Test
    void aCertificateNobodyKnowsIsNotRepeated() {
        SSLHandshakeException unknown = new SSLHandshakeException("PKIX path building failed");
        unknown.initCause(new CertificateException("unable to find valid certification path"));
        assertThat(SdkFailures.translate(CALL, unknown))
                .isInstanceOf(ForebayException.Denied.class)
                .hasMessageContaining("certificate is not trusted");
    }

    @Test
    void ourOwnFailuresPass() {
        ForebayException own = new ForebayException.NoSpace("the disk is full");
        assertThat(SdkFailures.translate(CALL, new ExecutionException(own))).isSameAs(own);
    }

    @Test
    void anInterruptIsOne() {
        assertThat(SdkFailures.translate(CALL, new ExecutionException(new InterruptedException())))
                .isInstanceOf(ForebayException.Interrupted.class);
    }

    @Test
    void whatNobodyForesawIsUnexpectedAndKeepsItsStackButNoSignature() {
        RuntimeException strange = new IllegalArgumentException(
                "Illegal character in query: https://acct.blob.core.windows.net/c?sv=1&sig=abc%2Fdef&se=2");
        ForebayException translated = SdkFailures.translate(CALL, strange);
        assertThat(translated)
                .isInstanceOf(ForebayException.Unexpected.class)
                .hasMessageContaining("IllegalArgumentException")
                .hasMessageContaining("sig=***&se=2");
        assertThat(translated.getCause())
                .isNotNull()
                .extracting(Throwable::getStackTrace)
                .isEqualTo(strange.getStackTrace());
        assertThat(translated)
                .extracting(AzureFailuresTest::wholeText)
                .asString()
                .doesNotContain("abc%2Fdef");
    }

    private static String wholeText(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            text.append(each).append('\n');
        }
        return text.toString();
    }

    /** An answer without a body. */
    private static final class Response extends HttpResponse {
        private final int status;
        private final HttpHeaders headers;

        Response(int status, HttpHeaders headers) {
            super(new HttpRequest(HttpMethod.GET, "https://acct.blob.core.windows.net/train/a"));
            this.status = status;
            this.headers = headers;
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.empty();
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.empty();
        }
    }
}
