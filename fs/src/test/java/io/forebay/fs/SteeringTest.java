package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.CacheInventory;
import io.forebay.testkit.store.StoreOperation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Warming up, looking and evicting by path, over the real tree and the real cache. */
class SteeringTest extends TreeTest {
    private static final int MANY = 10_000;

    private CacheSteering steering;

    @BeforeEach
    void steer() {
        steering = tree.fs.steering(tree.cache.inventory());
    }

    @Test
    void aFolderIsFetchedWithOneListingAndEachFileOnce() throws ForebayException {
        for (String name : List.of("data/a", "data/sub/b", "data/sub/deep/c", "other")) {
            tree.remotePut(name, "content of " + name);
        }
        long readBefore = tree.store.readBytes();

        SteeringProgress.State state = warm("data");

        assertThat(state.isComplete()).isTrue();
        assertThat(state.doneFiles()).isEqualTo(3);
        assertThat(tree.store.requests(StoreOperation.READ)).isEqualTo(3);
        assertThat(tree.store.requests(StoreOperation.LIST))
                .as("one to find it, one for all in it")
                .isLessThan(3);
        assertThat(tree.store.readBytes() - readBefore).isEqualTo(state.foundBytes());
        assertThat(tree.text("data/sub/deep/c")).isEqualTo("content of data/sub/deep/c");
        assertThat(tree.store.requests(StoreOperation.READ))
                .as("reading asks for nothing")
                .isEqualTo(3);
    }

    @Test
    void whatIsHereIsNotFetchedAgain() throws ForebayException {
        tree.remotePut("a", "0123456789");
        warm("a");

        SteeringProgress.State again = warm("");

        assertThat(again.isComplete()).isTrue();
        assertThat(again.presentFiles()).isEqualTo(1);
        assertThat(again.presentBytes()).isEqualTo(10);
        assertThat(again.doneBytes()).isZero();
        assertThat(tree.store.requests(StoreOperation.READ)).isEqualTo(1);
    }

    @Test
    void lookingFetchesNothing() throws ForebayException {
        tree.remotePut("d/here", "12345");
        tree.remotePut("d/there", "123");
        warm("d/here");

        SteeringProgress progress = new SteeringProgress();
        steering.check(Selection.of(List.of("d")), progress);

        assertThat(progress.state().foundFiles()).isEqualTo(2);
        assertThat(progress.state().presentFiles()).isEqualTo(1);
        assertThat(progress.state().presentBytes()).isEqualTo(5);
        assertThat(progress.state().isComplete()).isFalse();
        assertThat(tree.store.requests(StoreOperation.READ)).isEqualTo(1);
    }

    @Test
    void aPatternMeansWhatItMatchesAndWhatIsBelowThat() throws ForebayException {
        for (String name : List.of("m/x.bin", "m/y.txt", "m/d.bin/inside", "n/z.bin")) {
            tree.remotePut(name, "content");
        }

        assertThat(warm("m/*.bin").doneFiles()).isEqualTo(2);
        assertThat(warm("**/*.bin").foundFiles()).isEqualTo(3);
    }

    @Test
    void aNameWithABracketIsThatName() throws ForebayException {
        tree.remotePut("log[1]", "literal");
        tree.remotePut("log1", "matched");

        SteeringProgress.State state = warm("log[1]");

        assertThat(state.doneBytes()).isEqualTo("literal".length());
        assertThat(state.doneFiles()).isEqualTo(1);
    }

    @Test
    void symlinksMeanTheFilesBehindThem() throws ForebayException {
        tree.remotePut("blobs/sha", "the weights");
        tree.mkdir("snapshots");
        tree.symlink("../blobs/sha", "snapshots/model");
        tree.symlink("nowhere", "snapshots/dangling");
        tree.symlink("snapshots", "latest");
        tree.symlink("/etc", "outside");

        assertThat(warm("latest").doneBytes()).isEqualTo("the weights".length());
        assertThat(warm("snapshots/model").presentFiles()).isEqualTo(1);
        SteeringProgress progress = new SteeringProgress();
        steering.warm(Selection.of(List.of("outside")), progress);
        assertThat(progress.failures()).singleElement().satisfies(failure -> assertThat(failure.reason())
                .contains("leads out of the mount"));
    }

    @Test
    void whatIsMissingIsNamedAndTheRestIsDone() throws ForebayException {
        tree.remotePut("a", "content");
        tree.remotePut("broken", "content");
        tree.store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.READ && name.equals("broken")) {
                throw new ForebayException.Denied("not yours");
            }
        });
        SteeringProgress progress = new SteeringProgress();

        steering.warm(Selection.of(List.of("missing", "no*match", "broken", "a")), progress);

        assertThat(progress.failures())
                .extracting(SteeringProgress.Failure::path)
                .containsExactlyInAnyOrder("missing", "no*match", "broken");
        assertThat(progress.state().doneFiles()).isEqualTo(1);
        assertThat(progress.state().isComplete()).isFalse();
        tree.store.beforeEffect(NOTHING);
    }

    @Test
    void whatIsWrittenHereIsNeitherFetchedNorEvicted() throws ForebayException {
        tree.remotePut("file", "old content");
        long handle = tree.at("file", inode -> tree.fs.open(inode, OpenMode.READ_WRITE));
        tree.fs.write(handle, 0, ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
        long readBefore = tree.store.readBytes();

        assertThat(warm("file").presentFiles()).isEqualTo(1);
        assertThat(tree.store.readBytes()).isEqualTo(readBefore);
        evict("");

        assertThat(tree.text("file")).isEqualTo("new content");
        tree.fs.release(handle);
        assertThat(tree.remoteText("file")).isEqualTo("new content");
    }

    @Test
    void evictingDropsWhatNobodyHasOpenAndSaysWhatStays() throws ForebayException {
        tree.remotePut("d/open", "1234");
        tree.remotePut("d/closed", "123456");
        tree.remotePut("e", "1");
        warm("");
        long handle = tree.at("d/open", inode -> tree.fs.open(inode, OpenMode.READ));

        SteeringProgress progress = evict("d");

        assertThat(progress.state().doneFiles()).isEqualTo(1);
        assertThat(progress.state().doneBytes()).isEqualTo(6);
        assertThat(progress.failures()).containsExactly(new SteeringProgress.Failure("d/open", "is open"));
        tree.fs.release(handle);
        assertThat(steering.report(Selection.of(List.of("")), 10).bytes()).isEqualTo(5);
        assertThat(tree.text("d/closed")).isEqualTo("123456");
    }

    @Test
    void whatIsPinnedIsNotEvictedUntilItIsReleased() throws ForebayException {
        tree.remotePut("d/a", "1234");
        tree.remotePut("d/empty", "");
        tree.remotePut("e", "1");
        warm("d/a");
        SteeringProgress pinning = new SteeringProgress();

        steering.pin(Selection.of(List.of("d")), pinning);
        warm("e");

        assertThat(pinning.state().isComplete()).isTrue();
        assertThat(pinning.state().presentFiles()).isPositive();
        CacheSteering.CacheReport report = steering.report(Selection.of(List.of("")), 10);
        assertThat(report.pinnedFiles()).isEqualTo(1);
        assertThat(report.pinnedBytes()).isEqualTo(4);
        SteeringProgress evicted = evict("");
        assertThat(evicted.state().doneFiles()).isEqualTo(1);
        assertThat(evicted.failures())
                .containsExactly(new SteeringProgress.Failure("d/a", "is pinned; 'forebay unpin' first"));

        long before = tree.store.requests();
        SteeringProgress released = new SteeringProgress();
        steering.unpin(Selection.of(List.of("d/*")), released);
        assertThat(released.state().doneFiles()).isEqualTo(1);
        assertThat(evict("d").state().doneFiles()).isEqualTo(1);
        assertThat(tree.store.requests()).isEqualTo(before);
    }

    @Test
    void pinningAnewReleasesWhatWasReplacedOrDeleted() throws ForebayException {
        tree.remotePut("d/replaced", "old");
        tree.remotePut("d/deleted", "12345");
        tree.remotePut("d/same", "1");
        tree.remotePut("e", "12");
        steering.pin(Selection.of(List.of("d", "e")), new SteeringProgress());
        tree.remotePut("d/replaced", "newer");
        tree.remoteDelete("d/deleted");
        tree.clock.advance(Duration.ofMinutes(1));

        steering.pin(Selection.of(List.of("d")), new SteeringProgress());

        CacheSteering.CacheReport report = steering.report(Selection.of(List.of("")), 10);
        assertThat(report.pinnedFiles()).isEqualTo(3);
        assertThat(report.pinnedBytes()).isEqualTo(5 + 1 + 2);
        assertThat(report.files()).as("it is all still there").isEqualTo(5);
    }

    @Test
    void whatHasChangesIsNotPinned() throws ForebayException {
        tree.remotePut("file", "old content");
        long handle = tree.at("file", inode -> tree.fs.open(inode, OpenMode.READ_WRITE));
        tree.fs.write(handle, 0, ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
        SteeringProgress progress = new SteeringProgress();

        steering.pin(Selection.of(List.of("file")), progress);

        assertThat(progress.failures()).singleElement().satisfies(failure -> assertThat(failure.reason())
                .contains("not uploaded yet"));
        tree.fs.release(handle);
    }

    @Test
    void evictingAsksNobodyWhereNamesAreNames() throws ForebayException {
        tree.remotePut("d/a", "1234");
        warm("d");
        long before = tree.store.requests();

        assertThat(evict("d").state().doneFiles()).isEqualTo(1);

        assertThat(tree.store.requests()).isEqualTo(before);
    }

    @Test
    void theReportSumsByWhatLiesDirectlyInside() throws ForebayException {
        tree.remotePut("d/a/1", "12");
        tree.remotePut("d/a/2", "345");
        tree.remotePut("d/b", "6");
        tree.remotePut("e", "1234567");
        warm("");

        CacheSteering.CacheReport all = steering.report(Selection.of(List.of("")), 10);
        CacheSteering.CacheReport below = steering.report(Selection.of(List.of("d")), 1);

        assertThat(all.files()).isEqualTo(4);
        assertThat(all.bytes()).isEqualTo(13);
        assertThat(all.largest())
                .containsExactly(new CacheSteering.Group("e", 1, 7), new CacheSteering.Group("d/", 3, 6));
        assertThat(below.largest()).containsExactly(new CacheSteering.Group("d/a/", 2, 5));
        assertThat(below.bytes()).isEqualTo(6);
    }

    @Test
    void anInterruptStopsItAndNothingIsHeld() throws Exception {
        for (int i = 0; i < 100; i++) {
            tree.remotePut("d/" + i, "content");
        }
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        tree.store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.READ) {
                reads.incrementAndGet();
                reading.countDown();
                awaitOrFail(never);
            }
        });
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread run = Thread.ofVirtual().start(() -> {
            try {
                warm("d");
                end.complete(new AssertionError("it was not stopped"));
            } catch (ForebayException stopped) {
                end.complete(stopped);
            }
        });
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

        run.interrupt();

        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(ForebayException.Interrupted.class);
        assertThat(tree.cache.inUse()).isZero();
        assertThat(reads.get()).isLessThan(100);
        tree.store.beforeEffect(NOTHING);
        never.countDown();
    }

    private static void awaitOrFail(CountDownLatch latch) throws ForebayException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new ForebayException.Unavailable("nobody stopped it");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("stopped", stop);
        }
    }

    @Test
    void pagesThatAreTooFarAheadAreListedAgainWhenTheirTurnComes() throws ForebayException {
        for (int i = 0; i < MANY; i++) {
            tree.remotePut(String.format("many/%05d", i), "1");
        }
        Tree inner = tree.fs.tree();
        CacheInventory inventory = tree.cache.inventory();
        PathResolution paths = new PathResolution(inner, new Lookups(inner), _ -> "");
        SteeringProgress progress = new SteeringProgress();
        long before = tree.store.requests(StoreOperation.LIST);

        new Warmup(inner, inventory, new SelectedFiles(inner, paths), progress, OptionalLong.empty(), 5_000)
                .run(Selection.of(List.of("many")));

        assertThat(progress.state().isComplete()).isTrue();
        assertThat(progress.state().doneFiles()).isEqualTo(MANY);
        assertThat(tree.store.requests(StoreOperation.LIST) - before)
                .as("one to find it, two pages, and the second one again unless the first was done by then")
                .isBetween(3L, 4L);
        assertThat(tree.store.requests(StoreOperation.READ)).isEqualTo(MANY);
    }

    @Test
    void aFullDiskEndsIt() throws ForebayException {
        tree.remotePut("a", "content");
        tree.store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.READ) {
                throw new ForebayException.NoSpace("the disk is full");
            }
        });

        assertThatThrownBy(() -> warm("a")).isInstanceOf(ForebayException.NoSpace.class);
        tree.store.beforeEffect(NOTHING);
    }

    private SteeringProgress.State warm(String path) throws ForebayException {
        SteeringProgress progress = new SteeringProgress();
        steering.warm(Selection.of(List.of(path)), progress);
        return progress.state();
    }

    private SteeringProgress evict(String path) throws ForebayException {
        SteeringProgress progress = new SteeringProgress();
        steering.evict(Selection.of(List.of(path)), progress);
        return progress;
    }
}
