package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that dies while it renames a directory, and the next one, which carries on. */
class RenameCrashTest {
    private static final StoreHook NOTHING = TreeTest.NOTHING;
    private static final StoreHook NO_COPY = TreeTest.unavailable(StoreOperation.COPY);

    @TempDir
    Path work;

    private final ManualClock clock = ManualClock.ticking();
    private MemoryBlobStore store;
    private PathTree tree;

    @BeforeEach
    void mount() {
        store = new MemoryBlobStore("memory://tree", clock);
        tree = PathTree.over(store, clock, work);
    }

    @AfterEach
    void unmount() {
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        tree.close();
    }

    private void startAnew() {
        unmount();
        mount();
    }

    /** What {@link #makeDirectory} makes. */
    private static final int BLOBS = 10;

    /** Blobs of all kinds: some with a time of modification, some of another client without, and empty ones. */
    private void makeDirectory() throws ForebayException {
        tree.mkdir("d", 0700);
        for (int i = 0; i < 4; i++) {
            tree.put("d/f" + i, "file " + i);
        }
        tree.mkdir("d/sub");
        tree.put("d/sub/g", "deeper");
        tree.symlink("f0", "d/s");
        tree.remotePut("d/implied/h", "by another client");
        tree.remotePut("d/implied/empty", "");
    }

    /** By what follows on the name of the directory. */
    private Map<String, String> blobsUnder(String directory) {
        TreeMap<String, String> blobs = new TreeMap<>();
        for (String name : store.names()) {
            if (name.equals(directory) || name.startsWith(directory + "/")) {
                blobs.put(name.substring(directory.length()), new String(store.bytes(name), StandardCharsets.UTF_8));
            }
        }
        return blobs;
    }

    private CutStore cutAt(int step, CutStore.Moment moment) {
        return CutStore.at(step, moment, store, tree.cacheFolder(), work);
    }

    /** Dies in the middle of renaming d to e, at that copy or delete. */
    private void renameAndDie(int step, CutStore.Moment moment) {
        CutStore cut = cutAt(step, moment);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree = cut.nextMount(tree);
    }

    /** How many versions there were of any blob; nothing but a copy makes one while a directory is renamed. */
    private long versions() throws ForebayException {
        long next = Long.decode(tree.remotePut("counter", "").etag().value());
        tree.remoteDelete("counter");
        return next;
    }

    private void assertMoved(Map<String, String> expected) throws ForebayException {
        assertThat(blobsUnder("d")).isEmpty();
        assertThat(blobsUnder("e")).isEqualTo(expected);
        assertThat(tree.names("")).containsExactly("e");
        assertThat(tree.names("e")).containsExactly("f0", "f1", "f2", "f3", "implied", "s", "sub");
        assertThat(tree.stat("e").permissions()).isEqualTo(0700);
        assertThat(tree.text("e/sub/g")).isEqualTo("deeper");
    }

    // ---- cut off anywhere --------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void whereverItDiesTheNextOneEndsItAndCopiesNothingTwice(CutStore.Moment moment) throws Exception {
        for (int step = 0; step < 2 * BLOBS; step++) {
            makeDirectory();
            Map<String, String> expected = blobsUnder("d");
            assertThat(expected).hasSize(BLOBS);
            long before = versions();

            renameAndDie(step, moment);
            tree.awaitRenames();

            assertMoved(expected);
            assertThat(versions() - before - 1).as("copies, step %s", step).isEqualTo(BLOBS);
            startAnew();
        }
        makeDirectory();
        CutStore cut = cutAt(2 * BLOBS, moment);
        tree.rename("d", "e");
        assertThat(cut.happened()).as("there is no other step").isFalse();
        assertThat(tree.unfinishedRenames()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theNextOneMayDieAsWell(CutStore.Moment moment) throws Exception {
        for (int step = 0; step < 2 * BLOBS - 4; step++) {
            makeDirectory();
            Map<String, String> expected = blobsUnder("d");
            long before = versions();
            CutStore first = cutAt(4, CutStore.Moment.BEFORE); // four copies are there
            assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
            tree.abandon();

            CutStore second = CutStore.at(step, moment, store, first.copy(), work);
            tree = tree.nextMount(first.copy());
            PathTree.await("the second end", second::happened);
            tree = second.nextMount(tree);
            tree.awaitRenames();

            assertMoved(expected);
            assertThat(versions() - before - 1).as("copies, step %s", step).isEqualTo(BLOBS);
            startAnew();
        }
    }

    @Test
    void anEmptyDirectoryThatIsReplacedTakesTheAttributesOfTheOther() throws Exception {
        for (int step = 0; step < 2 * BLOBS; step++) {
            makeDirectory();
            tree.mkdir("e", 0711);
            Map<String, String> expected = blobsUnder("d");
            renameAndDie(step, CutStore.Moment.AFTER);
            tree.awaitRenames();
            assertMoved(expected);
            startAnew();
        }
    }

    @Test
    void whoAsksForOneOfTheNamesMeanwhileWaits() throws Exception {
        makeDirectory();
        Map<String, String> expected = blobsUnder("d");
        CutStore cut = cutAt(3, CutStore.Moment.BEFORE);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeAnswer(NOTHING);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.COPY) {
                begun.countDown();
                await(goOn);
            }
        });
        tree = tree.nextMount(cut.copy());
        await(begun);
        Thread lister = Thread.ofPlatform().start(() -> {
            try {
                tree.stat("e/f1");
            } catch (ForebayException failure) {
                throw new AssertionError(failure);
            }
        });
        TreeTest.awaitEndOrWaiting(lister);
        assertThat(lister.isAlive()).isTrue();
        goOn.countDown();
        assertThat(lister.join(Duration.ofSeconds(30))).isTrue();
        assertMoved(expected);
        tree.awaitRenames();
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
    void itIsShownWithoutAMount() throws Exception {
        makeDirectory();
        CutStore cut = cutAt(3, CutStore.Moment.BEFORE);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        try (Recovery recovery = Recovery.in(cut.copy())) {
            assertThat(recovery.files()).isEmpty();
            assertThat(recovery.renames())
                    .extracting(Recovery.LeftRename::store, Recovery.LeftRename::from, Recovery.LeftRename::to)
                    .containsExactly(tuple("memory://tree", "d", "e"));
        }
        tree = cut.nextMount(tree);
        tree.awaitRenames();
        tree.abandon();
        try (Recovery recovery = Recovery.in(cut.copy())) {
            assertThat(recovery.renames()).isEmpty();
        }
        tree = tree.nextMount();
    }

    @Test
    void aStoreThatDoesNotAnswerIsTriedAgain() throws Exception {
        makeDirectory();
        Map<String, String> expected = blobsUnder("d");
        CutStore cut = cutAt(3, CutStore.Moment.BEFORE);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeAnswer(NOTHING);
        store.beforeEffect(NO_COPY);
        tree = tree.nextMount(cut.copy());
        assertThat(tree.text("d/f3")).as("the mount is of use meanwhile").isEqualTo("file 3");
        assertThat(tree.unfinishedRenames()).hasSize(1);
        PathTree.await("the end of the first try", () -> tree.fs.tree().claims().namesInUse() == 0);
        store.beforeEffect(NOTHING);
        clock.advance(Duration.ofMinutes(2));
        tree.awaitRenames();
        clock.advance(PathTree.VALIDITY);
        assertMoved(expected);
    }

    // ---- failures that are no death ------------------------------------------------------------------------------

    @Test
    void copiesThatCouldNotBeRemovedAreRemovedByTheNextMount() throws Exception {
        makeDirectory();
        Map<String, String> expected = blobsUnder("d");
        store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.DELETE || (operation == StoreOperation.COPY && name.equals("d/f3"))) {
                throw new ForebayException.Unavailable("the store does not answer");
            }
        });
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(blobsUnder("e")).isNotEmpty();
        tree.abandon();
        store.beforeEffect(NOTHING);

        tree = tree.nextMount();
        tree.awaitRenames();

        assertThat(blobsUnder("d")).isEqualTo(expected);
        assertThat(blobsUnder("e")).isEmpty();
        assertThat(tree.names("")).containsExactly("d");
    }

    @Test
    void aCopyOfWhatSomebodyRemovedMeanwhileIsNotRemoved() throws Exception {
        makeDirectory();
        store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.DELETE || (operation == StoreOperation.COPY && name.equals("d"))) {
                throw new ForebayException.Unavailable("the store does not answer");
            }
        });
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Unavailable.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        tree.remoteDelete("d/f1"); // a person took e for the better one

        tree = tree.nextMount();
        tree.awaitRenames();

        assertThat(blobsUnder("e")).containsExactly(Map.entry("/f1", "file 1"));
    }

    @Test
    void sourcesThatCouldNotBeDeletedAreDeletedByTheNextMount() throws Exception {
        makeDirectory();
        Map<String, String> expected = blobsUnder("d");
        store.beforeEffect(TreeTest.unavailable(StoreOperation.DELETE));
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Unavailable.class);
        tree.abandon();
        store.beforeEffect(NOTHING);

        tree = tree.nextMount();
        tree.awaitRenames();

        assertMoved(expected);
    }

    @Test
    void aCopyWhoseAnswerWasLostIsNoFailure() throws Exception {
        makeDirectory();
        Map<String, String> expected = blobsUnder("d");
        store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.COPY && (name.equals("d/f2") || name.equals("d/implied/h"))) {
                throw new ForebayException.Unavailable("the answer is lost");
            }
        });
        tree.rename("d", "e");
        assertMoved(expected);
    }

    // ---- others ------------------------------------------------------------------------------------------------

    @Test
    void whatSomebodyElseMadeOrChangedMeanwhileStays() throws Exception {
        makeDirectory();
        CutStore cut = cutAt(BLOBS, CutStore.Moment.BEFORE); // all are copied, nothing is deleted
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        tree.remotePut("d/f0", "changed under the old name");
        tree.remotePut("e/f1", "changed under the new name");
        tree.remoteDelete("e/f2");
        tree.remotePut("d/new", "made under the old name");
        tree.remotePut("e/new", "made under the new name");

        tree = tree.nextMount(cut.copy());
        tree.awaitRenames();

        assertThat(blobsUnder("d"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "/f0", "changed under the old name",
                        "/f1", "file 1",
                        "/f2", "file 2",
                        "/new", "made under the old name"));
        assertThat(blobsUnder("e"))
                .containsEntry("/f0", "file 0")
                .containsEntry("/f1", "changed under the new name")
                .doesNotContainKey("/f2")
                .containsEntry("/f3", "file 3")
                .containsEntry("/new", "made under the new name");
    }

    @Test
    void somebodyElsesBlobIsNotTakenForACopyThoughItLooksTheSame() throws Exception {
        tree.remotePut("d/a", "ours");
        tree.remotePut("d/b", "ours");
        CutStore cut = cutAt(1, CutStore.Moment.BEFORE); // after the marker, before any copy
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        assertThat(blobsUnder("e")).isEmpty();
        tree.remotePut("e/a", "them");

        tree = tree.nextMount(cut.copy());
        tree.awaitRenames();

        assertThat(blobsUnder("d")).containsEntry("/a", "ours").doesNotContainKey("/b");
        assertThat(blobsUnder("e")).containsEntry("/a", "them").containsEntry("/b", "ours");
    }

    @Test
    void aCopyThatWasBrokenOffIsMadeAgain() throws Exception {
        tree.remotePut("d/a", "ours");
        CutStore cut = cutAt(1, CutStore.Moment.BEFORE);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        tree.remotePut("e/a", new byte[0], BlobHeaders.NONE); // as Azure leaves one that was still running

        tree = tree.nextMount(cut.copy());
        tree.awaitRenames();

        assertThat(blobsUnder("e")).containsEntry("/a", "ours");
        assertThat(blobsUnder("d")).isEmpty();
    }

    @Test
    void anOldRecordDoesNothingToNewDirectoriesOfTheSameNames() throws Exception {
        makeDirectory();
        CutStore cut = cutAt(5, CutStore.Moment.AFTER);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        store.beforeAnswer(NOTHING);
        for (String name : store.names()) {
            tree.remoteDelete(name);
        }
        tree.remotePut("d/f0", "file 0");
        tree.remotePut("e/f1", "file 1");

        tree = tree.nextMount(cut.copy());
        tree.awaitRenames();

        assertThat(blobsUnder("d")).isEqualTo(Map.of("/f0", "file 0"));
        assertThat(blobsUnder("e")).isEqualTo(Map.of("/f1", "file 1"));
    }

    // ---- files that wait to be uploaded --------------------------------------------------------------------------

    /** A blob, a change of a blob, a new file and a new directory; nothing of the last three is uploaded. */
    private void makeWaiting() throws ForebayException {
        tree.abandon();
        tree = PathTree.writingBack(store, clock, work);
        tree.remotePut("d/blob", "there");
        tree.remotePut("d/changed", "before");
        store.beforeEffect(CutStore.NO_UPLOAD);
        tree.put("d/changed", "after");
        tree.put("d/new", "made here");
        tree.mkdir("d/sub");
        tree.put("d/sub/deep", "made there");
    }

    private void assertWaitingMoved() throws ForebayException {
        tree.awaitRenames();
        assertThat(tree.names("")).containsExactly("e");
        assertThat(tree.names("e")).containsExactly("blob", "changed", "new", "sub");
        assertThat(tree.text("e/changed")).isEqualTo("after");
        clock.advance(Duration.ofMinutes(5));
        PathTree.await("uploads", () -> tree.fs.pendingUploads().isEmpty());
        assertThat(blobsUnder("d")).isEmpty();
        TreeMap<String, String> blobs = new TreeMap<>(blobsUnder("e"));
        blobs.remove(""); // an implied directory may have got a marker
        assertThat(blobs)
                .isEqualTo(Map.of(
                        "/blob", "there",
                        "/changed", "after",
                        "/new", "made here",
                        "/sub", "",
                        "/sub/deep", "made there"));
    }

    @Test
    void whatWaitsFollowsWhenTheCopiesWereNotWhole() throws Exception {
        makeWaiting();
        Path dead = snapshotAt(StoreOperation.COPY, "d/blob");
        tree = tree.nextMount(dead);
        assertWaitingMoved();
    }

    @Test
    void whatWaitsFollowsWhenAllButTheDeletesWasDone() throws Exception {
        makeWaiting();
        tree = tree.nextMount(snapshotAt(StoreOperation.DELETE, ""));
        assertWaitingMoved();
    }

    /** The journal says of some files what they are called now, and of others what they were called before. */
    @Test
    void whatWaitsFollowsWhenTheJournalWasNotWholeYet() throws Exception {
        makeWaiting();
        Path dead = snapshotAt(StoreOperation.DELETE, "");
        try (var records = Files.list(dead.resolve("renames"))) {
            cutTail(records.findFirst().orElseThrow(), 1); // that all have their new names
        }
        cutTail(dead.resolve("journal"), 2);
        tree = tree.nextMount(dead);
        assertWaitingMoved();
    }

    @Test
    void whatIsMadeUnderBothNamesWhileTheStoreFailsStays() throws Exception {
        makeWaiting();
        Path dead = snapshotAt(StoreOperation.COPY, "d/blob");
        store.beforeEffect((operation, name) -> {
            NO_COPY.on(operation, name);
            CutStore.NO_UPLOAD.on(operation, name);
        });
        tree = tree.nextMount(dead);
        assertThat(tree.text("d/new")).isEqualTo("made here");
        PathTree.await("the end of the first try", () -> tree.fs.tree().claims().namesInUse() == 0);
        if (!tree.exists("e")) {
            tree.mkdir("e");
        }
        tree.put("e/mine", "made meanwhile");

        store.beforeEffect(CutStore.NO_UPLOAD);
        clock.advance(Duration.ofMinutes(2));
        tree.awaitRenames();
        store.beforeEffect(NOTHING);
        clock.advance(Duration.ofMinutes(5));
        PathTree.await("uploads", () -> tree.fs.pendingUploads().isEmpty());

        assertThat(blobsUnder("e")).containsEntry("/blob", "there").containsEntry("/mine", "made meanwhile");
        assertThat(blobsUnder("d"))
                .containsEntry("/changed", "after")
                .containsEntry("/new", "made here")
                .containsEntry("/sub/deep", "made there")
                .doesNotContainKey("/blob");
    }

    /** Renames d to e until that request, with the store closed to uploads, and keeps the cache as it is then. */
    private Path snapshotAt(StoreOperation operation, String name) {
        CutStore cut = CutStore.before(operation, name, store, tree.cacheFolder(), work);
        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.class);
        tree.abandon();
        store.beforeEffect(NOTHING);
        return cut.copy();
    }

    /** Takes the last records away. */
    private static void cutTail(Path file, int records) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        for (int left = records; left > 0; ) {
            end--;
            left -= bytes[end] == 'F' && bytes[end + 1] == 'B' && bytes[end + 3] == '1' ? 1 : 0;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
        }
    }
}
