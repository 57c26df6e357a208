package io.forebay.blob.azure.plane;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** BoringSSL, as Netty carries it. Certificates are checked by Java. */
final class BoringSslEngines extends TlsEngines {
    private final SslContext context;

    BoringSslEngines(TrustManagerFactory trusted) throws SSLException {
        this.context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(trusted)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
    }

    @Override
    SSLEngine create(String host, int port) {
        return context.newEngine(UnpooledByteBufAllocator.DEFAULT, host, port);
    }

    @Override
    void release(SSLEngine engine) {
        ReferenceCountUtil.release(engine);
    }

    @Override
    ByteBuffer newBuffer(int capacityBytes) {
        return ByteBuffer.allocateDirect(capacityBytes);
    }
}
