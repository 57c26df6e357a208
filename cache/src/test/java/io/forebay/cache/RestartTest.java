package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cache finds of what an earlier one left, and what it does not take for it. */
class RestartTest {
    private static final int PAGE = Bytes.PAGE;
    /** Its checksums fit in a slot. */
    private static final int SMALL = 5 * PAGE + 17;
    /** Its checksums have a file of their own. */
    private static final int LARGE = 40 * PAGE + 4_711;

    private static final Boot TODAY = new Boot("today");
    private static final Boot TOMORROW = new Boot("tomorrow");

    private final DripSource source = new DripSource(10_007);
    private final AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);

    @TempDir
    Path folder;

    private SparseFileCache open(Boot boot) throws ForebayException {
        return open(source, boot);
    }

    private SparseFileCache open(BlockSource from, Boot boot) throws ForebayException {
        return new SparseFileCache(
                List.of(folder),
                from,
                CacheFixture.SMALL,
                EvictionSettings.DEFAULTS,
                Clock.system(),
                new Metrics(),
                boot);
    }

    private static byte[] readAll(SparseFileCache cache, BlobVersion version) throws ForebayException {
        try (CachedContent content = cache.open(version)) {
            return Bytes.all(content);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PAGE, SMALL, 16 * PAGE, 16 * PAGE + 1, LARGE})
    void whatWasReadIsNotFetchedAgainAfterARestart(int length) throws Exception {
        byte[] bytes = Bytes.random(length, 1);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(readAll(cache, version)).isEqualTo(bytes);
        }
        long fetched = source.fetchedBytes();
        for (int restart = 0; restart < 3; restart++) {
            try (SparseFileCache cache = open(TODAY)) {
                assertThat(cache.resting()).isEqualTo(1);
                assertThat(cache.inventory().presentBytes(version))
                        .as("known before it is opened")
                        .isEqualTo(length);
                assertThat(readAll(cache, version)).isEqualTo(bytes);
            }
        }
        assertThat(source.fetchedBytes()).isEqualTo(fetched);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void aPartThatWasReadIsNotFetchedAgainAndTheRestIs(int length) throws Exception {
        byte[] bytes = Bytes.random(length, 2);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY);
                CachedContent content = cache.open(version)) {
            Bytes.read(content, 3L * PAGE, PAGE);
        }
        long fetched = source.fetchedBytes();
        try (SparseFileCache cache = open(TODAY);
                CachedContent content = cache.open(version)) {
            assertThat(content.isPresent(3L * PAGE, PAGE)).isTrue();
            assertThat(content.isPresent(0, 1)).isFalse();
            assertThat(Bytes.read(content, 3L * PAGE, PAGE)).isEqualTo(Arrays.copyOfRange(bytes, 3 * PAGE, 4 * PAGE));
            assertThat(source.fetchedBytes()).isEqualTo(fetched);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void whatWasWrittenAndCommittedIsNotFetched(int length) throws Exception {
        byte[] bytes = Bytes.random(length, 3);
        BlobVersion version;
        try (SparseFileCache cache = open(TODAY);
                CachedContent content = cache.create()) {
            Bytes.write(content, 0, bytes);
            version = content.commit(upload("a"), Bytes.soon());
        }
        for (Boot boot : List.of(TODAY, TOMORROW)) {
            try (SparseFileCache cache = open(boot)) {
                assertThat(readAll(cache, version)).isEqualTo(bytes);
            }
        }
        assertThat(source.fetchedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void whatWasChangedAndNotCommittedIsGoneAndTheVersionIsPure(int length) throws Exception {
        byte[] bytes = Bytes.random(length, 4);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            readAll(cache, version);
            try (CachedContent content = cache.open(version)) {
                Bytes.write(content, PAGE + 1L, new byte[] {1, 2, 3});
            }
        }
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(readAll(cache, version)).isEqualTo(bytes);
        }
    }

    @Test
    void whatChangesWhileItIsOpenIsClaimedByNothingOnDisk() throws Exception {
        byte[] bytes = Bytes.random(LARGE, 5);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY);
                CachedContent content = cache.open(version)) {
            Bytes.all(content);
            awaitOneClaim();
            Bytes.write(content, 0, new byte[] {9});
            assertThat(claims()).isEmpty();
            content.commit(upload("a"), Bytes.soon());
            Bytes.write(content, 0, new byte[] {8});
            assertThat(claims()).isEmpty();
        }
    }

    @Test
    void whatIsLentForWritingIsClaimedByNothingOnDiskUntilItComesBack() throws Exception {
        byte[] bytes = Bytes.random(SMALL, 6);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            try (CachedContent content = cache.open(version)) {
                Bytes.all(content);
                assertThat(content.lend(CachedContent.Loan.READ_WRITE)).isPresent();
                assertThat(claims()).isEmpty();
            }
            awaitOneClaim();
            assertThat(readAll(cache, version)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(SMALL);
    }

    @Test
    void aFileThatIsRenamedAndNotChangedIsFoundUnderItsNewVersion() throws Exception {
        byte[] bytes = Bytes.random(SMALL, 7);
        BlobVersion version = source.add("a", bytes);
        BlobVersion renamed = source.add("b", bytes);
        try (SparseFileCache cache = open(TODAY);
                CachedContent content = cache.open(version)) {
            Bytes.all(content);
            content.rebase(renamed);
        }
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(readAll(cache, renamed)).isEqualTo(bytes);
            assertThat(cache.resting()).isEqualTo(1);
        }
        assertThat(source.fetchedBytes()).isEqualTo(SMALL);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void afterTheMachineWasOffAPageThatIsNotWhatItWasIsFetchedAgain(int length) throws Exception {
        byte[] bytes = Bytes.random(length, 8);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            readAll(cache, version);
        }
        flip(contents().getFirst(), 2L * PAGE + 5);
        flip(contents().getFirst(), length - 1L);
        long fetched = source.fetchedBytes();

        try (SparseFileCache cache = open(TOMORROW);
                CachedContent content = cache.open(version)) {
            assertThat(content.lend(CachedContent.Loan.READ))
                    .as("what nobody looked at is not lent")
                    .isEmpty();
            assertThat(Bytes.all(content)).isEqualTo(bytes);
            assertThat(content.lend(CachedContent.Loan.READ)).isPresent();
        }
        int lastPage = (length - 1) % PAGE + 1;
        assertThat(source.fetchedBytes() - fetched).isEqualTo(PAGE + lastPage);
        try (SparseFileCache cache = open(TOMORROW);
                CachedContent content = cache.open(version)) {
            assertThat(content.isPresent(0, length))
                    .as("what was looked at once is trusted")
                    .isTrue();
        }
    }

    @Test
    void afterTheMachineWasOffAPartThatWasLookedAtDoesNotMakeTheRestTrusted() throws Exception {
        byte[] bytes = Bytes.random(LARGE, 9);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            readAll(cache, version);
        }
        flip(contents().getFirst(), 20L * PAGE);
        try (SparseFileCache cache = open(TOMORROW);
                CachedContent content = cache.open(version)) {
            Bytes.read(content, 0, 1);
        }
        try (SparseFileCache cache = open(TOMORROW)) {
            assertThat(readAll(cache, version)).isEqualTo(bytes);
        }
    }

    @Test
    void entriesThatAreNotWhatTheyMustBeAreLeftOutAndCountedAndTheOthersServe() throws Exception {
        List<BlobVersion> versions = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        try (SparseFileCache cache = open(TODAY)) {
            for (int i = 0; i < 6; i++) {
                contents.add(Bytes.random(i < 3 ? SMALL : LARGE, i));
                versions.add(source.add("f" + i, contents.get(i)));
                readAll(cache, versions.get(i));
            }
        }
        flip(folder.resolve("index"), SlotRecord.BYTES + 100);
        Files.delete(file(2, ".content"));
        cut(file(3, ".content"), LARGE - 1);
        Files.delete(file(4, ".pages"));
        flip(file(5, ".pages"), 9);
        long fetched = source.fetchedBytes();

        try (SparseFileCache cache = open(TODAY)) {
            assertThat(cache.resting()).isEqualTo(5);
            for (int i = 0; i < 6; i++) {
                assertThat(readAll(cache, versions.get(i))).isEqualTo(contents.get(i));
            }
            assertThat(cache.damaged()).isEqualTo(5);
            CacheFixture.until("all rest", () -> cache.resting() == 6);
        }
        assertThat(source.fetchedBytes() - fetched).isEqualTo(2 * SMALL + 3 * LARGE);
    }

    @Test
    void anIndexThatWasCutOffServesWhatIsLeftOfIt() throws Exception {
        byte[] bytes = Bytes.random(SMALL, 1);
        BlobVersion first = source.add("a", bytes);
        BlobVersion second = source.add("b", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            readAll(cache, first);
            readAll(cache, second);
        }
        cut(folder.resolve("index"), SlotRecord.BYTES + 7);
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(cache.resting()).isEqualTo(1);
            assertThat(readAll(cache, first)).isEqualTo(bytes);
            assertThat(source.fetchedBytes()).isEqualTo(2 * SMALL);
            assertThat(readAll(cache, second)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "other format", "nothing"})
    void aCacheThatIsNotOfThisFormatIsBegunAnew(String header) throws Exception {
        byte[] bytes = Bytes.random(LARGE, 1);
        BlobVersion version = source.add("a", bytes);
        try (SparseFileCache cache = open(TODAY)) {
            readAll(cache, version);
        }
        Path file = folder.resolve("forebay.cache");
        switch (header) {
            case "garbage" -> Files.write(file, Bytes.random(100, 1));
            case "other format" ->
                Files.write(
                        file,
                        new CacheHeader(CacheHeader.FORMAT + 1, 1, 2).encoded().array());
            default -> Files.delete(file);
        }
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(cache.resting()).isZero();
            CacheFixture.until("its files are removed", () -> contents().isEmpty());
            assertThat(readAll(cache, version)).isEqualTo(bytes);
        }
        try (SparseFileCache cache = open(TODAY)) {
            assertThat(cache.resting()).isEqualTo(1);
        }
    }

    @Test
    void aSlotThatIsUsedAgainNeverShowsWhatItHeldBefore() throws Exception {
        for (int round = 0; round < 30; round++) {
            byte[] bytes = Bytes.random(round % 2 == 0 ? SMALL : LARGE, round);
            BlobVersion version = source.add("r", bytes);
            try (SparseFileCache cache = open(round % 3 == 0 ? TOMORROW : TODAY)) {
                assertThat(readAll(cache, version)).isEqualTo(bytes);
                try (CachedContent content = cache.open(version)) {
                    Bytes.write(content, 0, new byte[] {7}); // frees the slot, for the next round
                }
                assertThat(cache.resting()).isZero();
            }
            assertThat(claims()).isEmpty();
        }
    }

    private CachedContent.Upload upload(String name) {
        return image -> {
            byte[] bytes = CacheFixture.bytesOf(image.body(0, image.sizeBytes()));
            sent.set(bytes);
            return source.add(name, bytes);
        };
    }

    /** Content goes to rest, and is written down, a moment after its last fetch has ended. */
    private void awaitOneClaim() throws InterruptedException {
        CacheFixture.until("one claim", () -> {
            try {
                return claims().size() == 1;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    /** The slots of the index that claim something now. */
    private List<Integer> claims() throws IOException {
        byte[] index = Files.readAllBytes(folder.resolve("index"));
        List<Integer> claims = new ArrayList<>();
        for (int slot = 0; slot < index.length / SlotRecord.BYTES; slot++) {
            byte[] bytes = Arrays.copyOfRange(index, slot * SlotRecord.BYTES, (slot + 1) * SlotRecord.BYTES);
            if (!Arrays.equals(bytes, new byte[SlotRecord.BYTES])) {
                SlotRecord.decoded(ByteBuffer.wrap(bytes));
                claims.add(slot);
            }
        }
        return claims;
    }

    private List<Path> contents() {
        return CacheFixture.contents(folder);
    }

    private Path file(int slot, String suffix) {
        return folder.resolve(String.format("content/%02x/%08x%s", slot, slot, suffix));
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
            channel.write(one, offset);
        }
    }

    private static void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
