package io.forebay.testkit.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.Origin;
import io.forebay.blob.azure.plane.PlaneClient;
import io.forebay.blob.azure.plane.Receiver;
import io.forebay.blob.azure.plane.Request;
import io.forebay.blob.azure.plane.Signing;
import io.forebay.blob.azure.plane.TlsEngines;
import io.forebay.testkit.azurite.SelfSignedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Both that can speak TLS, with a server that keeps one body. */
@ParameterizedClass
@EnumSource(TlsEnginesTest.Kind.class)
final class TlsEnginesTest {
    private static final Signing NO_SIGNATURE = new Signing.Token("");
    private static final int LARGE_BYTES = 5_000_011;
    private static final String SILENT = "/silent";

    @TempDir
    static Path folder;

    private final Kind kind;
    private SelfSignedCertificate certificate;
    private HttpsServer server;
    private ExecutorService threads;
    private volatile byte[] kept = {};

    TlsEnginesTest(Kind kind) {
        this.kind = kind;
    }

    enum Kind {
        BORING_SSL {
            @Override
            TlsEngines trusting(TrustManagerFactory trusted) throws SSLException {
                return TlsEngines.ofBoringSsl(trusted);
            }
        },
        JAVA {
            @Override
            TlsEngines trusting(TrustManagerFactory trusted) throws SSLException {
                return TlsEngines.ofJava(trusted);
            }
        };

        abstract TlsEngines trusting(TrustManagerFactory trusted) throws SSLException;
    }

    @BeforeEach
    void start() throws Exception {
        certificate = SelfSignedCertificate.create(Files.createTempDirectory(folder, "certificate"));
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpsServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private SSLContext serverContext() throws IOException, GeneralSecurityException {
        char[] password = certificate.password().toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.keyStore())) {
            keys.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals(SILENT)) {
            return; // and the connection stays open
        }
        try (exchange) {
            if (exchange.getRequestMethod().equals("PUT")) {
                kept = exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(201, -1);
            } else {
                exchange.sendResponseHeaders(200, kept.length);
                exchange.getResponseBody().write(kept);
            }
        }
    }

    private TrustManagerFactory trusted(boolean ours) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        SelfSignedCertificate other = ours ? certificate : another();
        try (InputStream in = Files.newInputStream(other.pem())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static SelfSignedCertificate another() throws IOException {
        try {
            return SelfSignedCertificate.create(Files.createTempDirectory(folder, "another"));
        } catch (InterruptedException interrupt) {
            throw new IOException(interrupt);
        }
    }

    private PlaneClient client(String host, TrustManagerFactory trusted) throws SSLException {
        URI account = URI.create("https://" + host + ":" + server.getAddress().getPort());
        return new PlaneClient(
                Origin.of(account), kind.trusting(trusted), NO_SIGNATURE, "2025-01-05", 8, Duration.ofSeconds(30));
    }

    private static Deadline within(int seconds) {
        return Deadline.after(Duration.ofSeconds(seconds), Clock.system());
    }

    private static Answer put(PlaneClient client, byte[] content) throws IOException, InterruptedException {
        Request request = new Request("PUT", "/blob", new TreeMap<>(), new TreeMap<>(), true);
        return client.run(request, BlobBody.of(content), _ -> _ -> {}, within(30));
    }

    private static byte[] get(PlaneClient client, String path, int seconds) throws IOException, InterruptedException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Receiver receiver = _ -> piece -> {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            read.writeBytes(bytes);
        };
        Request request = new Request("GET", path, new TreeMap<>(), new TreeMap<>(), true);
        client.run(request, null, receiver, within(seconds));
        return read.toByteArray();
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Test
    void bytesOfAllLengthsGoBothWays() throws Exception {
        try (PlaneClient client = client("127.0.0.1", trusted(true))) {
            for (int bytes : new int[] {0, 1, 16_383, 16_384, 16_385, 131_072, LARGE_BYTES}) {
                byte[] content = random(bytes);
                assertThat(put(client, content).status()).isEqualTo(201);
                assertThat(get(client, "/blob", 30)).isEqualTo(content);
            }
        }
    }

    @Test
    void connectionsSideBySideDoNotMixTheirBytes() throws Exception {
        try (PlaneClient client = client("localhost", trusted(true))) {
            byte[] content = random(LARGE_BYTES);
            put(client, content);
            List<Future<byte[]>> reads = new ArrayList<>();
            for (int reader = 0; reader < 8; reader++) {
                reads.add(threads.submit(() -> get(client, "/blob", 30)));
            }
            for (Future<byte[]> read : reads) {
                assertThat(read.get()).isEqualTo(content);
            }
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() throws Exception {
        try (PlaneClient client = client("127.0.0.1", trusted(false))) {
            assertThatThrownBy(() -> get(client, "/blob", 30)).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        try (PlaneClient client = client("127.0.0.2", trusted(true))) {
            assertThatThrownBy(() -> get(client, "/blob", 30)).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aServerThatFallsSilentIsLeftAtTheDeadlineAndTheNextCallSucceeds() throws Exception {
        try (PlaneClient client = client("127.0.0.1", trusted(true))) {
            byte[] content = random(1000);
            put(client, content);
            assertThatThrownBy(() -> get(client, SILENT, 1)).isInstanceOf(SocketTimeoutException.class);
            assertThat(get(client, "/blob", 30)).isEqualTo(content);
        }
    }
}
