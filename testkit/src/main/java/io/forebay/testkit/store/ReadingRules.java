package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Ranges, and which version their bytes belong to. */
abstract class ReadingRules extends StoreRules {
    ReadingRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void aRangeIsExactlyThoseBytes() throws Exception {
        byte[] content = noise(2, 3_000_017);
        BlobProperties put = put("b", content);
        Random random = new Random(5);
        for (int round = 0; round < 25; round++) {
            int offset = random.nextInt(content.length);
            int length = 1 + random.nextInt(Math.min(content.length - offset, 1 << (1 + random.nextInt(20))));
            assertThat(contentOf("b", new ByteRange(offset, length), ifStill(put)))
                    .isEqualTo(slice(content, offset, length));
        }
        assertThat(contentOf("b", new ByteRange(0, 1), ANY)).isEqualTo(slice(content, 0, 1));
        assertThat(contentOf("b", new ByteRange(content.length - 1, 1), ANY))
                .isEqualTo(slice(content, content.length - 1, 1));
        assertThat(contentOf("b", new ByteRange(0, content.length), ANY)).isEqualTo(content);
    }

    @Test
    void aReadNamesTheVersionItCameFrom() throws Exception {
        BlobProperties put = put("b", bytes("content"));
        ByteRange range = new ByteRange(0, 7);
        assertThat(store().read("b", range, ANY, new Collected(), soon())).isEqualTo(put.etag());
        assertThat(store().read("b", range, ifStill(put), new Collected(), soon()))
                .isEqualTo(put.etag());
    }

    @Test
    void theSinkLearnsTheVersionBeforeTheFirstByte() throws Exception {
        BlobProperties put = put("b", bytes("content"));
        List<Object> told = new ArrayList<>();
        ByteSink sink = new ByteSink() {
            @Override
            public void begin(Etag version) {
                told.add(version);
            }

            @Override
            public void accept(ByteBuffer piece) {
                told.add(piece.remaining());
            }
        };
        store().read("b", new ByteRange(0, 7), ANY, sink, soon());
        assertThat(told).startsWith(put.etag()).hasSizeGreaterThan(1);
    }

    @Test
    void anotherVersionIsChangedAndGivesNoBytes() throws Exception {
        BlobProperties first = put("b", bytes("first"));
        put("b", bytes("second"));
        Collected collected = new Collected();
        assertChanged(() -> store().read("b", new ByteRange(0, 5), ifStill(first), collected, soon()));
        assertThat(collected.bytes()).isEmpty();
    }

    @Test
    void metadataAloneMakesAnotherVersionToo() throws Exception {
        BlobProperties first = put("b", bytes("first"));
        store().setMetadata("b", first.metadata().with("k", "v"), ANY, soon());
        assertChanged(() -> contentOf("b", new ByteRange(0, 5), ifStill(first)));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertNotFound(() -> contentOf("absent", new ByteRange(0, 1), ANY));
        BlobProperties put = put("b", bytes("x"));
        delete("b");
        assertMissing(() -> contentOf("b", new ByteRange(0, 1), ifStill(put)));
    }

    @Test
    void aRangeBeyondTheEndIsNeverSuccess() throws Exception {
        put("b", bytes("12345"));
        put("empty", new byte[0]);
        for (ByteRange range : new ByteRange[] {new ByteRange(0, 6), new ByteRange(4, 2), new ByteRange(5, 1)}) {
            assertBeyondTheEnd("b", range);
        }
        assertBeyondTheEnd("empty", new ByteRange(0, 1));
    }

    private void assertBeyondTheEnd(String name, ByteRange range) {
        assertThatThrownBy(() -> contentOf(name, range, ANY))
                .isInstanceOfAny(ForebayException.InvalidArgument.class, ForebayException.Corrupt.class);
    }

    @Test
    void theSinksOwnFailureEndsTheRead() throws Exception {
        put("b", bytes("12345"));
        ForebayException.NoSpace full = new ForebayException.NoSpace("the cache disk is full");
        ByteSink failing = _ -> {
            throw full;
        };
        assertThat(catchThrowable(() -> store().read("b", new ByteRange(0, 5), ANY, failing, soon())))
                .isSameAs(full);

        IOException plain = new IOException("the sink is broken");
        ByteSink broken = _ -> {
            throw plain;
        };
        assertThatThrownBy(() -> store().read("b", new ByteRange(0, 5), ANY, broken, soon()))
                .isInstanceOf(ForebayException.class)
                .hasStackTraceContaining("the sink is broken");
    }

    @Test
    void aBlobReplacedUnderAReaderIsNeverMixed() throws Exception {
        byte[] old = noise(3, 8 << 20);
        BlobProperties first = put("b", old);
        Collected collected = new Collected();
        AtomicBoolean replaced = new AtomicBoolean();
        ByteSink replacing = bytes -> {
            if (replaced.compareAndSet(false, true)) {
                put("b", noise(4, 8 << 20));
            }
            collected.accept(bytes);
        };
        Throwable failure = catchThrowable(
                () -> store().read("b", new ByteRange(0, old.length), ifStill(first), replacing, soon()));
        if (failure == null) {
            assertThat(collected.bytes()).isEqualTo(old);
        } else {
            assertThat(failure).isInstanceOf(ForebayException.Changed.class);
            assertThat(collected.bytes()).isEqualTo(slice(old, 0, collected.bytes().length));
        }
    }
}
