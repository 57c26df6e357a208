package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are closed on the local disk first, and uploaded behind the scenes. */
class WriteBackTest {
    private static final StoreHook NOTHING = (_, _) -> {};
    private static final StoreHook NO_PUT = TreeTest.unavailable(StoreOperation.PUT);

    @TempDir
    Path cacheParent;

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://tree", clock);
    private PathTree tree;

    @BeforeEach
    void mount() {
        tree = PathTree.writingBack(store, clock, cacheParent);
    }

    @AfterEach
    void unmount() {
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        // An upload that the store has refused already would be told of as not saved.
        PathTree.await("the end of uploads that began before", () -> tree.fs.pendingUploads().stream()
                .noneMatch(file -> file.state() == PendingUpload.State.UPLOADING));
        clock.advance(Duration.ofMinutes(5));
        tree.close();
    }

    /** Dies, as far as the tree and the cache can tell, and comes back over the same disk. */
    private void dieAndReturn() {
        tree.abandon();
        tree = tree.nextMount();
    }

    private void awaitUploads() {
        clock.advance(Duration.ofMinutes(5));
        PathTree.await("uploads", () -> tree.fs.pendingUploads().isEmpty());
    }

    private PendingUpload.State stateOf(String path) {
        return tree.fs.pendingUploads().stream()
                .filter(file -> file.path().equals(path))
                .findAny()
                .orElseThrow()
                .state();
    }

    private void awaitState(String path, PendingUpload.State state) {
        PathTree.await(path + " is " + state, () -> tree.fs.pendingUploads().stream()
                .anyMatch(file -> file.path().equals(path) && file.state() == state));
    }

    @Test
    void nobodyWaitsForTheStore() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.PUT) {
                await(released);
            }
        });
        tree.put("a", "one");
        long handle = tree.open("a", OpenMode.READ_WRITE);
        assertThat(tree.readText(handle)).isEqualTo("one");
        tree.fs.fsync(handle);
        tree.close(handle);
        assertThat(store.names()).isEmpty();
        assertThat(tree.names("")).containsExactly("a");
        assertThat(tree.stat("a").sizeBytes()).isEqualTo(3);

        released.countDown();
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("one");
        assertThat(tree.text("a")).isEqualTo("one");
    }

    private static void await(CountDownLatch latch) throws ForebayException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("test", interrupt);
        }
    }

    @Test
    void whatWasClosedOutlivesTheProcess() throws Exception {
        tree.remotePut("d/e/there", "before");
        store.beforeEffect(NO_PUT);
        tree.put("a", "one");
        tree.put("d/e/b", "two");
        tree.set("a", AttributeChange.permissions(0600));
        long modified = tree.stat("a").modifyNanos();

        dieAndReturn();

        assertThat(tree.names("")).containsExactly("a", "d");
        assertThat(tree.text("a")).isEqualTo("one");
        assertThat(tree.text("d/e/b")).isEqualTo("two");
        assertThat(tree.stat("a").permissions()).isEqualTo(0600);
        assertThat(tree.stat("a").modifyNanos()).isEqualTo(modified);
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("one");
        assertThat(tree.remoteText("d/e/b")).isEqualTo("two");

        dieAndReturn();
        assertThat(tree.fs.pendingUploads()).as("nothing is uploaded twice").isEmpty();
        assertThat(tree.text("a")).isEqualTo("one");
    }

    @Test
    void whatWasSyncedOutlivesTheProcessThoughItIsOpen() throws Exception {
        store.beforeEffect(NO_PUT);
        long handle = tree.create("log");
        tree.write(handle, 0, "synced");
        tree.fs.fsync(handle);
        tree.abandon();
        tree = tree.nextMount();
        assertThat(tree.text("log")).isEqualTo("synced");
    }

    @Test
    void aFileIsRenamedBeforeItIsUploaded() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("tmp", "checkpoint");
        tree.rename("tmp", "final");
        dieAndReturn();
        assertThat(tree.names("")).containsExactly("final");
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(store.names()).containsExactly("final");
        assertThat(store.requests(StoreOperation.COPY)).isZero();
    }

    @Test
    void aRenameReplacesWhatIsInTheStore() throws Exception {
        tree.remotePut("final", "old");
        store.beforeEffect(NO_PUT);
        tree.put("tmp", "new");
        tree.rename("tmp", "final");
        assertThat(tree.text("final")).isEqualTo("new");
        assertThat(tree.remoteText("final")).isEqualTo("old");
        dieAndReturn();
        assertThat(tree.text("final")).isEqualTo("new");
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("final")).isEqualTo("new");
    }

    @Test
    void aRenameOverAFileThatWaitsLeavesTheNewOne() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("final", "old");
        tree.put("tmp", "new");
        tree.rename("tmp", "final");
        dieAndReturn();
        assertThat(tree.names("")).containsExactly("final");
        assertThat(tree.text("final")).isEqualTo("new");
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("final")).isEqualTo("new");
    }

    @Test
    void aDirectoryIsMovedWithWhatWaitsInIt() throws Exception {
        tree.mkdir("d");
        awaitUploads();
        store.beforeEffect(NO_PUT);
        tree.put("d/a", "one");
        tree.rename("d", "e");
        dieAndReturn();
        assertThat(tree.text("e/a")).isEqualTo("one");
        assertThat(tree.exists("d/a")).isFalse();
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("e/a")).isEqualTo("one");
    }

    @Test
    void aDirectoryIsMadeWithoutTheStore() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.mkdir("d");
        tree.mkdir("d/e");
        tree.put("d/e/a", "one");
        tree.set("d", AttributeChange.permissions(0700));
        assertThat(tree.names("d")).containsExactly("e");
        dieAndReturn();
        assertThat(tree.names("")).containsExactly("d");
        assertThat(tree.text("d/e/a")).isEqualTo("one");
        assertThat(tree.stat("d").permissions()).isEqualTo(0700);

        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(store.names()).containsExactlyInAnyOrder("d", "d/e", "d/e/a");
        tree.forgetWhatIsKnown();
        assertThat(tree.stat("d").permissions()).isEqualTo(0700);
    }

    @Test
    void aDirectoryThatTheStoreDoesNotHaveIsRenamedAndRemovedWithoutIt() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.mkdir("d");
        tree.put("d/a", "one");
        tree.mkdir("f");
        tree.rename("d", "e");
        tree.rmdir("f");
        assertThat(tree.names("")).containsExactly("e");
        dieAndReturn();
        assertThat(tree.names("")).containsExactly("e");

        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(store.names()).containsExactlyInAnyOrder("e", "e/a");
    }

    @Test
    void aDirectoryThatAnotherMadeFirstIsTheirs() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.mkdir("d");
        tree.put("d/a", "one");
        store.beforeEffect(NOTHING);
        tree.remotePut("d", "", BlobHeaders.of(Metadata.EMPTY.with("hdi_isfolder", "true")));
        awaitUploads();
        assertThat(tree.fs.pendingUploads()).isEmpty();
        assertThat(tree.remoteText("d/a")).isEqualTo("one");
        assertThat(tree.stat("d").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.names("d")).containsExactly("a");
    }

    @Test
    void whatIsRemovedIsNeverUploaded() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("a", "one");
        tree.unlink("a");
        store.beforeEffect(NOTHING);
        dieAndReturn();
        assertThat(tree.fs.pendingUploads()).isEmpty();
        assertThat(tree.names("")).isEmpty();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void whatIsRemovedWhileItIsOpenDoesNotComeBack() throws Exception {
        store.beforeEffect(NO_PUT);
        long handle = tree.create("a");
        tree.write(handle, 0, "one");
        tree.fs.fsync(handle);
        tree.unlink("a");
        assertThat(tree.readText(handle)).isEqualTo("one");
        tree.write(handle, 3, "!");
        tree.fs.fsync(handle);
        dieAndReturn();
        assertThat(tree.fs.pendingUploads()).isEmpty();
        assertThat(tree.names("")).isEmpty();
    }

    @Test
    void whatIsReplacedWhileItIsOpenDoesNotComeBack() throws Exception {
        store.beforeEffect(NO_PUT);
        long handle = tree.create("final");
        tree.write(handle, 0, "old");
        tree.fs.fsync(handle);
        tree.put("tmp", "new");
        tree.rename("tmp", "final");
        dieAndReturn();
        assertThat(tree.fs.pendingUploads()).hasSize(1);
        assertThat(tree.text("final")).isEqualTo("new");
    }

    /** Else a power cut could take both: the one that lost its name, and the one whose bytes are in doubt. */
    @Test
    void whatReplacesASyncedFileIsSyncedToo() throws Exception {
        store.beforeEffect(NO_PUT);
        long handle = tree.create("final");
        tree.write(handle, 0, "old");
        tree.fs.fsync(handle);
        tree.close(handle);
        tree.put("tmp", "new");
        tree.rename("tmp", "final");
        dieAndReturn();
        assertThat(tree.cache.durableWhenKept()).containsOnly(Map.entry("final", true));
        tree.put("tmp", "newer");
        tree.rename("tmp", "final"); // over one that the process before had synced
        dieAndReturn();
        assertThat(tree.cache.durableWhenKept()).containsOnly(Map.entry("final", true));
        assertThat(tree.text("final")).isEqualTo("newer");
    }

    /** Else a power cut might leave notes of files that are in the store, as if they were lost. */
    @Test
    void theJournalOnDiskLearnsSoonOfWhatWasUploaded() throws Exception {
        tree.put("a", "one");
        awaitUploads();
        clock.advance(Duration.ofSeconds(2));
        PathTree.await("a sync", () -> tree.cache.syncs() == 1);
        clock.advance(Duration.ofMinutes(1));
        tree.put("b", "two");
        awaitUploads();
        clock.advance(Duration.ofSeconds(2));
        PathTree.await("another, for what came since", () -> tree.cache.syncs() == 2);
    }

    /** Else a power cut might leave what was synced, which is older than what is in the store by then: a conflict with ourselves. */
    @Test
    void whatWasSyncedIsSyncedAgainAsItIsSent() throws Exception {
        store.beforeEffect(NO_PUT);
        long handle = tree.create("a");
        tree.write(handle, 0, "one");
        tree.fs.fsync(handle);
        tree.write(handle, 3, "two");
        tree.close(handle);
        awaitState("a", PendingUpload.State.FAILED);
        dieAndReturn();
        assertThat(tree.cache.durableWhenKept()).containsOnly(Map.entry("a", true));
    }

    @Test
    void aFileIsNotLostToOneThatIsStillBeingWritten() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("final", "old");
        long handle = tree.create("tmp");
        tree.write(handle, 0, "new");
        tree.rename("tmp", "final");
        dieAndReturn();
        assertThat(tree.text("final")).isEqualTo("new");
    }

    @Test
    void whatAnEarlierProcessSyncedIsSyncedAgainWhenAsked() throws Exception {
        SharedContent content = new SharedContent(tree.cache.create());
        content.keptBefore(1);
        assertThat(content.isKeptAsIs(false)).isTrue();
        assertThat(content.isKeptAsIs(true))
                .as("it may have been written since")
                .isFalse();
        assertThat(content.isKeptSynced()).isTrue();
        content.forgetKept();
        assertThat(content.isKeptSynced()).isFalse();
        content.bytes().close();
    }

    @Test
    void whatWasSyncedStaysSoUnderAnotherNameUntilItIsWritten() throws Exception {
        SharedContent content = new SharedContent(tree.cache.create());
        assertThat(content.isKeptSafe()).isFalse();
        content.keep(1, true);
        content.changed();
        content.keep(1, content.isKeptSafe());
        assertThat(content.isKeptAsIs(true)).isTrue();
        content.written();
        content.changed();
        content.keep(1, content.isKeptSafe());
        assertThat(content.isKeptAsIs(true)).isFalse();
        content.keep(1, true);
        content.keepFailed();
        assertThat(content.isKeptAsIs(false)).as("it is tried again").isFalse();
        assertThat(content.isKeptSafe()).isFalse();
        content.keep(1, true);
        content.forgetKept();
        assertThat(content.isKeptSafe()).isFalse();
        content.bytes().close();
    }

    @Test
    void removingALargeFileDoesNotWaitForItsBlocks() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.STAGE_BLOCK) {
                arrived.countDown();
                await(never);
            }
        });
        tree.put("a", "x".repeat(9 << 20));
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        tree.unlink("a");
        assertThat(tree.names("")).isEmpty();
        assertThat(store.names()).isEmpty();
    }

    /** A store may carry out a request whose client has gone, even after it has said that there is no such blob. */
    @Test
    void aRequestThatArrivesLateDoesNotBringBackWhatWasRemoved() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<Thread> removing = new CompletableFuture<>();
        AtomicBoolean late = new AtomicBoolean();
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.PUT && !late.get()) {
                arrived.countDown();
                awaitClaim(removing.join());
                if (Thread.interrupted()) {
                    late.set(true);
                    throw new ForebayException.Interrupted("the client has gone");
                }
            }
        });
        tree.put("a", "one");
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        FutureTask<Boolean> removal = new FutureTask<>(() -> {
            tree.unlink("a");
            return true;
        });
        removing.complete(Thread.ofPlatform().daemon().start(removal));
        assertThat(removal.get(30, TimeUnit.SECONDS)).isTrue();
        if (late.get()) {
            tree.remotePut("a", "one");
        }
        assertThat(tree.names("")).isEmpty();
        assertThat(store.names()).isEmpty();
    }

    private static void awaitClaim(Thread thread) {
        PathTree.await("the thread waits for a name", () -> Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("PathClaims")));
    }

    @Test
    void anUploadWhoseAnswerIsLostIsNoConflict() throws Exception {
        store.beforeAnswer(TreeTest.unavailable(StoreOperation.PUT));
        tree.put("a", "one");
        awaitState("a", PendingUpload.State.FAILED);
        assertThat(tree.remoteText("a")).isEqualTo("one");
        store.beforeAnswer(NOTHING);
        dieAndReturn();
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("one");
        assertThat(tree.text("a")).isEqualTo("one");
    }

    /** A file that somebody has open, and its bytes as the kernel has borrowed them. */
    private record Borrowed(long handle, Path file) {}

    /** Writes "one" to such a file, and returns when that is in the store; the answer comes when it is {@code released}. */
    private Borrowed uploadBorrowed(CountDownLatch released) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        store.beforeAnswer((operation, _) -> {
            if (operation == StoreOperation.PUT) {
                arrived.countDown();
                await(released);
            }
        });
        long handle = tree.create("a");
        Borrowed borrowed = new Borrowed(handle, tree.fs.backingFile(handle).orElseThrow());
        Files.writeString(borrowed.file(), "one");
        tree.fs.flush(handle);
        clock.advance(Duration.ofMinutes(1));
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        return borrowed;
    }

    @Test
    void aProcessThatDiesWhileItsUploadIsChangedLeavesNoConflict() throws Exception {
        Borrowed borrowed = uploadBorrowed(new CountDownLatch(1));
        Files.writeString(borrowed.file(), "two and more");
        tree.fs.flush(borrowed.handle());
        tree.abandon();
        store.beforeAnswer(NOTHING);
        tree = tree.nextMount();
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("two and more");
    }

    @Test
    void bothVersionsOfAConflictStay() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("a", "ours");
        awaitState("a", PendingUpload.State.FAILED);
        store.beforeEffect(NOTHING);
        tree.remotePut("a", "theirs, and longer");
        clock.advance(Duration.ofMinutes(5));
        awaitState("a", PendingUpload.State.CONFLICT);

        assertThat(tree.text("a")).isEqualTo("ours");
        assertThat(tree.remoteText("a")).isEqualTo("theirs, and longer");
        long handle = tree.open("a", OpenMode.WRITE);
        tree.write(handle, 4, "!");
        assertThatThrownBy(() -> tree.fs.fsync(handle)).isInstanceOf(ForebayException.Changed.class);
        assertThatThrownBy(() -> tree.close(handle)).isInstanceOf(ForebayException.Changed.class);

        dieAndReturn();
        awaitState("a", PendingUpload.State.CONFLICT);
        assertThat(tree.text("a")).isEqualTo("ours!");
        tree.unlink("a"); // that is a decision, too: for theirs
        tree.forgetWhatIsKnown();
        assertThat(tree.text("a")).isEqualTo("theirs, and longer");
    }

    @Test
    void aFailureIsTriedAgainAndToldOnce() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("a", "one");
        awaitState("a", PendingUpload.State.FAILED);
        long handle = tree.open("a", OpenMode.WRITE);
        tree.write(handle, 0, "two");
        assertThatThrownBy(() -> tree.fs.fsync(handle)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(tree.fs.commitAll()).singleElement().satisfies(unsaved -> {
            assertThat(unsaved.path()).isEqualTo("a");
            assertThat(unsaved.reason()).contains("does not answer");
            assertThat(unsaved.kept()).isTrue();
        });
        assertThat(stateOf("a")).isEqualTo(PendingUpload.State.FAILED);
        store.beforeEffect(NOTHING);
        assertThat(tree.fs.commitAll()).isEmpty();
        tree.close(handle);
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("two");
    }

    @Test
    void whatIsWrittenDuringAnUploadIsUploadedToo() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.PUT) {
                arrived.countDown();
                await(released);
            }
        });
        tree.put("a", "one");
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                tree.put("a", "two and more");
            } catch (ForebayException failure) {
                throw new AssertionError(failure);
            }
        });
        released.countDown();
        assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("two and more");
    }

    @Test
    void aCloseThatFailsKeepsTheFileAndTriesAgain() throws Exception {
        PathTree blob = PathTree.over(store, clock, cacheParent);
        try {
            store.beforeEffect(NO_PUT);
            long handle = blob.create("a");
            blob.write(handle, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThatThrownBy(() -> blob.close(handle)).isInstanceOf(ForebayException.Unavailable.class);
            store.beforeEffect(NOTHING);
            clock.advance(Duration.ofMinutes(5));
            PathTree.await("the next try", () -> store.names().contains("a"));
        } finally {
            blob.close();
        }
        tree.unlink("a");
    }

    @Test
    void whatIsChangedDuringAnUploadOutlivesTheProcess() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Borrowed borrowed = uploadBorrowed(released);
        Files.writeString(borrowed.file(), "two and more");
        tree.close(borrowed.handle());
        store.beforeEffect(NO_PUT);
        released.countDown();
        awaitState("a", PendingUpload.State.FAILED);
        assertThat(tree.remoteText("a")).isEqualTo("one");

        dieAndReturn();
        assertThat(tree.text("a")).isEqualTo("two and more");
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("two and more");
    }

    @Test
    void aRemovalThatFailsLeavesTheUploadToCome() throws Exception {
        tree.put("a", "one");
        awaitUploads();
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.PUT || operation == StoreOperation.DELETE) {
                throw new ForebayException.Unavailable("not now");
            }
        });
        tree.put("a", "two");
        awaitState("a", PendingUpload.State.FAILED);
        assertThatThrownBy(() -> tree.unlink("a")).isInstanceOf(ForebayException.Unavailable.class);

        assertThat(stateOf("a")).isEqualTo(PendingUpload.State.FAILED);
        store.beforeEffect(NOTHING);
        awaitUploads();
        assertThat(tree.remoteText("a")).isEqualTo("two");
    }

    /** What is only written down need not be on disk: who asks for more gets more, in this mount as in the one before. */
    @Test
    void whatWasClosedBeforeTheProcessDiedCanStillBeSynced() throws Exception {
        store.beforeEffect(NO_PUT);
        tree.put("closed", "one");
        long handle = tree.create("synced");
        tree.write(handle, 0, "two");
        tree.fs.fsync(handle);
        tree.abandon();

        tree = tree.nextMount();
        assertThat(tree.cache.durableWhenKept()).containsOnly(Map.entry("closed", false), Map.entry("synced", true));
        long again = tree.open("closed", OpenMode.READ);
        syncWhateverWasReported(again);
        tree.close(again);
        tree.abandon();

        tree = tree.nextMount();
        assertThat(tree.cache.durableWhenKept()).containsOnly(Map.entry("closed", true), Map.entry("synced", true));
    }

    /** A failed upload is told once, by a sync that has kept what it could all the same. */
    private void syncWhateverWasReported(long handle) {
        try {
            tree.fs.fsync(handle);
        } catch (ForebayException told) {
            assertThat(told).isInstanceOf(ForebayException.Unavailable.class);
        }
    }

    @Test
    void removingOursLeavesTheirs() throws Exception {
        tree.remotePut("a", "old");
        tree.put("a", "ours");
        awaitUploads();
        store.beforeEffect(NO_PUT);
        tree.put("a", "ours again");
        awaitState("a", PendingUpload.State.FAILED);
        store.beforeEffect(NOTHING);
        tree.remotePut("a", "theirs");
        tree.unlink("a");
        tree.forgetWhatIsKnown();
        assertThat(tree.text("a")).isEqualTo("theirs");
    }

    @Test
    void promisesAreMadePerPrefix() throws Exception {
        WriteBackSettings settings = WriteBackSettings.DEFAULTS.with(
                Durability.BLOB,
                Map.of(
                        "scratch/",
                        Durability.LOCAL,
                        "scratch/final",
                        new Durability(Durability.Level.BLOB, Durability.Level.LOCAL)));
        assertThat(settings.of("a")).isEqualTo(Durability.BLOB);
        assertThat(settings.of("scratch/x")).isEqualTo(Durability.LOCAL);
        assertThat(settings.of("scratch/final.pt").close()).isEqualTo(Durability.Level.BLOB);
    }
}
