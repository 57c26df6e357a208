package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache disk of 1 MiB that really fills up. Needs the right to mount; is skipped without it. */
class FullDiskTest {
    private static final int PAGE = Bytes.PAGE;
    private static final CacheSettings NO_RESERVE = new CacheSettings(
            new ByteSize(PAGE),
            new ByteSize(0),
            new ByteSize(PAGE),
            4,
            0,
            new ByteSize(0),
            new ByteSize(0),
            Duration.ofSeconds(30),
            new ByteSize(0));

    private final DripSource source = new DripSource(10_007);

    @TempDir
    Path disk;

    @BeforeEach
    void mount() throws Exception {
        int exit = run("mount", "-t", "tmpfs", "-o", "size=1m", "forebay-test", disk.toString());
        assumeTrue(exit == 0, "this user may not mount a tmpfs");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void aWriteThatDoesNotFitIsNoSpaceAndWhatWasWrittenStays() throws Exception {
        byte[] bytes = Bytes.random(2 << 20, 1);
        try (SparseFileCache cache = cache();
                CachedContent content = cache.create()) {
            assertThatThrownBy(() -> Bytes.write(content, 0, bytes)).isInstanceOf(ForebayException.NoSpace.class);

            int size = Math.toIntExact(content.sizeBytes());
            assertThat(size).isBetween(PAGE, 1 << 20);
            assertThat(Bytes.all(content)).isEqualTo(Arrays.copyOf(bytes, size));
            content.resize(size + 100L, Bytes.soon());
            assertThat(Bytes.all(content))
                    .as("growth shows zeros")
                    .isEqualTo(Arrays.copyOf(Arrays.copyOf(bytes, size), size + 100));

            content.resize(0, Bytes.soon());
            Bytes.write(content, 0, Arrays.copyOf(bytes, PAGE));
            assertThat(Bytes.all(content))
                    .as("space that was freed can be used")
                    .isEqualTo(Arrays.copyOf(bytes, PAGE));
        }
    }

    @Test
    void whatNobodyUsesMakesRoomAndANearlyFullDiskLendsNothingForWriting() throws Exception {
        try (SparseFileCache cache = cache()) {
            for (int i = 0; i < 20; i++) {
                byte[] bytes = Bytes.random(2 * PAGE, i);
                try (CachedContent content = cache.open(source.add("f" + i, bytes))) {
                    assertThat(Bytes.all(content)).isEqualTo(bytes);
                }
            }
            assertThat(cache.resting())
                    .as("of 2.5 MiB that were read, what fits on the disk")
                    .isBetween(1, 7);
            try (CachedContent large = cache.create()) {
                assertThat(large.lend(CachedContent.Loan.WRITE)).isPresent();
                while (cache.resting() > 0) {
                    fillUp(cache, large);
                    cache.create().close();
                }
                CacheFixture.until(
                        "a disk that is nearly full, which it is a moment after the last file rests no more", () -> {
                            fillUp(cache, large);
                            return lendsNothing(cache);
                        });
                assertThat(large.lend(CachedContent.Loan.READ_WRITE))
                        .as("who comes to a file that others have already")
                        .isPresent();
            }
        }
    }

    /** Leaves half a page. */
    private static void fillUp(SparseFileCache cache, CachedContent content) {
        int length = Math.toIntExact(cache.freeBytes()) - PAGE / 2;
        try {
            Bytes.write(content, content.sizeBytes(), Bytes.random(Math.max(0, length), 1));
        } catch (ForebayException failure) {
            throw new AssertionError(failure);
        }
    }

    private static boolean lendsNothing(SparseFileCache cache) {
        try (CachedContent content = cache.create()) {
            return content.lend(CachedContent.Loan.WRITE).isEmpty();
        } catch (ForebayException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void whatDoesNotFitIsReadWithoutBeingKept() throws Exception {
        byte[] bytes = Bytes.random(4 * PAGE, 2);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = cache();
                CachedContent hog = cache.create();
                CachedContent content = cache.open(version)) {
            assertThatThrownBy(() -> Bytes.write(hog, 0, new byte[2 << 20]))
                    .isInstanceOf(ForebayException.NoSpace.class);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
            assertThat(source.fetchedBytes()).as("both times").isEqualTo(2L * bytes.length);

            hog.resize(0, Bytes.soon());
            CacheFixture.until("kept once there is room, which a fetch has until a moment after its last byte", () -> {
                long before = source.fetchedBytes();
                try {
                    assertThat(Bytes.all(content)).isEqualTo(bytes);
                } catch (ForebayException failure) {
                    throw new AssertionError(failure);
                }
                return source.fetchedBytes() == before;
            });
        }
    }

    @Test
    void whoWritesWaitsForOthersToBeUploaded() throws Exception {
        byte[] bytes = Bytes.random(8 * PAGE, 3);
        try (SparseFileCache cache = cache();
                CachedContent writer = cache.create()) {
            CachedContent waiting = cache.create();
            Bytes.write(waiting, 0, bytes);
            waiting.keep(
                    new PendingFile("memory", "a", Optional.empty(), BlobHeaders.NONE, 1, PendingFile.State.WAITING),
                    false,
                    Bytes.soon());

            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    Bytes.write(writer, 0, Bytes.random(12 * PAGE, 4));
                } catch (ForebayException failure) {
                    throw new CompletionException(failure);
                }
            });
            assertThatThrownBy(() -> written.get(1, TimeUnit.SECONDS))
                    .as("it has no room as long as the other is nowhere else")
                    .isInstanceOf(TimeoutException.class);

            waiting.commit(_ -> source.add("a", bytes), Bytes.soon());
            waiting.letGo();
            waiting.close();
            written.get(30, TimeUnit.SECONDS);
            assertThat(Bytes.all(writer)).isEqualTo(Bytes.random(12 * PAGE, 4));
        }
    }

    @Test
    void aCacheDoesNotStartOnAFullDiskAndNothingIsCreatedOnOne() throws Exception {
        try (SparseFileCache cache = cache();
                CachedContent hog = cache.create()) {
            assertThatThrownBy(() -> Bytes.write(hog, 0, new byte[2 << 20]))
                    .isInstanceOf(ForebayException.NoSpace.class);

            assertThatThrownBy(cache::create)
                    .isInstanceOf(ForebayException.NoSpace.class)
                    .hasMessageStartingWith("cache disk full");
            assertThatThrownBy(() -> new SparseFileCache(disk.resolve("other"), source, NO_RESERVE, Clock.system()))
                    .isInstanceOf(ForebayException.NoSpace.class)
                    .hasMessageStartingWith("cache disk full");
        }
    }

    @Test
    void aReadOnlyDiskIsOneSentence() throws Exception {
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();

        assertThatThrownBy(this::cache)
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessage("cache path " + disk + " cannot be written: read-only file system");
    }

    private SparseFileCache cache() throws ForebayException {
        return new SparseFileCache(disk, source, NO_RESERVE, Clock.system());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(Arrays.toString(command) + " hangs");
        }
        return process.exitValue();
    }
}
