package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on content and on a byte array, compared after each one. The seed names the test. */
class ContentModelTest extends CacheFixture {
    private static final int SEEDS = 60;
    private static final int STEPS = 150;
    private static final int MOST_BYTES = 14 * Bytes.PAGE;

    private byte[] model = new byte[0];
    /** A second open of the version that the content had when it was opened or committed last, and its bytes. */
    private @Nullable CachedContent witness;

    private byte[] witnessed = new byte[0];

    static LongStream seeds() {
        return LongStream.range(1, 1 + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void behavesLikeAByteArray(long seed) throws Exception {
        Random random = new Random(seed);
        model = Bytes.random(random.nextInt(MOST_BYTES), seed);
        CachedContent content = cache.open(source.add("m", model));
        for (int step = 0; step < STEPS; step++) {
            String did = "seed " + seed + " step " + step + ": " + step(random, content);
            if (did.endsWith("reopen")) {
                content = reopen(content);
            }
            assertThat(content.sizeBytes()).as(did).isEqualTo(model.length);
            compare(did, random, content);
        }
        assertThat(Arrays.equals(Bytes.all(content), model))
                .as("seed " + seed + " at the end")
                .isTrue();
        close(content);
        assertNothingIsInUse();
    }

    /** While another thread changes the content, readers see a state of each page that the model was once in. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readersBesideAWriterSeeNeitherHolesNorTornPages(long seed) throws Exception {
        Random random = new Random(seed);
        int pages = 12;
        byte[] stamped = new byte[pages * PAGE];
        Arrays.fill(stamped, (byte) 1);
        try (CachedContent content = cache.open(source.add("s", stamped))) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Long> one = async(() -> readStamps(content, pages, new Random(seed + 1), stop));
            CompletableFuture<Long> other = async(() -> readStamps(content, pages, new Random(seed + 2), stop));
            for (int stamp = 2; stamp < 40; stamp++) {
                byte[] page = new byte[PAGE];
                Arrays.fill(page, (byte) stamp);
                Bytes.write(content, (long) random.nextInt(pages) * PAGE, page);
                if (random.nextInt(10) == 0) {
                    content.commit(toSource("s", new AtomicReference<>()), Bytes.soon());
                }
            }
            stop.set(true);
            assertThat(get(one) + get(other)).as("pages read by seed %s", seed).isPositive();
        }
        assertThat(source.fetchedBytes()).as("no page twice").isLessThanOrEqualTo(stamped.length);
    }

    private static long readStamps(CachedContent content, int pages, Random random, AtomicBoolean stop)
            throws ForebayException {
        long read = 0;
        do {
            int number = random.nextInt(pages);
            byte[] page = Bytes.read(content, (long) number * PAGE, PAGE);
            for (byte stamp : page) {
                if (stamp == 0 || stamp != page[0]) {
                    throw new AssertionError("page " + number + " holds " + stamp + " beside " + page[0]);
                }
            }
            read++;
        } while (!stop.get());
        return read;
    }

    private String step(Random random, CachedContent content) throws ForebayException {
        int choice = random.nextInt(100);
        if (choice < 40) {
            return write(random, content);
        }
        if (choice < 45) {
            return zero(random, content);
        }
        if (choice < 55) {
            return resize(random, content);
        }
        if (choice < 60) {
            return commit(content);
        }
        if (choice < 63) {
            return failCommit(content);
        }
        if (choice < 66) {
            content.fill(Bytes.soon());
            return "fill";
        }
        if (choice < 72) {
            return witness(content);
        }
        if (choice < 75 && !content.isDirty()) {
            return "reopen";
        }
        return "read only";
    }

    private String write(Random random, CachedContent content) throws ForebayException {
        int offset = random.nextInt(random.nextInt(8) == 0 ? MOST_BYTES : model.length + 1);
        int length = random.nextBoolean() ? random.nextInt(100) : random.nextInt(4 * PAGE);
        if (random.nextInt(3) == 0) {
            offset = offset / PAGE * PAGE;
        }
        length = Math.min(length, MOST_BYTES - offset);
        byte[] bytes = Bytes.random(Math.max(0, length), random.nextLong());
        Bytes.write(content, offset, bytes);
        if (bytes.length > 0) {
            model = Arrays.copyOf(model, Math.max(model.length, offset + bytes.length));
            System.arraycopy(bytes, 0, model, offset, bytes.length);
        }
        return "write " + bytes.length + " at " + offset;
    }

    private String zero(Random random, CachedContent content) throws ForebayException {
        int offset = random.nextInt(model.length + 1);
        int length = 1 + random.nextInt(4 * PAGE);
        boolean grow = random.nextBoolean();
        content.zero(offset, length, grow, FileSpace.PLAIN, Bytes.soon());
        model = Arrays.copyOf(model, grow ? Math.max(model.length, offset + length) : model.length);
        Arrays.fill(model, Math.min(offset, model.length), Math.min(offset + length, model.length), (byte) 0);
        return "zero " + length + " at " + offset + (grow ? ", growing" : "");
    }

    private String resize(Random random, CachedContent content) throws ForebayException {
        int size = random.nextInt(MOST_BYTES);
        content.resize(size, Bytes.soon());
        model = Arrays.copyOf(model, size);
        return "resize to " + size;
    }

    private String commit(CachedContent content) throws ForebayException {
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        content.commit(toSource("m", sent), Bytes.soon());
        assertThat(Arrays.equals(sent.get(), model)).as("what was sent").isTrue();
        assertThat(content.isDirty()).isFalse();
        return "commit";
    }

    private static String failCommit(CachedContent content) {
        boolean dirty = content.isDirty();
        try {
            content.commit(
                    _ -> {
                        throw new ForebayException.Unavailable("injected");
                    },
                    Bytes.soon());
            throw new AssertionError("the failure was lost");
        } catch (ForebayException.Unavailable expected) {
            assertThat(content.isDirty()).isEqualTo(dirty);
            return "failed commit";
        } catch (ForebayException other) {
            throw new AssertionError(other);
        }
    }

    /** Opens the version of clean content a second time; what it shows must never change from then on. */
    private String witness(CachedContent content) throws ForebayException {
        if (content.isDirty() || content.version().isEmpty()) {
            return "no witness";
        }
        if (witness != null) {
            witness.close();
        }
        witness = cache.open(content.version().get());
        witnessed = model.clone();
        return "witness";
    }

    private CachedContent reopen(CachedContent content) throws ForebayException {
        BlobVersion version = content.version().orElseThrow();
        content.close();
        return cache.open(version);
    }

    private void compare(String did, Random random, CachedContent content) throws ForebayException {
        int offset = random.nextInt(model.length + 10);
        int length = random.nextInt(3 * PAGE);
        byte[] expected =
                Arrays.copyOfRange(model, Math.min(offset, model.length), Math.min(offset + length, model.length));
        byte[] actual = Bytes.read(content, offset, length);
        if (!Arrays.equals(actual, expected)) {
            throw new AssertionError(did + ": then " + length + " at " + offset + " differ from "
                    + Arrays.mismatch(actual, expected) + " on");
        }
        if (witness != null && random.nextInt(5) == 0 && !Arrays.equals(Bytes.all(witness), witnessed)) {
            throw new AssertionError(did + ": another open of the version has changed");
        }
    }

    private void close(CachedContent content) {
        content.close();
        if (witness != null) {
            witness.close();
        }
    }
}
