package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine loses its power while files are written, kept, synced, renamed, uploaded and removed, and the disk has of what
 * was not forced what it likes. Afterwards every synced byte is there, but for those that were written over since, and
 * nothing else is taken for a file that is to be uploaded.
 */
class PowerCutTest {
    private static final int SEEDS = Integer.getInteger("forebay.power.seeds", 400);
    private static final long FIRST_SEED = Long.getLong("forebay.power.seed", 1);
    private static final int OPERATIONS = 60;
    private static final int LARGEST_BYTES = 3 * PageMap.PAGE_BYTES;
    private static final String STORE = "memory";

    @TempDir
    Path work;

    /** A file, and what of it may be found. */
    private static final class Item {
        final int number;
        final CachedContent content;
        byte[] bytes = new byte[0];
        /** As it was when it was synced last, and after each change since; empty if it never was. */
        final List<byte[]> sinceSynced = new ArrayList<>();
        /** The names that it was kept under since then. */
        final Set<String> names = new HashSet<>();

        /** The latest of them. */
        String name = "";

        boolean kept;
        /** Cut to nothing since it was synced: what there is now may be nothing but zeros, and is in doubt. */
        boolean cut;
        /** How often something was forced when it was let go; -1 while it is not. */
        long letGoAt = -1;

        /** Or the end of it was synced. */
        boolean changedAfterThat;

        Item(int number, CachedContent content) {
            this.number = number;
            this.content = content;
        }

        String name(int version) {
            return "file-" + number + "-" + version;
        }
    }

    @Test
    void everySyncedByteIsThereAndNothingElse() throws Exception {
        int found = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Path folder = Files.createDirectory(work.resolve("seed-" + seed));
            try {
                found += new Life(folder, new Random(seed)).live();
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed + " (-Dforebay.power.seed)", failure);
            }
        }
        assertThat(found).as("files that were found after all power cuts").isGreaterThan(SEEDS);
    }

    private static SparseFileCache cacheIn(Path folder, DripSource source, Boot boot) throws ForebayException {
        return new SparseFileCache(
                List.of(folder),
                source,
                CacheFixture.SMALL,
                EvictionSettings.DEFAULTS,
                Clock.system(),
                new Metrics(),
                boot);
    }

    /** One machine, until it loses its power. */
    private static final class Life {
        private final Path folder;
        private final Random random;
        private final LosingDisk disk = new LosingDisk();
        private final DripSource source = new DripSource(10_007);
        private final SparseFileCache cache;
        private final List<Item> items = new ArrayList<>();
        private final List<Item> ended = new ArrayList<>();
        private int names;

        Life(Path folder, Random random) throws ForebayException {
            this.folder = folder;
            this.random = random;
            this.cache = open(folder.resolve("cache"), new Boot("before", disk));
        }

        private SparseFileCache open(Path path, Boot boot) throws ForebayException {
            return cacheIn(path, source, boot);
        }

        /** @return how many files were found */
        int live() throws Exception {
            Path left = folder.resolve("left");
            int operations = random.nextInt(OPERATIONS);
            try (cache) {
                for (int i = 0; i < operations; i++) {
                    step();
                }
                disk.cutPower(folder.resolve("cache"), left, random);
            }
            try (SparseFileCache next = open(left, new Boot("after", disk))) {
                List<KeptContent> found = next.kept(STORE);
                ended.addAll(items);
                for (Item item : ended) {
                    check(item, found);
                }
                return found.size();
            }
        }

        private void step() throws IOException {
            if (items.size() < 2 || (items.size() < 8 && random.nextInt(5) == 0)) {
                items.add(new Item(items.size() + ended.size(), cache.create()));
                write(items.getLast());
                return;
            }
            Item item = items.get(random.nextInt(items.size()));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> write(item);
                case 3 -> resize(item);
                case 4, 5 -> keep(item, true);
                case 6 -> keep(item, false);
                case 7 -> upload(item);
                case 8 -> sync();
                default -> remove(item);
            }
        }

        private void write(Item item) throws ForebayException {
            int from = random.nextInt(1 + Math.min(item.bytes.length, LARGEST_BYTES - 1));
            byte[] bytes = new byte[1 + random.nextInt(LARGEST_BYTES - from)];
            random.nextBytes(bytes);
            item.content.write(from, ByteBuffer.wrap(bytes), soon());
            byte[] now = Arrays.copyOf(item.bytes, Math.max(item.bytes.length, from + bytes.length));
            System.arraycopy(bytes, 0, now, from, bytes.length);
            changed(item, now);
        }

        private void resize(Item item) throws ForebayException {
            int size = random.nextBoolean() ? 0 : random.nextInt(LARGEST_BYTES);
            if (size == item.bytes.length) {
                return;
            }
            item.content.resize(size, soon());
            item.cut |= size == 0;
            changed(item, Arrays.copyOf(item.bytes, size));
        }

        private static void changed(Item item, byte[] now) {
            item.bytes = now;
            item.changedAfterThat |= item.letGoAt >= 0;
            if (!item.sinceSynced.isEmpty()) {
                item.sinceSynced.add(now);
            }
        }

        private void keep(Item item, boolean durable) throws ForebayException {
            String name = item.name(names++);
            PendingFile file =
                    new PendingFile(STORE, name, Optional.empty(), BlobHeaders.NONE, 1, PendingFile.State.WAITING);
            if (!item.content.keep(file, durable, soon())) {
                return; // it is in the store as it is
            }
            if (!item.kept) { // anew: what it was before it was let go is of no importance
                item.sinceSynced.clear();
                item.names.clear();
                item.letGoAt = -1;
                item.changedAfterThat = false;
                item.cut = false;
            }
            item.kept = true;
            if (durable) {
                item.names.clear();
                item.sinceSynced.clear();
                item.sinceSynced.add(item.bytes);
                item.cut = false;
            }
            item.names.add(name);
            item.name = name;
        }

        /** Names are what they are now, and what was let go is. */
        private void sync() throws ForebayException {
            cache.sync();
            for (Item item : items) {
                item.names.retainAll(Set.of(item.name));
                item.changedAfterThat |= item.letGoAt >= 0;
            }
            ended.forEach(item -> item.changedAfterThat |= item.letGoAt >= 0);
        }

        private void upload(Item item) throws ForebayException {
            item.content.commit(
                    image -> {
                        byte[] sent = CacheFixture.bytesOf(image.body(0, image.sizeBytes()));
                        assertThat(sent).isEqualTo(item.bytes);
                        return source.add("blob-" + item.number, sent);
                    },
                    soon());
            letGo(item);
        }

        private void letGo(Item item) throws ForebayException {
            item.content.letGo();
            if (item.kept) {
                item.kept = false;
                item.letGoAt = disk.forces();
            }
        }

        private void remove(Item item) throws ForebayException {
            letGo(item);
            item.content.close();
            items.remove(item);
            ended.add(item);
        }

        private static Deadline soon() {
            return Deadline.after(Duration.ofSeconds(60), Clock.system());
        }

        private void check(Item item, List<KeptContent> all) throws ForebayException {
            List<KeptContent> found = all.stream()
                    .filter(kept -> kept.file().name().startsWith("file-" + item.number + "-"))
                    .toList();
            assertThat(found).as("file %d", item.number).hasSizeLessThan(2);
            boolean wasSynced = !item.sinceSynced.isEmpty();
            boolean isOver = item.letGoAt >= 0 && (item.changedAfterThat || disk.forces() > item.letGoAt);
            if (found.isEmpty()) {
                assertThat(wasSynced && item.kept && !item.cut)
                        .as("file %d is lost, though it was synced", item.number)
                        .isFalse();
                return;
            }
            assertThat(wasSynced && !isOver)
                    .as("file %d was never synced, or is in the store", item.number)
                    .isTrue();
            KeptContent kept = found.getFirst();
            assertThat(item.names).contains(kept.file().name());
            expectSynced(item, bytesOf(kept.content()));
        }

        private static byte[] bytesOf(CachedContent content) throws ForebayException {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(content.sizeBytes()));
            content.read(0, all, soon());
            return all.array();
        }

        private static void expectSynced(Item item, byte[] bytes) {
            byte[] synced = item.sinceSynced.getFirst();
            int shortest =
                    item.sinceSynced.stream().mapToInt(one -> one.length).min().orElseThrow();
            assertThat(bytes.length).as("length of file %d", item.number).isBetween(shortest, synced.length);
            for (int at = 0; at < bytes.length; at++) {
                int here = at;
                byte is = bytes[at];
                // Of what was cut off and written again, not all may have reached the disk: then it is a hole.
                boolean mayBeZero = at >= shortest;
                boolean known = item.sinceSynced.stream().anyMatch(one -> here < one.length && one[here] == is);
                if (!known && !(mayBeZero && is == 0)) {
                    throw new AssertionError("file " + item.number + " has at " + at + " of " + bytes.length
                            + " what was not there since it was synced");
                }
            }
        }
    }

    @Test
    void whatIsUploadedDoesNotComeBackOnceTheStoreChangesAgain() throws Exception {
        LosingDisk disk = new LosingDisk();
        DripSource source = new DripSource(10_007);
        try (SparseFileCache cache = cacheIn(work.resolve("cache"), source, new Boot("before", disk))) {
            cache.settle();
            long before = disk.forces();
            keepAndLetGo(cache, /* durable= */ false);
            cache.settle();
            assertThat(disk.forces()).as("who synced nothing pays nothing").isEqualTo(before);
            keepAndLetGo(cache, /* durable= */ true);
            before = disk.forces();
            cache.settle();
            assertThat(disk.forces()).isEqualTo(before + 1);
            cache.settle();
            assertThat(disk.forces()).as("once is enough").isEqualTo(before + 1);
        }
    }

    private static void keepAndLetGo(SparseFileCache cache, boolean durable) throws ForebayException {
        try (CachedContent content = cache.create()) {
            Bytes.write(content, 0, new byte[] {1, 2, 3});
            PendingFile file =
                    new PendingFile(STORE, "a", Optional.empty(), BlobHeaders.NONE, 1, PendingFile.State.WAITING);
            content.keep(file, durable, Deadline.after(Duration.ofSeconds(60), Clock.system()));
            content.letGo();
        }
    }

    @Test
    void whatIsChangedAfterItsUploadDoesNotComeBack() throws Exception {
        LosingDisk disk = new LosingDisk();
        DripSource source = new DripSource(10_007);
        Path left = work.resolve("left");
        try (SparseFileCache cache = cacheIn(work.resolve("cache"), source, new Boot("before", disk))) {
            CachedContent content = cache.create();
            Bytes.write(content, 0, new byte[] {1, 2, 3});
            PendingFile file =
                    new PendingFile(STORE, "a", Optional.empty(), BlobHeaders.NONE, 1, PendingFile.State.WAITING);
            Deadline soon = Deadline.after(Duration.ofSeconds(60), Clock.system());
            content.keep(file, true, soon);
            BlobVersion version = content.commit(
                    image -> source.add("a", CacheFixture.bytesOf(image.body(0, image.sizeBytes()))), soon);
            assertThat(version.lengthBytes()).isEqualTo(3);
            content.letGo();
            long before = disk.forces();
            Bytes.write(content, 1, new byte[] {9});
            assertThat(disk.forces()).as("its end is on disk before it changes").isGreaterThan(before);
            Bytes.write(content, 2, new byte[] {9});
            assertThat(disk.forces()).as("once is enough").isEqualTo(before + 1);
            disk.cutPower(work.resolve("cache"), left, new Random(1));
        }
        try (SparseFileCache next = cacheIn(left, source, new Boot("after"))) {
            assertThat(next.kept(STORE)).isEmpty();
        }
    }
}
