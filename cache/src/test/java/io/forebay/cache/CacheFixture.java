package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cache over a source in memory, with small fetches so that a small file has many. */
abstract class CacheFixture {
    static final int PAGE = Bytes.PAGE;
    static final CacheSettings SMALL = new CacheSettings(
            new ByteSize(2 * PAGE),
            new ByteSize(0),
            new ByteSize(8 * PAGE),
            16,
            4,
            new ByteSize(32 * PAGE),
            new ByteSize(0),
            Duration.ofSeconds(30),
            new ByteSize(0));

    /** A drip that ends neither where pages do nor where fetches do. */
    final DripSource source = new DripSource(10_007);

    @TempDir
    Path folder;

    SparseFileCache cache;

    @BeforeEach
    void openCache() throws ForebayException {
        cache = new SparseFileCache(folder, source, SMALL, Clock.system());
    }

    @AfterEach
    void closeCache() {
        source.heal();
        cache.close();
    }

    /** Whatever was opened was closed, and its file either rests or is gone. */
    void assertNothingIsInUse() {
        assertThat(cache.inUse()).isZero();
        assertThat(contents(folder)).hasSize(cache.resting());
    }

    /** The content files of a cache folder. */
    static List<Path> contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".content")).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** An upload that keeps the bytes, and makes them a version that can be opened. */
    CachedContent.Upload toSource(String name, AtomicReference<byte[]> sent) {
        return image -> {
            byte[] bytes = bytesOf(image.body(0, image.sizeBytes()));
            sent.set(bytes);
            return source.add(name, bytes);
        };
    }

    static byte[] bytesOf(BlobBody body) throws ForebayException {
        try (InputStream stream = body.open()) {
            return stream.readAllBytes();
        } catch (ForebayException known) {
            throw known;
        } catch (IOException unreadable) {
            throw new ForebayException.Unexpected("image", unreadable);
        }
    }

    static BlobVersion version(String name, long lengthBytes) {
        return new BlobVersion("memory", name, new Etag("x"), lengthBytes);
    }

    static <T> CompletableFuture<T> async(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    static <T> T get(CompletableFuture<T> result) throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    /** Waits for something that announces itself to nobody. */
    static void until(String what, BooleanSupplier holds) throws InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(30), Clock.system());
        while (!holds.getAsBoolean()) {
            if (deadline.passed()) {
                throw new AssertionError("still not so: " + what);
            }
            Clock.system().sleep(Duration.ofMillis(1));
        }
    }
}
