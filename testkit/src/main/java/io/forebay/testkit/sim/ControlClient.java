package io.forebay.testkit.sim;

import io.forebay.testkit.azurite.SelfSignedCertificate;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Asks a simulator for small things: one connection for each, since a test does so a few times only. */
final class ControlClient {
    private static final int LIMIT_MILLIS = 30_000;

    private final URI address;
    private final SocketFactory sockets;

    /** @param certificate to trust, in PEM; null for http */
    ControlClient(URI address, @Nullable Path certificate) {
        this.address = address;
        this.sockets = certificate == null
                ? SocketFactory.getDefault()
                : SelfSignedCertificate.contextTrusting(certificate).getSocketFactory();
    }

    /** The body of the answer; an answer that is no success is thrown. */
    String ask(String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: simulator\r\nContent-Length: " + content.length
                + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = sockets.createSocket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 2")) {
                throw new IOException(method + " " + path + " was refused: " + answer);
            }
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
