package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.testkit.store.MemoryBlobStore;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StoreBlockSourceTest {
    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final StoreBlockSource source = new StoreBlockSource(store);
    private final byte[] bytes = Bytes.random(200_000, 1);

    @Test
    void handsOutExactlyTheRange() throws Exception {
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        source.read(
                put(bytes),
                new ByteRange(77, 150_000),
                piece -> {
                    byte[] copy = new byte[piece.remaining()];
                    piece.get(copy);
                    got.writeBytes(copy);
                },
                Bytes.soon());

        assertThat(got.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 77, 150_077));
    }

    @Test
    void neverReadsAnotherVersion() throws Exception {
        BlobVersion old = put(bytes);
        put(Bytes.random(200_000, 2));

        assertThatThrownBy(() -> source.read(old, new ByteRange(0, 10), _ -> {}, Bytes.soon()))
                .isInstanceOf(ForebayException.Changed.class);
    }

    private BlobVersion put(byte[] content) throws ForebayException {
        BlobProperties properties =
                store.put("a", BlobBody.of(content), BlobHeaders.NONE, Precondition.none(), Bytes.soon());
        return new BlobVersion("memory", "a", properties.etag(), content.length);
    }
}
