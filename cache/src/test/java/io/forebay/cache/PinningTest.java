package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import io.forebay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What eviction was told to leave alone. */
class PinningTest extends CacheFixture {
    private static final int MANY = 100;

    @Test
    void whatIsPinnedStaysWhateverElseIsReadAndAfterARestart() throws Exception {
        byte[] bytes = Bytes.random(5 * PAGE, 1);
        BlobVersion pinned = source.add("pinned", bytes);
        try (SparseFileCache limited = limited(20, Clock.system())) {
            bringAndPin(limited, pinned);
            readMany(limited);
            assertHere(limited, pinned, bytes);
        }
        try (SparseFileCache again = limited(20, Clock.system())) {
            readMany(again);
            assertHere(again, pinned, bytes);

            assertThat(again.inventory().unpin(entry(again, "pinned"))).isTrue();
            readMany(again);
            until("it is given up as any other", () -> again.inventory().presentBytes(pinned) == 0);
        }
    }

    @Test
    void aReleaseSurvivesARestartToo() throws Exception {
        BlobVersion version = source.add("pinned", Bytes.random(PAGE, 1));
        try (SparseFileCache limited = limited(20, Clock.system())) {
            bringAndPin(limited, version);
            until(
                    "it rests",
                    () -> limited.inUse() == 0 && limited.inventory().figures().resting() == 1);
            assertThat(limited.inventory().figures().disks().getFirst().pinnedBytes())
                    .isEqualTo(PAGE);
            assertThat(limited.inventory().unpin(entry(limited, "pinned"))).isTrue();
        }
        try (SparseFileCache again = limited(20, Clock.system())) {
            assertThat(entry(again, "pinned").isPinned()).isFalse();
            assertThat(again.inventory().figures().disks().getFirst().pinnedBytes())
                    .isZero();
        }
    }

    @Test
    void whatIsOpenCanBePinnedAndReleased() throws Exception {
        BlobVersion version = source.add("open", Bytes.random(PAGE, 1));
        try (SparseFileCache limited = limited(20, Clock.system());
                CachedContent open = limited.open(version)) {
            bringAndPin(limited, version);
            assertThat(entry(limited, "open").isPinned()).isTrue();
            assertThat(limited.inventory().unpin(entry(limited, "open"))).isTrue();
            assertThat(entry(limited, "open").isPinned()).isFalse();
            assertThat(Bytes.all(open)).hasSize(PAGE);
        }
    }

    @Test
    void itIsNotRemovedByHandEither() throws Exception {
        BlobVersion version = source.add("pinned", Bytes.random(PAGE, 1));
        try (SparseFileCache limited = limited(20, Clock.system())) {
            bringAndPin(limited, version);
            until("it rests", () -> limited.inventory().figures().resting() == 1);
            CacheInventory.Entry resting = entry(limited, "pinned");

            assertThat(limited.inventory().remove(resting)).isEqualTo(CacheInventory.Removal.PINNED);

            limited.inventory().unpin(resting);
            assertThat(limited.inventory().remove(resting)).isEqualTo(CacheInventory.Removal.REMOVED);
        }
    }

    @Test
    void timeDoesNotReleaseIt() throws Exception {
        ManualClock clock = new ManualClock();
        BlobVersion pinned = source.add("pinned", Bytes.random(PAGE, 1));
        BlobVersion other = source.add("other", Bytes.random(PAGE, 2));
        try (SparseFileCache limited = limited(20, clock)) {
            bringAndPin(limited, pinned);
            read(limited, other);
            until("both rest", () -> limited.inventory().figures().resting() == 2);
            clock.advance(Duration.ofHours(2));

            until("the other is given up", () -> limited.inventory().presentBytes(other) == 0);
            assertThat(limited.inventory().presentBytes(pinned)).isEqualTo(PAGE);
        }
    }

    @Test
    void whereOnlyPinnedContentIsLeftTheRestIsReadAndNotKept() throws Exception {
        try (SparseFileCache limited = limited(10, Clock.system())) {
            for (int i = 0; i < 10; i++) {
                bringAndPin(limited, source.add("pinned" + i, Bytes.random(PAGE, i)));
            }
            byte[] bytes = Bytes.random(3 * PAGE, 77);
            BlobVersion other = source.add("other", bytes);
            try (CachedContent content = limited.open(other)) {
                assertThat(Bytes.all(content)).isEqualTo(bytes);
                assertThat(Bytes.all(content)).isEqualTo(bytes);
            }
            assertThat(limited.inventory().presentBytes(other)).isZero();
            assertThat(limited.inventory().figures().evictedFiles()).isZero();
        }
    }

    /** Marks of the whole would have all of the rest given up, again and again, once so much is pinned. */
    @Test
    void theMarksAreOfWhatIsNotPinned() throws Exception {
        try (SparseFileCache limited = limited(100, Clock.system())) {
            bringAndPin(limited, source.add("pinned", Bytes.random(90 * PAGE, 1)));
            for (int i = 0; i < 8; i++) {
                read(limited, source.add("f" + i, Bytes.random(PAGE, i)));
            }
            until("all rest", () -> limited.inventory().figures().resting() == 9);
            read(limited, source.add("one more", Bytes.random(PAGE, 9)));
            read(limited, source.add("two more", Bytes.random(PAGE, 10)));

            until("some are given up", () -> limited.inventory().figures().evictedFiles() > 0);
            assertThat(limited.resting()).as("not all of them").isGreaterThan(4);
        }
    }

    @Test
    void whatIsChangedAndCommittedStaysPinned() throws Exception {
        AtomicReference<byte[]> sent = new AtomicReference<>();
        BlobVersion version = source.add("file", Bytes.random(PAGE, 1));
        try (SparseFileCache limited = limited(20, Clock.system())) {
            for (boolean readBesides : new boolean[] {false, true}) {
                bringAndPin(limited, version);
                try (CachedContent writer = limited.open(version);
                        CachedContent reader = readBesides ? limited.open(version) : limited.create()) {
                    Bytes.write(writer, 10, new byte[] {1, 2, 3});
                    version = writer.commit(toSource("file", sent), Bytes.soon());
                    assertThat(reader.isDirty()).isEqualTo(!readBesides);
                }
                BlobVersion now = version;
                until("it rests", () -> limited.inUse() == 0);
                List<CacheInventory.Entry> pinned = entries(limited, "file").stream()
                        .filter(CacheInventory.Entry::isPinned)
                        .toList();
                assertThat(pinned).as("the new one alone").hasSize(1);
                assertThat(limited.inventory().presentBytes(now)).isEqualTo(PAGE);
            }
        }
    }

    private void bringAndPin(SparseFileCache limited, BlobVersion version) throws ForebayException {
        limited.bring(version, Bytes.soon());
        limited.pin(version, 0, Bytes.soon());
    }

    private void assertHere(SparseFileCache limited, BlobVersion version, byte[] expected) throws ForebayException {
        int reads = source.asked().size();
        try (CachedContent content = limited.open(version)) {
            assertThat(Bytes.all(content)).isEqualTo(expected);
        }
        assertThat(source.asked()).hasSize(reads);
    }

    private int read;

    private void readMany(SparseFileCache limited) throws Exception {
        long before = limited.inventory().figures().evictedFiles();
        for (int i = 0; i < MANY; i++) {
            read(limited, source.add("many" + read++, Bytes.random(PAGE, i)));
        }
        until("some were given up", () -> limited.inventory().figures().evictedFiles() > before + MANY / 2);
    }

    private static void read(SparseFileCache limited, BlobVersion version) throws ForebayException {
        try (CachedContent content = limited.open(version)) {
            assertThat(Bytes.all(content)).hasSize((int) version.lengthBytes());
        }
    }

    private static CacheInventory.Entry entry(SparseFileCache limited, String name) throws ForebayException {
        return entries(limited, name).getFirst();
    }

    private static List<CacheInventory.Entry> entries(SparseFileCache limited, String name) throws ForebayException {
        List<CacheInventory.Entry> found = new ArrayList<>();
        limited.inventory().visit("memory", name::equals, found::add);
        return found;
    }

    private SparseFileCache limited(int pages, Clock clock) throws ForebayException {
        EvictionSettings limits = new EvictionSettings(
                Optional.of(new ByteSize((long) pages * PAGE)),
                90,
                80,
                Optional.of(new ByteSize(0)),
                Optional.of(Duration.ofHours(1)));
        return new SparseFileCache(List.of(folder.resolve("limited")), source, SMALL, limits, clock, new Metrics());
    }
}
