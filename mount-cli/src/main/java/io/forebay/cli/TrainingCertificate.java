package io.forebay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key for 127.0.0.1, good for a day, made by the keytool of the Java that trains.
 *
 * @param keyStore key and certificate, PKCS#12
 * @param pem the certificate alone
 */
record TrainingCertificate(Path keyStore, Path pem) {
    /** It guards a key that nobody trusts but one mount of zeros. */
    private static final String PASSWORD = "training";

    private static final String ALIAS = "store";

    /** Makes one, in files of that folder. */
    static TrainingCertificate make(Path folder) throws IOException, InterruptedException {
        TrainingCertificate made = new TrainingCertificate(folder.resolve("key.p12"), folder.resolve("cert.pem"));
        made.keytool(
                "-genkeypair -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 1 -ext san=ip:127.0.0.1");
        made.keytool("-exportcert -rfc -file " + made.pem);
        return made;
    }

    private void keytool(String words) throws IOException, InterruptedException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String all = "%s %s -alias %s -storetype PKCS12 -keystore %s -storepass %s"
                .formatted(program, words, ALIAS, keyStore, PASSWORD);
        Process process = new ProcessBuilder(List.of(all.split(" ", -1)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool did not make a key");
        }
    }

    /** What a server needs that shows the certificate in {@code keyStore}. */
    static SSLContext serverContext(Path keyStore) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
