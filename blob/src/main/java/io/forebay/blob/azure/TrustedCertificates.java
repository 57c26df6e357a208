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
import org.jspecify.annotations.Nullable;

/** The certificates that a server's must come from: the machine's, or those that a user trusts instead. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /** What Java trusts on this machine. */
    static TrustManagerFactory ofThisMachine() throws InvalidArgument {
        try {
            return trusting((KeyStore) null);
        } catch (GeneralSecurityException broken) {
            throw new InvalidArgument("Java's own certificates cannot be read; name a file of certificates", broken);
        }
    }

    /** A TLS context of Java that trusts what is in {@code file} and nothing else. */
    static SSLContext contextOf(Path file) throws InvalidArgument {
        TrustManagerFactory trusted = read(file);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new InvalidArgument("the certificates in " + file + " cannot be used", broken);
        }
    }

    /**
     * Trust in what is in {@code file} and nothing else.
     *
     * @param file one certificate or more, in PEM
     */
    static TrustManagerFactory read(Path file) throws InvalidArgument {
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

    private static TrustManagerFactory trusting(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int index = 0;
        for (Certificate certificate : certificates) {
            trusted.setCertificateEntry("ca-" + index, certificate);
            index++;
        }
        return trusting(trusted);
    }

    /** @param trusted null for what Java trusts by itself */
    private static TrustManagerFactory trusting(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }
}
