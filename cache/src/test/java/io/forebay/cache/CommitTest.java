package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CommitTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(10 * PAGE + 123, 1);
    private final AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);

    @Test
    void sendsTheWholeContentAndIsCleanAfterwards() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.write(content, 3, new byte[] {5});
            BlobVersion version = content.commit(toSource("a", sent), Bytes.soon());

            byte[] expected = bytes.clone();
            expected[3] = 5;
            assertThat(sent.get()).isEqualTo(expected);
            assertThat(content.isDirty()).isFalse();
            assertThat(content.version()).contains(version);
            assertThat(source.fetchedBytes()).as("what was missing, once").isEqualTo(bytes.length);

            try (CachedContent reopened = cache.open(version)) {
                assertThat(Bytes.all(reopened)).isEqualTo(expected);
            }
            assertThat(source.fetchedBytes())
                    .as("what was committed is not fetched back")
                    .isEqualTo(bytes.length);
        }
    }

    @Test
    void anEmptyFileCanBeCommitted() throws Exception {
        try (CachedContent content = cache.create()) {
            assertThat(content.commit(toSource("a", sent), Bytes.soon()).lengthBytes())
                    .isZero();
            assertThat(content.isDirty()).isFalse();
        }
    }

    @Test
    void aFailedUploadLosesNothing() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            assertThatThrownBy(() -> content.commit(
                            image -> {
                                throw new ForebayException.Changed("someone was faster");
                            },
                            Bytes.soon()))
                    .isInstanceOf(ForebayException.Changed.class);

            assertThat(content.isDirty()).isTrue();
            assertThat(content.version()).isEmpty();
            Bytes.write(content, 0, new byte[] {1});
            content.commit(toSource("a", sent), Bytes.soon());
            assertThat(sent.get()).hasSize(bytes.length).startsWith(1);
        }
    }

    @Test
    void aFailedFetchSendsNothingAndEndsTheFreeze() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.resize(bytes.length + 1L, Bytes.soon());
            source.failAt(PAGE, new ForebayException.Unavailable("away"));
            assertThatThrownBy(() -> content.commit(toSource("a", sent), Bytes.soon()))
                    .isInstanceOf(ForebayException.Unavailable.class);
            assertThat(sent.get()).isEmpty();

            source.heal();
            until("the fetch that failed has ended, and does not fail others any more", () -> {
                try {
                    content.commit(toSource("a", sent), Bytes.soon());
                    return true;
                } catch (ForebayException stillFailing) {
                    return false;
                }
            });
            assertThat(sent.get()).isEqualTo(Arrays.copyOf(bytes, bytes.length + 1));
        }
    }

    @Test
    void aStoreThatReportsAnotherLengthIsNotBelieved() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            assertThatThrownBy(() -> content.commit(image -> version("a", 1), Bytes.soon()))
                    .isInstanceOf(ForebayException.Corrupt.class);
            assertThat(content.isDirty()).isTrue();
        }
    }

    @Test
    void writersWaitForTheUploadAndReadersDoNot() throws Exception {
        CountDownLatch uploading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            CompletableFuture<BlobVersion> commit = async(() -> content.commit(
                    image -> {
                        uploading.countDown();
                        awaitQuietly(finish);
                        return toSource("a", sent).send(image);
                    },
                    Bytes.soon()));
            awaitQuietly(uploading);

            assertThat(Bytes.all(content)).isEqualTo(bytes);
            Deadline soonOver = Deadline.after(Duration.ofMillis(20), Clock.system());
            assertThatThrownBy(() -> content.write(0, ByteBuffer.wrap(new byte[] {1}), soonOver))
                    .isInstanceOf(ForebayException.Unavailable.class);
            assertThatThrownBy(() -> content.resize(0, soonOver)).isInstanceOf(ForebayException.Unavailable.class);
            CompletableFuture<Boolean> writer = async(() -> {
                Bytes.write(content, 0, new byte[] {1});
                return true;
            });
            finish.countDown();
            get(commit);
            get(writer);

            assertThat(sent.get()).as("the image held still").isEqualTo(bytes);
            assertThat(content.isDirty()).isTrue();
            assertThat(Bytes.read(content, 0, 1)).containsExactly(1);
        }
    }

    @Test
    void anImageCannotBeReadWhenTheFreezeIsOver() throws Exception {
        AtomicReference<BlobBody> kept = new AtomicReference<>();
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            content.commit(
                    image -> {
                        kept.set(image.body(0, 10));
                        return toSource("a", sent).send(image);
                    },
                    Bytes.soon());
            assertThatThrownBy(() -> kept.get().open().read()).isInstanceOf(ForebayException.BadHandle.class);
        }
    }

    @Test
    void aBodyIsTheSameEachTimeItIsOpened() throws Exception {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            content.commit(
                    image -> {
                        BlobBody body = image.body(PAGE - 1, 3);
                        byte[] expected = Arrays.copyOfRange(bytes, PAGE - 1, PAGE + 2);
                        assertThat(body.lengthBytes()).isEqualTo(3);
                        assertThat(bytesOf(body)).isEqualTo(expected);
                        assertThat(bytesOf(body)).isEqualTo(expected);
                        assertThat(bytesOf(image.body(bytes.length, 0))).isEmpty();
                        return toSource("a", sent).send(image);
                    },
                    Bytes.soon());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
