package io.forebay.blob.azure.plane;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** Java's own TLS. Its ciphers work on arrays, and would copy a direct buffer into one and back. */
final class JavaEngines extends TlsEngines {
    private final SSLContext context;

    JavaEngines(TrustManagerFactory trusted) throws SSLException {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
        } catch (GeneralSecurityException broken) {
            throw new SSLException(broken);
        }
    }

    @Override
    SSLEngine create(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    void release(SSLEngine engine) {
        // It holds nothing outside the heap.
    }

    @Override
    ByteBuffer newBuffer(int capacityBytes) {
        return ByteBuffer.allocate(capacityBytes);
    }
}
