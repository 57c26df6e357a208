package io.forebay.testkit.store;

import io.forebay.blob.ByteSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A sink that keeps what it was given. */
final class Collected implements ByteSink {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Override
    public void accept(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        received.writeBytes(piece);
    }

    byte[] bytes() {
        return received.toByteArray();
    }
}
