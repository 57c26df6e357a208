package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are read where they lie. */
class InPlaceReadingTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(40 * PAGE + 123, 1);

    @TempDir
    Path elsewhere;

    @Test
    void showsAnyExtentThatIsThereAndStopsAtTheEnd() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(soon());
            assertThat(shown(content, 0, bytes.length)).isEqualTo(bytes);
            assertThat(shown(content, PAGE - 1, 3)).isEqualTo(Arrays.copyOfRange(bytes, PAGE - 1, PAGE + 2));
            assertThat(shown(content, bytes.length - 5, 100))
                    .isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 5, bytes.length));
            assertThat(shown(content, bytes.length, 10)).isNull();
            assertThat(shown(content, Long.MAX_VALUE - 5, 10)).isNull();
            assertThatThrownBy(() -> shown(content, -1, 10)).isInstanceOf(ForebayException.InvalidArgument.class);
        }
    }

    @Test
    void showsNothingOfWhatIsPartlyMissingAndFetchesNothingForIt() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.read(content, 10L * PAGE, 10);
            int asked = source.asked().size();
            assertThat(shown(content, 11L * PAGE - 1, 2)).isNull();
            assertThat(source.asked()).hasSize(asked);
            assertThat(shown(content, 10L * PAGE, PAGE)).hasSize(PAGE);
        }
    }

    @Test
    void aStreamReadInPlaceIsReadAheadLikeOneThatIsCopied() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            for (long at = 0; at < bytes.length; at += PAGE) {
                byte[] wanted = Arrays.copyOfRange(bytes, (int) at, (int) Math.min(bytes.length, at + PAGE));
                byte[] got = shown(content, at, PAGE);
                if (got == null) {
                    got = Bytes.read(content, at, PAGE);
                }
                assertThat(got).isEqualTo(wanted);
            }
            assertThat(source.fetchedBytes()).as("each byte once").isEqualTo(bytes.length);
            assertThat(source.asked()).as("fewer fetches than pages").hasSizeLessThan(30);
        }
    }

    @Test
    void aWriterWaitsForWhatIsShown() throws Exception {
        byte[] after = Bytes.random(PAGE, 2);
        CountDownLatch writing = new CountDownLatch(1);
        try (CachedContent content = cache.create();
                FileChannel target = newFile()) {
            content.write(0, ByteBuffer.wrap(bytes), soon());
            CompletableFuture<Void> writer = new CompletableFuture<>();
            assertThat(content.readInPlace(0, PAGE, region -> {
                        Thread.ofVirtual().start(() -> {
                            writing.countDown();
                            try {
                                content.write(0, ByteBuffer.wrap(after), soon());
                                writer.complete(null);
                            } catch (ForebayException failure) {
                                writer.completeExceptionally(failure);
                            }
                        });
                        await(writing);
                        region.transferTo(target);
                        assertThat(writer).isNotDone();
                    }))
                    .isTrue();
            get(writer);
            assertThat(contentOf(target)).isEqualTo(Arrays.copyOf(bytes, PAGE));
            assertThat(shown(content, 0, PAGE)).isEqualTo(after);
        }
    }

    @Test
    void anInterruptedThreadCanReadInPlaceAndStaysInterrupted() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(soon());
            CompletableFuture<Boolean> interrupted = async(() -> {
                Thread.currentThread().interrupt();
                try (FileChannel target = newFile()) {
                    content.readInPlace(0, PAGE, region -> region.transferTo(target));
                    return Thread.interrupted() && target.size() == PAGE;
                }
            });
            assertThat(get(interrupted)).isTrue();
        }
    }

    @Test
    void whatFailsWithTheReaderLeavesTheContentUsable() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(soon());
            FileChannel closed = newFile();
            closed.close();
            assertThatThrownBy(() -> content.readInPlace(0, PAGE, region -> region.transferTo(closed)))
                    .isInstanceOf(ForebayException.class);
            content.write(0, ByteBuffer.wrap(bytes, PAGE, PAGE), soon());
            assertThat(shown(content, 0, PAGE)).isEqualTo(Arrays.copyOfRange(bytes, PAGE, 2 * PAGE));
        }
    }

    /** Null if it is not shown. */
    private byte @Nullable [] shown(CachedContent content, long offset, int length) throws IOException {
        try (FileChannel target = newFile()) {
            return content.readInPlace(offset, length, region -> {
                        assertThat(region.lengthBytes()).isBetween(1, length);
                        region.transferTo(target);
                    })
                    ? contentOf(target)
                    : null;
        }
    }

    private FileChannel newFile() throws IOException {
        return FileChannel.open(
                Files.createTempFile(elsewhere, "shown", ""),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static byte[] contentOf(FileChannel file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        file.read(all, 0);
        return all.array();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
