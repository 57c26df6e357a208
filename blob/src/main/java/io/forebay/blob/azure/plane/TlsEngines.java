package io.forebay.blob.azure.plane;

import io.netty.handler.ssl.OpenSsl;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what speaks TLS on one connection each, and shares sessions between them: BoringSSL, or Java itself on machines for
 * which there is no BoringSSL.
 */
public abstract sealed class TlsEngines permits BoringSslEngines, JavaEngines {
    private static final Logger LOG = LoggerFactory.getLogger(TlsEngines.class);

    /**
     * The fastest there is.
     *
     * @param trusted the certificates that a server's must come from
     * @throws SSLException if they cannot be used
     */
    public static TlsEngines trusting(TrustManagerFactory trusted) throws SSLException {
        if (OpenSsl.isAvailable()) {
            return ofBoringSsl(trusted);
        }
        LOG.warn(
                "https costs many times the processor time, since BoringSSL cannot be loaded reason=\"{}\"",
                reason(OpenSsl.unavailabilityCause()));
        return ofJava(trusted);
    }

    /** Only where BoringSSL can be loaded. */
    public static TlsEngines ofBoringSsl(TrustManagerFactory trusted) throws SSLException {
        return new BoringSslEngines(trusted);
    }

    /** Everywhere. */
    public static TlsEngines ofJava(TrustManagerFactory trusted) throws SSLException {
        return new JavaEngines(trusted);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /** A client's engine, named so that a session can be found again, which checks that the certificate is the host's. */
    abstract SSLEngine create(String host, int port);

    /** Gives back what {@code engine} holds outside the heap. Once; it may be in use, and fails or ends that. */
    abstract void release(SSLEngine engine);

    /** A buffer of the kind that these engines work on without copying it first. */
    abstract ByteBuffer newBuffer(int capacityBytes);
}
