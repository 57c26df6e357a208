package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Reads the certificates that a user trusts instead of the machine's. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * A TLS context that trusts what is in {@code file} and nothing else.
     *
     * @param file one certificate or more, in PEM
     */
    static SSLContext read(Path file) throws InvalidArgument {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new InvalidArgument("there is no certificate in " + file + "; it must be PEM");
            }
            return trusting(certificates);
        } catch (InvalidArgument empty) {
            throw empty;
        } catch (IOException unreadable) {
            throw new InvalidArgument(
                    "cannot read the certificates in " + file + ": " + LocalDisk.reason(unreadable), unreadable);
        } catch (GeneralSecurityException malformed) {
            throw new InvalidArgument("the certificates in " + file + " are damaged; they must be PEM", malformed);
        }
    }

    private static SSLContext trusting(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int index = 0;
        for (Certificate certificate : certificates) {
            trusted.setCertificateEntry("ca-" + index, certificate);
            index++;
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
