package io.forebay.cache;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that uses a cache until it is killed, and compares every byte that it is given with what the store has. It
 * prints {@link #READY} once it has looked at everything that earlier processes left.
 *
 * <p>Arguments: seed, boot, what it does mostly ({@code fill}, {@code evict} or {@code both}), folders. It ends by itself
 * only if a byte is wrong, or if something fails that must not.
 */
public final class CrashingProcess {
    static final String READY = "ready";
    static final int WRONG = 3;

    private static final int BLOBS = 40;
    private static final int ETAGS = 3;
    private static final int THREADS = 3;
    private static final int PAGE = PageMap.PAGE_BYTES;

    private final SparseFileCache cache;
    private final String mostly;
    private final AtomicLong compared = new AtomicLong();

    private CrashingProcess(SparseFileCache cache, String mostly) {
        this.cache = cache;
        this.mostly = mostly;
    }

    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        List<Path> folders = Arrays.stream(arguments).skip(3).map(Path::of).toList();
        CacheSettings settings = new CacheSettings(
                new ByteSize(2 * PAGE),
                new ByteSize(0),
                new ByteSize(16 * PAGE),
                16,
                8,
                new ByteSize(128 * PAGE),
                new ByteSize(0),
                Duration.ofSeconds(30),
                new ByteSize(0));
        MadeUpStore store = new MadeUpStore();
        SparseFileCache cache = new SparseFileCache(
                folders,
                store,
                settings,
                EvictionSettings.DEFAULTS,
                Clock.system(),
                new Metrics(),
                new Boot(arguments[1]));
        CrashingProcess process = new CrashingProcess(cache, arguments[2]);
        int found = cache.resting();
        try {
            process.compareAllThatIsHere();
            System.out.println(READY + " found=" + found + " compared=" + process.compared + " fetched="
                    + store.fetchedBytes() + " damaged=" + cache.damaged());
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed * THREADS + i);
                Thread.ofPlatform().start(() -> process.work(random));
            }
        } catch (Throwable failure) {
            end(failure);
        }
    }

    private static void end(Throwable failure) {
        failure.printStackTrace(System.out);
        System.out.flush();
        Runtime.getRuntime().halt(WRONG);
    }

    /** Reads what can be read without the store. */
    private void compareAllThatIsHere() throws ForebayException {
        for (int blob = 0; blob < BLOBS; blob++) {
            for (int etag = 0; etag < ETAGS; etag++) {
                BlobVersion version = MadeUpStore.version(blob, etag);
                try (CachedContent content = cache.open(version)) {
                    for (long at = 0; at < version.lengthBytes(); at += PAGE) {
                        if (content.isPresent(at, PAGE)) {
                            compare(content, version, at, PAGE);
                        }
                    }
                }
            }
        }
    }

    private void work(Random random) {
        try {
            while (true) {
                step(random);
            }
        } catch (Throwable failure) {
            end(failure);
        }
    }

    private void step(Random random) throws IOException {
        BlobVersion version = MadeUpStore.version(random.nextInt(BLOBS), random.nextInt(ETAGS));
        int dice = random.nextInt(100);
        if (dice < (mostly.equals("evict") ? 40 : mostly.equals("both") ? 20 : 2)) {
            cache.evictNext(1 + random.nextInt(3));
        } else if (dice < 75) {
            read(version, random);
        } else if (dice < 85) {
            writeAndCommit(version, random);
        } else if (dice < 93) {
            spoil(version, random);
        } else {
            lendAndSpoil(version, random);
        }
    }

    private void read(BlobVersion version, Random random) throws ForebayException {
        try (CachedContent content = cache.open(version)) {
            if (random.nextInt(3) == 0) {
                for (long at = 0; at < version.lengthBytes(); at += 3 * PAGE) {
                    compare(content, version, at, 3 * PAGE);
                }
            } else {
                long at = random.nextLong(version.lengthBytes());
                compare(content, version, at, 1 + random.nextInt(2 * PAGE));
            }
        }
    }

    /** Makes content into that version: from nothing, or from what another version left. */
    private void writeAndCommit(BlobVersion version, Random random) throws ForebayException {
        byte[] bytes = MadeUpStore.bytes(version, 0, (int) version.lengthBytes());
        try (CachedContent content = random.nextBoolean() ? cache.create() : cache.open(other(random))) {
            if (content.sizeBytes() > bytes.length) {
                content.resize(bytes.length, soon());
            }
            content.write(0, ByteBuffer.wrap(bytes), soon());
            content.commit(
                    image -> {
                        if (!Arrays.equals(CacheFixture.bytesOf(image.body(0, image.sizeBytes())), bytes)) {
                            throw new AssertionError("what is sent is not what was written: " + version);
                        }
                        return version;
                    },
                    soon());
            compare(content, version, random.nextLong(version.lengthBytes()), PAGE);
        }
    }

    private static BlobVersion other(Random random) {
        return MadeUpStore.version(random.nextInt(BLOBS), random.nextInt(ETAGS));
    }

    /** Changes a file and does not commit it: nobody must ever see that. */
    private void spoil(BlobVersion version, Random random) throws ForebayException {
        try (CachedContent content = cache.open(version)) {
            if (random.nextBoolean()) {
                compare(content, version, 0, PAGE);
            }
            content.write(random.nextLong(version.lengthBytes()), ByteBuffer.allocate(3 * PAGE), soon());
            if (random.nextBoolean()) {
                content.resize(random.nextLong(version.lengthBytes()), soon());
            }
        }
    }

    private void lendAndSpoil(BlobVersion version, Random random) throws IOException {
        try (CachedContent content = cache.open(version)) {
            content.fill(soon());
            Optional<Path> file = content.lend(CachedContent.Loan.READ_WRITE);
            if (file.isPresent() && random.nextBoolean()) {
                try (FileChannel borrowed = FileChannel.open(file.get(), StandardOpenOption.WRITE)) {
                    borrowed.write(ByteBuffer.allocate(PAGE), random.nextLong(version.lengthBytes()));
                }
            }
            content.endLoans();
        }
    }

    private void compare(CachedContent content, BlobVersion version, long offset, int length) throws ForebayException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = content.read(offset, target, soon());
        byte[] expected = MadeUpStore.bytes(version, offset, (int) Math.min(length, version.lengthBytes() - offset));
        byte[] actual = Arrays.copyOf(target.array(), count);
        if (!Arrays.equals(actual, expected)) {
            int at = Arrays.mismatch(actual, expected);
            throw new AssertionError("wrong byte at " + (offset + at) + " of " + version);
        }
        compared.addAndGet(count);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60), Clock.system());
    }

    /** What one process printed when it was ready: {@code name=value}. */
    static long figure(List<String> lines, String name) {
        List<String> words = new ArrayList<>();
        lines.forEach(line -> words.addAll(List.of(line.split(" "))));
        return words.stream()
                .filter(word -> word.startsWith(name + "="))
                .mapToLong(word -> Long.parseLong(word.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
