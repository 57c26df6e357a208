package io.forebay.testkit.azurite;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key for 127.0.0.1 and localhost, good for a day, made by the JDK's own keytool.
 *
 * @param keyStore key and certificate, PKCS#12
 * @param password of the key store
 * @param pem the certificate alone
 */
public record SelfSignedCertificate(Path keyStore, String password, Path pem) {
    private static final long LIMIT_SECONDS = 60;

    /** Makes one, in files of that folder. */
    public static SelfSignedCertificate create(Path folder) throws IOException, InterruptedException {
        SelfSignedCertificate made =
                new SelfSignedCertificate(folder.resolve("key.p12"), "only-for-tests", folder.resolve("cert.pem"));
        made.keytool(
                List.of("-genkeypair", "-alias", "azurite", "-keyalg", "EC", "-groupname", "secp256r1"),
                List.of(
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "1",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12"));
        made.keytool(
                List.of("-exportcert", "-rfc", "-alias", "azurite"),
                List.of("-file", made.pem().toString()));
        return made;
    }

    /** A client that trusts {@code pem} and nothing else. */
    static HttpClient clientTrusting(Path pem) {
        return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(contextTrusting(pem))).build();
    }

    /** Trusts {@code pem} and nothing else. */
    public static SSLContext contextTrusting(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalStateException("the certificate that was just made cannot be read", unreadable);
        }
    }

    private void keytool(List<String> command, List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(command);
        line.addAll(arguments);
        line.addAll(List.of("-keystore", keyStore.toString(), "-storepass", password));
        Path output = Files.createTempFile(keyStore.toAbsolutePath().getParent(), "keytool", ".log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + Files.readString(output));
        }
    }
}
