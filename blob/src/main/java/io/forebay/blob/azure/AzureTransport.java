package io.forebay.blob.azure;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.AddDatePolicy;
import com.azure.core.http.policy.AzureSasCredentialPolicy;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.util.Configuration;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.ScrubEtagPolicy;
import com.azure.storage.common.policy.StorageSharedKeyCredentialPolicy;
import io.forebay.base.error.ForebayException.InvalidArgument;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.publisher.Mono;

/**
 * The SDK's client of one container over an HTTP client of its own.
 *
 * <p>The pipeline is put together by hand, because the SDK's own holds what must not be here: retries (they belong to
 * {@link io.forebay.blob.RetryingBlobStore} alone), logging of requests and a look into the environment. The JDK's client
 * below does repeat one thing by itself, at once and a few times at most: a GET or HEAD on a kept connection that turned
 * out to be closed before the first byte of an answer.
 */
final class AzureTransport implements AutoCloseable {
    /** {@link ThinCalls#SERVICE_VERSION}, as the SDK names it. */
    static final BlobServiceVersion SERVICE_VERSION = BlobServiceVersion.V2023_11_03;

    /** Three SYN packets (1 s, 2 s and 4 s apart) and some. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** {@link Exchange} bounds every wait; a second clock in the client would only cost a thread hop for each piece. */
    private static final Duration UNLIMITED = Duration.ZERO;

    /**
     * Stands for the account while the SDK builds a URL. Given the real address, the SDK guesses from its form where the
     * account ends and the container begins, and is wrong for a path-style address without a port and for a host-style
     * address with one.
     */
    private static final String PLACEHOLDER = "https://account.invalid";

    private final ExecutorService threads;
    private final HttpClient http;
    private final BlobContainerAsyncClient container;

    AzureTransport(AzureStoreSettings settings, AzureAddress address) throws InvalidArgument {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (settings.caFile() != null) {
            builder.sslContext(TrustedCertificates.contextOf(settings.caFile()));
        }
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("azure-http-", 0).factory());
        KeptClientBuilder kept = new KeptClientBuilder(builder.executor(threads));
        com.azure.core.http.HttpClient client = new JdkHttpClientBuilder(kept)
                .configuration(Configuration.NONE)
                .connectionTimeout(CONNECT_LIMIT)
                .writeTimeout(UNLIMITED)
                .responseTimeout(UNLIMITED)
                .readTimeout(UNLIMITED)
                .build();
        http = kept.client();
        container = new BlobContainerClientBuilder()
                .endpoint(PLACEHOLDER)
                .containerName(address.containerName())
                .serviceVersion(SERVICE_VERSION)
                .pipeline(pipeline(client, settings.credential(), address))
                .buildAsyncClient();
    }

    BlobContainerAsyncClient container() {
        return container;
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }

    private static HttpPipeline pipeline(
            com.azure.core.http.HttpClient client, AzureCredential credential, AzureAddress address) {
        return new HttpPipelineBuilder()
                .httpClient(client)
                .policies(
                        new UserAgentPolicy("forebay"),
                        new RequestIdPolicy(),
                        new AddDatePolicy(),
                        new AccountPolicy(address.accountUrl()),
                        signing(credential),
                        new ScrubEtagPolicy())
                .build();
    }

    private static HttpPipelinePolicy signing(AzureCredential credential) {
        return switch (credential) {
            case AzureCredential.SharedKey(String account, String key) ->
                new StorageSharedKeyCredentialPolicy(new StorageSharedKeyCredential(account, key));
            case AzureCredential.Sas sas ->
                new AzureSasCredentialPolicy(new AzureSasCredential(sas.query()), /* requireHttps= */ false);
        };
    }

    /** Puts the account's real address into each request, before it is signed. */
    private record AccountPolicy(String accountUrl) implements HttpPipelinePolicy {
        @Override
        public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
            String built = context.getHttpRequest().getUrl().toString();
            if (!built.startsWith(PLACEHOLDER)) {
                return Mono.error(new IllegalStateException("the SDK built a URL for another account"));
            }
            context.getHttpRequest().setUrl(accountUrl + built.substring(PLACEHOLDER.length()));
            return next.process();
        }
    }
}
