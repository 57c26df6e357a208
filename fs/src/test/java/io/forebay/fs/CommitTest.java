package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.StoreHook;
import io.forebay.testkit.store.StoreOperation;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When changes reach the store, and what happens when they do not. */
final class CommitTest extends TreeTest {
    /** Three blocks and a half, of which the first one is passed by. */
    private final String large = "0123456789".repeat(3_000_000);

    private final CountDownLatch sentAhead = new CountDownLatch(1);

    @Test
    void fsync_and_flush_commit_what_is_new_and_nothing_else() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "1");
        tree.fs.fsync(handle);
        assertThat(tree.remoteText("f")).isEqualTo("1");
        tree.fs.fsync(handle);
        tree.fs.flush(handle);
        assertThat(tree.store.requests(StoreOperation.PUT)).isEqualTo(1);

        tree.write(handle, 1, "2");
        tree.fs.flush(handle);

        assertThat(tree.remoteText("f")).isEqualTo("12");
        tree.close(handle);
        assertThat(tree.store.requests(StoreOperation.PUT)).isEqualTo(2);
        assertThat(tree.store.requests(StoreOperation.SET_METADATA)).isZero();
    }

    @Test
    void a_release_without_a_flush_commits_too() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "x");

        tree.fs.release(handle);

        assertThat(tree.remoteText("f")).isEqualTo("x");
    }

    @Test
    void a_large_file_is_sent_in_blocks() throws Exception {
        String text = "0123456789".repeat(2_000_000);
        tree.put("f", text);

        assertThat(tree.remoteText("f")).isEqualTo(text);
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK)).isEqualTo(3);
        assertThat(tree.store.requests(StoreOperation.COMMIT_BLOCKS)).isEqualTo(1);
        assertThat(tree.text("f")).isEqualTo(text);
    }

    @Test
    void a_new_large_file_is_sent_while_it_is_written() throws Exception {
        long handle = tree.create("f");
        noteBlockAhead();
        tree.write(handle, 0, large);
        awaitBlockAhead();
        tree.write(handle, 1_000_000, "abc");
        tree.close(handle);

        assertSame("f", large.substring(0, 1_000_000) + "abc" + large.substring(1_000_003));
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK))
                .as("1 before the close, that one again, and the rest")
                .isEqualTo(1 + 4);
    }

    @Test
    void a_file_that_is_renamed_while_it_is_sent_is_whole_under_its_new_name() throws Exception {
        long handle = tree.create("f");
        noteBlockAhead();
        tree.write(handle, 0, large);
        awaitBlockAhead();
        tree.rename("f", "g");
        tree.close(handle);

        assertSame("g", large);
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK)).isEqualTo(1 + 4);
        assertThat(tree.exists("f")).isFalse();
    }

    @Test
    void a_file_that_is_removed_while_it_is_sent_leaves_nothing() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        tree.store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK) {
                sending.countDown();
                awaitInterrupt();
            }
        });
        long handle = tree.create("f");
        tree.write(handle, 0, large);
        assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
        tree.unlink("f");
        tree.close(handle);

        assertThat(tree.cache.inUse()).isZero();
        assertThat(tree.store.requests(StoreOperation.COMMIT_BLOCKS)).isZero();
    }

    /** Without a message that shows megabytes. */
    private void assertSame(String name, String expected) throws Exception {
        assertThat(tree.remoteText(name).equals(expected)).isTrue();
    }

    @Test
    void a_close_that_is_interrupted_breaks_off_what_is_being_sent() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch brokenOff = new CountDownLatch(1);
        tree.store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK) {
                sending.countDown();
                try {
                    awaitInterrupt();
                } finally {
                    brokenOff.countDown();
                }
            }
        });
        long handle = tree.create("f");
        tree.write(handle, 0, large);
        assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
        FutureTask<Long> flush = new FutureTask<>(() -> {
            assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Interrupted.class);
            return brokenOff.getCount();
        });
        Thread closing = Thread.ofPlatform().daemon().start(flush);
        PathTree.await("the close waits for what is being sent", () -> Arrays.stream(closing.getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("StagingAhead")));
        closing.interrupt();
        assertThat(flush.get(30, TimeUnit.SECONDS))
                .as("nothing is read any more")
                .isZero();

        tree.store.beforeEffect((operation, name) -> {});
        tree.close(handle);
        assertSame("f", large);
    }

    private static void awaitInterrupt() throws ForebayException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupt) {
            throw new ForebayException.Interrupted("the upload was broken off", interrupt);
        }
    }

    private void noteBlockAhead() {
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK) {
                sentAhead.countDown();
            }
        });
    }

    /** What is written after that comes too late for the block that was sent. */
    private void awaitBlockAhead() throws InterruptedException {
        assertThat(sentAhead.await(30, TimeUnit.SECONDS)).isTrue();
        tree.store.beforeAnswer((operation, name) -> {});
    }

    @Test
    void a_small_change_of_a_large_blob_fetches_and_sends_one_block() throws Exception {
        String text = "0123456789".repeat(4_000_000);
        tree.remotePut("f", text);
        long handle = tree.open("f", OpenMode.WRITE);
        tree.write(handle, 20_000_000, "abc");
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo(text.substring(0, 20_000_000) + "abc" + text.substring(20_000_003));
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK)).isEqualTo(1);
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK_FROM)).isEqualTo(2);
        assertThat(tree.store.readBytes()).isLessThanOrEqualTo(8 << 20);
    }

    @Test
    void a_large_blob_that_somebody_replaced_is_not_mixed_with_ours() throws Exception {
        String text = "0123456789".repeat(4_000_000);
        tree.remotePut("f", text);
        assertThat(tree.text("f")).as("all of it is here").isEqualTo(text);
        long handle = tree.open("f", OpenMode.WRITE);
        tree.write(handle, 20_000_000, "abc");
        String theirs = "abcdefghij".repeat(4_000_000);
        AtomicBoolean came = new AtomicBoolean();
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.STAGE_BLOCK_FROM && came.compareAndSet(false, true)) {
                tree.remotePut("f", theirs);
            }
        });
        assertThatThrownBy(() -> tree.close(handle)).isInstanceOf(ForebayException.Changed.class);
        assertThat(came).isTrue();
        assertThat(tree.remoteText("f")).isEqualTo(theirs);
        assertThat(tree.text("f")).isEqualTo(text.substring(0, 20_000_000) + "abc" + text.substring(20_000_003));

        tree.unlink("f"); // gives ours up
        assertThat(tree.remoteText("f")).isEqualTo(theirs);
    }

    @Test
    void a_commit_that_fails_is_reported_and_the_next_one_succeeds() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "precious");
        tree.store.beforeEffect(unavailable(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Unavailable.class);
        assertThatThrownBy(() -> tree.fs.fsync(handle)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(tree.readText(handle)).isEqualTo("precious");

        tree.store.beforeEffect(NOTHING);
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo("precious");
    }

    @Test
    void what_could_not_be_committed_at_close_is_kept_and_committed_at_the_end() throws Exception {
        tree.store.beforeEffect(unavailable(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.put("f", "precious")).isInstanceOf(ForebayException.Unavailable.class);
        tree.fs.tree().names().clear();
        tree.forgetWhatIsKnown();
        assertThat(tree.text("f")).isEqualTo("precious");
        assertThat(tree.names("")).containsExactly("f");
        assertThat(tree.fs.commitAll())
                .singleElement()
                .asString()
                .contains("'f'")
                .contains("does not answer");

        tree.store.beforeEffect(NOTHING);

        assertThat(tree.fs.commitAll()).isEmpty();
        assertThat(tree.remoteText("f")).isEqualTo("precious");
    }

    @Test
    void what_could_not_be_committed_at_close_is_committed_by_the_next_who_closes_it() throws Exception {
        tree.put("f", "old");
        tree.store.beforeEffect(unavailable(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.put("f", "precious")).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeEffect(NOTHING);

        assertThat(tree.text("f")).isEqualTo("precious");

        assertThat(tree.remoteText("f")).isEqualTo("precious");
    }

    @Test
    void what_could_not_be_committed_can_be_renamed_and_removed() throws Exception {
        tree.store.beforeEffect(unavailable(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.put("a", "1")).isInstanceOf(ForebayException.Unavailable.class);
        assertThatThrownBy(() -> tree.put("b", "2")).isInstanceOf(ForebayException.Unavailable.class);
        assertThatThrownBy(() -> tree.put("c", "3")).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeEffect(NOTHING);

        tree.unlink("a");
        tree.rename("b", "c");

        assertThat(tree.fs.commitAll()).isEmpty();
        assertBlobs("c");
        assertThat(tree.remoteText("c")).isEqualTo("2");
    }

    @Test
    void a_conflict_is_reported_theirs_stands_and_ours_can_still_be_read() throws Exception {
        tree.put("f", "old");
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.write(handle, 0, "ours");
        tree.remotePut("f", "theirs");

        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);
        assertThatThrownBy(() -> tree.fs.fsync(handle)).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.remoteText("f")).isEqualTo("theirs");
        assertThat(tree.readText(handle)).isEqualTo("ours");
        tree.fs.release(handle);
        tree.forgetWhatIsKnown();
        assertThat(tree.fs.commitAll()).hasSize(1);
        long again = tree.open("f", OpenMode.READ);
        assertThat(tree.readText(again)).as("kept, since it is nowhere else").isEqualTo("ours");
        tree.fs.release(again);
        tree.unlink("f"); // the way out of it: decide, here for theirs
        assertBlobs("f");
        tree.forgetWhatIsKnown();
        assertThat(tree.text("f")).isEqualTo("theirs");
    }

    @Test
    void a_new_file_does_not_replace_one_that_somebody_else_made_meanwhile() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "ours");
        tree.remotePut("f", "theirs");

        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.remoteText("f")).isEqualTo("theirs");
        tree.rename("f", "mine"); // the way out of it: keep both
        tree.close(handle);
        assertThat(tree.remoteText("mine")).isEqualTo("ours");
        tree.forgetWhatIsKnown();
        assertThat(tree.text("f")).isEqualTo("theirs");
    }

    @Test
    void a_change_of_what_somebody_else_removed_is_a_conflict() throws Exception {
        tree.put("f", "old");
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.write(handle, 0, "ours");
        tree.remoteDelete("f");

        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.readText(handle)).isEqualTo("ours");
        tree.unlink("f");
        tree.close(handle);
    }

    /** The request takes effect, and nobody hears of it. */
    private static StoreHook lost(StoreOperation operation) {
        return unavailable(operation);
    }

    @Test
    void a_commit_whose_answer_was_lost_is_no_conflict_with_ourselves() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "one");
        tree.store.beforeAnswer(lost(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(tree.remoteText("f")).isEqualTo("one");
        tree.store.beforeAnswer(NOTHING);

        tree.write(handle, 3, " two");
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo("one two");
    }

    @Test
    void a_second_commit_whose_answer_was_lost_is_no_conflict_either() throws Exception {
        tree.put("f", "old");
        tree.store.beforeAnswer(lost(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.put("f", "newer")).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeAnswer(NOTHING);

        assertThat(tree.fs.commitAll()).isEmpty();
        assertThat(tree.remoteText("f")).isEqualTo("newer");
    }

    @Test
    void a_lost_answer_and_then_somebody_elses_version_is_a_conflict() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "ours");
        tree.store.beforeAnswer(lost(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeAnswer(NOTHING);
        tree.remotePut("f", "them");

        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.remoteText("f")).isEqualTo("them");
        tree.unlink("f");
        tree.close(handle);
    }

    @Test
    void a_file_whose_commit_was_lost_leaves_no_blob_when_it_is_removed_or_renamed() throws Exception {
        tree.store.beforeAnswer(lost(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.put("a", "1")).isInstanceOf(ForebayException.Unavailable.class);
        assertThatThrownBy(() -> tree.put("b", "2")).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeAnswer(NOTHING);

        tree.unlink("a");
        tree.rename("b", "c");

        assertThat(tree.fs.commitAll()).isEmpty();
        assertBlobs("c");
    }

    @Test
    void a_first_commit_that_was_lost_leaves_no_blob_when_the_file_is_removed() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "x");
        tree.store.beforeAnswer(lost(StoreOperation.PUT));
        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeAnswer(NOTHING);
        assertBlobs("f");

        tree.unlink("f");

        assertBlobs();
        tree.close(handle);
    }

    @Test
    void attributes_whose_answer_was_lost_are_saved_when_asked_again() throws Exception {
        tree.put("f", "x");
        tree.store.beforeAnswer(lost(StoreOperation.SET_METADATA));
        assertThatThrownBy(() -> tree.set("f", AttributeChange.permissions(0600)))
                .isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeAnswer(NOTHING);

        tree.set("f", AttributeChange.permissions(0600));

        assertThat(tree.stat("f").permissions()).isEqualTo(0600);
        tree.put("f", "y");
        assertThat(tree.remoteText("f")).isEqualTo("y");
    }

    @Test
    void a_failure_in_the_middle_of_the_blocks_leaves_the_old_blob() throws Exception {
        tree.put("f", "old");
        tree.store.beforeEffect(unavailable(StoreOperation.STAGE_BLOCK));
        String text = "0123456789".repeat(2_000_000);
        assertThatThrownBy(() -> tree.put("f", text)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(tree.remoteText("f")).isEqualTo("old");

        tree.store.beforeEffect(NOTHING);

        assertThat(tree.fs.commitAll()).isEmpty();
        assertThat(tree.remoteText("f")).isEqualTo(text);
    }

    @Test
    void the_end_commits_what_is_still_open_and_the_handles_go_on() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "1");

        assertThat(tree.fs.commitAll()).isEmpty();

        assertThat(tree.remoteText("f")).isEqualTo("1");
        tree.write(handle, 1, "2");
        tree.close(handle);
        assertThat(tree.remoteText("f")).isEqualTo("12");
    }
}
