package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BlobUploaderTest {
    private static final int KIB = 1 << 10;
    private static final UploadSettings SMALL =
            new UploadSettings(new ByteSize(16 * KIB), new ByteSize(4 * KIB), 3, Duration.ofSeconds(30));

    private final MemoryBlobStore store = new MemoryBlobStore("memory", Clock.system());
    private final BlobUploader uploader = new BlobUploader(store, SMALL, () -> 0x5eed, Clock.system());

    @Test
    void upToTheThresholdItIsOnePut() throws Exception {
        byte[] bytes = Bytes.random(16 * KIB, 1);

        upload(bytes, Precondition.ifAbsent());

        assertThat(store.bytes("a")).isEqualTo(bytes);
        assertThat(store.requests()).isEqualTo(1);
        assertThat(store.requests(StoreOperation.PUT)).isEqualTo(1);
    }

    @Test
    void anEmptyFileIsAnEmptyBlob() throws Exception {
        assertThat(upload(new byte[0], Precondition.ifAbsent()).lengthBytes()).isZero();
    }

    @Test
    void beyondItEachBlockIsSentOnceAndThenCommitted() throws Exception {
        byte[] bytes = Bytes.random(50 * KIB + 3, 2);
        BlobHeaders headers = new BlobHeaders("text/plain", Metadata.of(Map.of("k", "v")));

        BlobProperties properties = uploader.upload("a", image(bytes), headers, Precondition.ifAbsent());

        assertThat(store.bytes("a")).isEqualTo(bytes);
        assertThat(properties.headers()).isEqualTo(headers);
        assertThat(store.requests(StoreOperation.STAGE_BLOCK)).isEqualTo(13);
        assertThat(store.requests(StoreOperation.COMMIT_BLOCKS)).isEqualTo(1);
        assertThat(store.requests(StoreOperation.PUT)).isZero();
    }

    @Test
    void neverMoreBlocksInFlightThanAllowed() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK) {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                three.countDown();
                awaitQuietly(three);
            }
        });
        store.beforeAnswer((operation, name) -> inFlight.decrementAndGet());

        upload(Bytes.random(80 * KIB, 3), Precondition.none());

        assertThat(most).hasValue(3);
    }

    @Test
    void aLostPreconditionLeavesTheBlobAsItWas() throws Exception {
        byte[] first = Bytes.random(10, 4);
        upload(first, Precondition.ifAbsent());

        assertThatThrownBy(() -> upload(Bytes.random(50 * KIB, 5), Precondition.ifAbsent()))
                .isInstanceOf(ForebayException.Changed.class);

        assertThat(store.bytes("a")).isEqualTo(first);
    }

    @Test
    void theFirstFailureStopsTheOthersAndIsThrown() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger stopped = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch othersWait = new CountDownLatch(2);
        store.beforeEffect((operation, name) -> {
            if (calls.incrementAndGet() == 3) {
                awaitQuietly(othersWait);
                throw new ForebayException.Denied("no");
            }
            othersWait.countDown();
            try {
                never.await();
            } catch (InterruptedException interrupt) {
                stopped.incrementAndGet();
                throw new ForebayException.Interrupted("stopped", interrupt);
            }
        });

        assertThatThrownBy(() -> upload(Bytes.random(400 * KIB, 6), Precondition.none()))
                .isInstanceOf(ForebayException.Denied.class);

        assertThat(calls).as("no block was begun after the failure").hasValue(3);
        assertThat(stopped).hasValue(2);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void anInterruptStopsTheUpload() throws Exception {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch never = new CountDownLatch(1);
        store.beforeEffect((operation, name) -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException interrupt) {
                throw new ForebayException.Interrupted("stopped", interrupt);
            }
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                upload(Bytes.random(100 * KIB, 7), Precondition.none());
            } catch (Throwable failure) {
                thrown.set(failure);
            }
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(thrown.get()).isInstanceOf(ForebayException.Interrupted.class);
        assertThat(store.requests(StoreOperation.COMMIT_BLOCKS)).isZero();
    }

    private BlobProperties upload(byte[] bytes, Precondition precondition) throws ForebayException {
        return uploader.upload("a", image(bytes), BlobHeaders.NONE, precondition);
    }

    private static ContentImage image(byte[] bytes) {
        return new ContentImage() {
            @Override
            public List<CopiedRange> copied() {
                return List.of();
            }

            @Override
            public int[] checksums(long offset, long length) {
                throw new UnsupportedOperationException("nothing was sent before");
            }

            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public BlobBody body(long offset, long length) {
                return BlobBody.of(Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length)));
            }

            @Override
            public Optional<BlobVersion> base() {
                return Optional.empty();
            }

            @Override
            public boolean isAsBefore(long offset, long length) {
                return false;
            }

            @Override
            public void bring(long offset, long length) {}
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("still waiting for " + latch);
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
