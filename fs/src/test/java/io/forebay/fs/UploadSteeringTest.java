package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator learns of files that are on the local disk only, and what he decides. */
class UploadSteeringTest {
    private static final StoreHook NOTHING = (_, _) -> {};
    private static final StoreHook NO_PUT = TreeTest.unavailable(StoreOperation.PUT);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path cacheParent;

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://tree", clock);
    private final SteeringProgress progress = new SteeringProgress();
    private PathTree tree;

    @BeforeEach
    void mount() {
        tree = PathTree.writingBack(store, clock, cacheParent);
    }

    @AfterEach
    void unmount() {
        store.beforeEffect(NOTHING);
        clock.advance(LONG);
        tree.close();
    }

    private void dieAndReturn() {
        tree.abandon();
        tree = tree.nextMount();
    }

    private static Selection of(String... paths) throws ForebayException {
        return Selection.of(List.of(paths));
    }

    private UploadSteering.Report report(String... paths) throws ForebayException {
        return tree.fs.uploads().report(of(paths), 10);
    }

    private String state(String path) throws ForebayException {
        byte[] value = tree.at(path, inode -> tree.fs.getxattr(inode, "user.forebay.state"))
                .orElseThrow();
        return new String(value, StandardCharsets.US_ASCII);
    }

    private void awaitState(String path, String state) {
        PathTree.await(path + " is " + state, () -> {
            try {
                return state(path).equals(state);
            } catch (ForebayException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private void failToUpload(String path, String text) throws ForebayException {
        store.beforeEffect(NO_PUT);
        tree.put(path, text);
        awaitState(path, "failed");
    }

    /** {@code path} has our text here and theirs in the store. */
    private void conflict(String path, String ours, String theirs) throws ForebayException {
        failToUpload(path, ours);
        store.beforeEffect(NOTHING);
        tree.remotePut(path, theirs);
        clock.advance(LONG);
        awaitState(path, "conflict");
    }

    @Test
    void whatWaitsIsCountedAndFailuresAreNamedOldestFirst() throws Exception {
        tree.mkdir("d");
        clock.advance(LONG);
        PathTree.await(
                "the directory is uploaded", () -> tree.fs.pendingUploads().isEmpty());
        failToUpload("d/a", "one");
        clock.advance(Duration.ofMillis(10));
        failToUpload("d/b", "three");
        tree.put("dd", "x");
        awaitState("dd", "failed");

        UploadSteering.Report below = report("d");
        assertThat(below.failed()).isEqualTo(new UploadSteering.Sum(2, 8));
        assertThat(below.all()).isEqualTo(new UploadSteering.Sum(2, 8));
        assertThat(below.oldest()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
        assertThat(below.failures()).extracting(PendingUpload::path).containsExactly("d/a", "d/b");
        assertThat(below.failures().getFirst().reason()).contains("does not answer");
        assertThat(tree.fs.uploads().report(of(""), 1).failures()).hasSize(1);
        assertThat(report("").failed().files()).isEqualTo(3);
    }

    @Test
    void theAgeIsThatOfTheFileAndNotOfTheMount() throws Exception {
        failToUpload("a", "one");
        clock.advance(Duration.ofHours(1));
        dieAndReturn();
        assertThat(report("").oldest()).isGreaterThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    void aFlushReturnsWhenAllOfItIsInTheStore() throws Exception {
        failToUpload("a", "one");
        failToUpload("b", "two");
        store.beforeEffect(NOTHING);
        tree.fs.uploads().flush(of(""), progress);
        assertThat(progress.state()).isEqualTo(new SteeringProgress.State(2, 6, true, 0, 0, 2, 6, 0));
        assertThat(progress.state().isComplete()).isTrue();
        assertThat(tree.remoteText("a") + tree.remoteText("b")).isEqualTo("onetwo");
        assertThat(state("a")).isEqualTo("clean");
    }

    @Test
    void aFlushNamesWhatCannotBeUploaded() throws Exception {
        failToUpload("a", "one");
        tree.fs.uploads().flush(of("a", "nothing"), progress);
        assertThat(progress.state().isComplete()).isFalse();
        assertThat(progress.failures())
                .extracting(SteeringProgress.Failure::path)
                .containsExactlyInAnyOrder("a", "nothing");
    }

    @Test
    void aFlushFollowsSymlinks() throws Exception {
        tree.mkdir("d");
        tree.symlink("d", "link");
        clock.advance(LONG);
        PathTree.await(
                "the directory is uploaded", () -> tree.fs.pendingUploads().isEmpty());
        failToUpload("d/a", "one");
        store.beforeEffect(NOTHING);
        tree.fs.uploads().flush(of("link"), progress);
        assertThat(progress.state().doneFiles()).isEqualTo(1);
        assertThat(tree.remoteText("d/a")).isEqualTo("one");
    }

    @Test
    void uploadsGoOnWhenNobodyWaitsForThemAnyMore() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.PUT) {
                arrived.countDown();
                awaitReleased(released);
            }
        });
        tree.put("a", "one");
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(state("a")).isEqualTo("uploading");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> tree.fs.uploads().flush(of(""), progress))
                .isInstanceOf(ForebayException.Interrupted.class);
        assertThat(Thread.interrupted()).isTrue();
        released.countDown();
        awaitState("a", "clean");
        assertThat(tree.remoteText("a")).isEqualTo("one");
    }

    private static void awaitReleased(CountDownLatch latch) throws ForebayException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("test", interrupt);
        }
    }

    @Test
    void bothVersionsOfAConflictAreShown() throws Exception {
        conflict("a", "ours", "theirs, and longer");
        UploadSteering.Conflict found = tree.fs.uploads().conflict("a");
        assertThat(found.ours().sizeBytes()).isEqualTo(4);
        assertThat(found.ours().etag()).isEmpty();
        assertThat(found.theirs().orElseThrow().sizeBytes()).isEqualTo(18);
        assertThat(found.theirs().orElseThrow().etag())
                .isEqualTo(tree.remoteHead("a").etag().value());
        assertThat(report("").conflicts()).extracting(PendingUpload::path).containsExactly("a");

        tree.remoteDelete("a");
        assertThat(tree.fs.uploads().conflict("a").theirs()).isEmpty();
        tree.fs.uploads().retry(List.of("a"), progress);
    }

    @Test
    void aFileWithoutAConflictHasNoneToDecide() throws Exception {
        failToUpload("a", "one");
        assertThatThrownBy(() -> tree.fs.uploads().conflict("a")).isInstanceOf(ForebayException.NotFound.class);
        tree.fs.uploads().discard(List.of("a"), progress);
        assertThat(progress.failures()).singleElement().satisfies(failure -> assertThat(failure.reason())
                .contains("is not in conflict"));
        assertThat(tree.text("a")).isEqualTo("one");
    }

    @Test
    void aRetryReplacesTheirs() throws Exception {
        conflict("a", "ours", "theirs");
        conflict("b", "our b", "their b");
        dieAndReturn();
        assertThat(state("a"))
                .as("a conflict waits for a person, not for a mount")
                .isEqualTo("conflict");
        tree.fs.uploads().retry(List.of("a"), progress);
        assertThat(progress.failures()).isEmpty();
        assertThat(progress.state().doneFiles()).isEqualTo(1);
        assertThat(tree.remoteText("a")).isEqualTo("ours");
        assertThat(tree.remoteText("b")).isEqualTo("their b");
        tree.fs.uploads().discard(List.of("b"), progress);
    }

    @Test
    void aRetryThatFailsIsTriedAgainOverTheSameVersion() throws Exception {
        conflict("a", "ours", "theirs");
        store.beforeEffect(NO_PUT);
        tree.fs.uploads().retry(List.of("a"), progress);
        assertThat(progress.failures()).hasSize(1);
        assertThat(state("a")).isEqualTo("failed");
        dieAndReturn();
        store.beforeEffect(NOTHING);
        clock.advance(LONG);
        awaitState("a", "clean");
        assertThat(tree.remoteText("a")).isEqualTo("ours");
    }

    @Test
    void aDiscardShowsTheirs() throws Exception {
        conflict("a", "ours", "theirs, and longer");
        assertThat(tree.names("")).containsExactly("a"); // the directory is known whole now
        tree.fs.uploads().discard(List.of("a"), progress);
        assertThat(progress.failures()).isEmpty();
        assertThat(tree.text("a")).isEqualTo("theirs, and longer");
        assertThat(tree.names("")).containsExactly("a");
        assertThat(state("a")).isEqualTo("clean");
        dieAndReturn();
        assertThat(tree.fs.pendingUploads()).isEmpty();
        assertThat(tree.remoteText("a")).isEqualTo("theirs, and longer");
    }

    @Test
    void nothingIsDiscardedThatIsOpenOrNowhereElse() throws Exception {
        conflict("a", "ours", "theirs");
        long handle = tree.open("a", OpenMode.READ);
        tree.fs.uploads().discard(List.of("a"), progress);
        assertThat(progress.failures().getFirst().reason()).isEqualTo("somebody has it open");
        assertThat(tree.readText(handle)).isEqualTo("ours");
        tree.fs.release(handle);

        tree.remoteDelete("a");
        tree.fs.uploads().discard(List.of("a"), progress);
        assertThat(progress.failures().getLast().reason()).contains("the store has no version");
        assertThat(tree.text("a")).isEqualTo("ours");
        tree.fs.uploads().retry(List.of("a"), progress);
        assertThat(tree.remoteText("a")).isEqualTo("ours");
    }

    @Test
    void theStateOfAnUploadIsNotAnAttributeThatIsKept() throws Exception {
        tree.put("a", "one");
        awaitState("a", "clean");
        assertThat(tree.at("a", tree.fs::listxattr)).isEmpty();
        assertThatThrownBy(() -> tree.at(
                        "a",
                        inode -> tree.fs.setxattr(
                                inode, "user.forebay.state", new byte[1], ExtendedAttributes.Setting.EITHER)))
                .isInstanceOf(ForebayException.Unsupported.class);
        tree.mkdir("d");
        Optional<byte[]> ofDirectory = tree.at("d", inode -> tree.fs.getxattr(inode, "user.forebay.state"));
        assertThat(ofDirectory).isEmpty();
    }
}
