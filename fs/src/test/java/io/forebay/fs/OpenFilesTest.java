package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.StoreOperation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading, writing, and what handles see of each other and of other clients. */
final class OpenFilesTest extends TreeTest {
    private static final OpenMode APPEND = new OpenMode(true, true, false, true);
    private static final OpenMode TRUNCATE = new OpenMode(true, true, true, false);

    @Test
    void what_one_handle_wrote_every_other_reads_at_once() throws Exception {
        long writer = tree.create("f");
        long reader = tree.open("f", OpenMode.READ);
        tree.write(writer, 0, "hello");

        assertThat(tree.readText(reader)).isEqualTo("hello");
        assertThat(tree.text("f")).isEqualTo("hello");
        assertThat(tree.stat("f").sizeBytes()).isEqualTo(5);
        assertThat(tree.listed("", "f").sizeBytes()).isEqualTo(5);
        tree.close(reader);
        tree.close(writer);
    }

    @Test
    void a_reader_that_closes_does_not_publish_what_others_still_write() throws Exception {
        long writer = tree.create("f");
        tree.write(writer, 0, "half of");
        tree.text("f");

        assertThat(tree.store.requests(StoreOperation.PUT)).isZero();
        tree.write(writer, 7, " it");
        tree.close(writer);
        assertThat(tree.remoteText("f")).isEqualTo("half of it");
        assertThat(tree.store.requests(StoreOperation.PUT)).isEqualTo(1);
    }

    @Test
    void a_part_of_a_blob_is_changed_and_the_rest_stays() throws Exception {
        String text = "0123456789".repeat(50_000);
        tree.remotePut("f", text);
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.write(handle, 100_000, "HERE");
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo(text.substring(0, 100_000) + "HERE" + text.substring(100_004));
    }

    @Test
    void a_write_behind_the_end_leaves_zeros_in_between() throws Exception {
        tree.put("f", "ab");
        long handle = tree.open("f", OpenMode.WRITE);
        tree.write(handle, 4, "ef");
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo("ab\0\0ef");
    }

    @Test
    void appends_go_to_the_end_wherever_that_is_by_then() throws Exception {
        tree.remotePut("f", "0");
        long first = tree.open("f", APPEND);
        long second = tree.open("f", APPEND);
        tree.write(first, 0, "1");
        tree.write(second, 0, "2");
        tree.write(first, 0, "3");
        tree.close(first);
        tree.close(second);

        assertThat(tree.remoteText("f")).isEqualTo("0123");
    }

    @Test
    void opening_with_truncate_empties_the_file_for_all() throws Exception {
        tree.put("f", "old");
        long reader = tree.open("f", OpenMode.READ);
        long writer = tree.open("f", TRUNCATE);

        assertThat(tree.readText(reader)).isEmpty();
        assertThat(tree.remoteText("f")).as("until the commit").isEqualTo("old");
        tree.close(writer);
        assertThat(tree.remoteText("f")).isEmpty();
        tree.close(reader);
    }

    @Test
    void opening_with_truncate_fetches_nothing() throws Exception {
        tree.remotePut("f", "0123456789".repeat(50_000));
        tree.put("f", "new");

        assertThat(tree.store.readBytes()).isZero();
        assertThat(tree.remoteText("f")).isEqualTo("new");
    }

    @Test
    void reads_end_at_the_end() throws Exception {
        tree.put("f", "hello");
        long handle = tree.open("f", OpenMode.READ);

        assertThat(tree.read(handle, 3, 10)).hasSize(2);
        assertThat(tree.read(handle, 5, 10)).isEmpty();
        assertThat(tree.read(handle, 500, 10)).isEmpty();
        tree.close(handle);
    }

    @Test
    void what_is_here_is_shown_where_it_lies_and_what_is_not_must_be_read() throws Exception {
        tree.remotePut("f", "hello");
        long handle = tree.open("f", OpenMode.READ_WRITE); // one that only reads is fetched at once
        List<Integer> shown = new ArrayList<>();

        assertThat(tree.fs.readInPlace(handle, 3, 10, region -> shown.add(region.lengthBytes())))
                .isFalse();
        tree.read(handle, 0, 1);
        assertThat(tree.fs.readInPlace(handle, 3, 10, region -> shown.add(region.lengthBytes())))
                .isTrue();
        assertThat(tree.fs.readInPlace(handle, 5, 10, region -> shown.add(region.lengthBytes())))
                .isFalse();
        assertThat(shown).containsExactly(2);
        tree.close(handle);
    }

    @Test
    void a_handle_does_only_what_it_was_opened_for() throws Exception {
        tree.put("f", "x");
        long reader = tree.open("f", OpenMode.READ);
        long writer = tree.open("f", OpenMode.WRITE);

        assertThatThrownBy(() -> tree.write(reader, 0, "y")).isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.read(writer, 0, 1)).isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.fs.readInPlace(writer, 0, 1, _ -> {}))
                .isInstanceOf(ForebayException.BadHandle.class);
        tree.close(reader);
        tree.close(writer);
        assertThatThrownBy(() -> tree.read(reader, 0, 1)).isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.fs.flush(writer)).isInstanceOf(ForebayException.BadHandle.class);
    }

    @Test
    void a_file_that_would_be_too_large_is_refused() throws Exception {
        long handle = tree.create("f");

        assertThatThrownBy(() -> tree.write(handle, 1L << 60, "x")).isInstanceOf(ForebayException.TooLarge.class);
        assertThatThrownBy(() -> tree.write(handle, -1, "")).isInstanceOf(ForebayException.InvalidArgument.class);
        tree.close(handle);
    }

    @Test
    void a_file_that_is_unlinked_while_open_is_fetched_whole_first() throws Exception {
        String text = "0123456789".repeat(300_000);
        tree.remotePut("f", text);
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.read(handle, 0, 1);
        tree.unlink("f");
        assertBlobs();

        assertThat(tree.readText(handle, text.length() - 10, 10)).isEqualTo("0123456789");
        tree.write(handle, 0, "still mine");
        assertThat(tree.readText(handle, 0, 10)).isEqualTo("still mine");
        tree.close(handle);
        assertBlobs();
    }

    @Test
    void an_unlink_succeeds_though_what_is_open_cannot_be_fetched_any_more() throws Exception {
        String text = "0123456789".repeat(300_000);
        tree.remotePut("f", text);
        long handle = tree.open("f", OpenMode.READ);
        tree.read(handle, 0, 1);
        tree.remotePut("f", "theirs");

        tree.unlink("f");

        assertBlobs();
        assertThatThrownBy(() -> tree.read(handle, text.length() - 10, 10))
                .isInstanceOf(ForebayException.Changed.class);
        tree.close(handle);
    }

    @Test
    void an_open_handle_keeps_its_version_and_the_next_open_gets_the_new_one() throws Exception {
        tree.remotePut("f", "old");
        long handle = tree.open("f", OpenMode.READ);
        assertThat(tree.readText(handle)).isEqualTo("old");
        tree.remotePut("f", "newer");
        tree.forgetWhatIsKnown();

        assertThat(tree.text("f")).isEqualTo("newer");
        assertThat(tree.stat("f").sizeBytes()).isEqualTo(5);
        assertThat(tree.readText(handle)).isEqualTo("old");
        tree.close(handle);
        assertThat(tree.text("f")).isEqualTo("newer");
    }

    @Test
    void the_rest_of_a_version_that_is_gone_is_stale_and_never_a_mixture() throws Exception {
        String old = "old bytes ".repeat(300_000);
        tree.remotePut("f", old);
        long replaced = tree.open("f", OpenMode.READ);
        tree.remotePut("g", old);
        long removed = tree.open("g", OpenMode.READ);
        tree.read(replaced, 0, 1);
        tree.read(removed, 0, 1);
        tree.remotePut("f", "new bytes ".repeat(300_000));
        tree.remoteDelete("g");

        assertThatThrownBy(() -> tree.read(replaced, old.length() - 10, 10))
                .isInstanceOf(ForebayException.Changed.class);
        assertThatThrownBy(() -> tree.read(removed, old.length() - 10, 10))
                .isInstanceOf(ForebayException.Changed.class);
        assertThat(tree.text("f")).as("and the next open asks again").startsWith("new bytes");
        assertThat(tree.exists("g")).isFalse();
        tree.close(replaced);
        tree.close(removed);
    }

    @Test
    void a_write_to_a_version_that_was_replaced_is_refused_and_not_lost_in_silence() throws Exception {
        tree.remotePut("f", "old");
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.remotePut("f", "theirs");
        tree.forgetWhatIsKnown();
        assertThat(tree.text("f")).isEqualTo("theirs");

        assertThatThrownBy(() -> tree.write(handle, 0, "ours")).isInstanceOf(ForebayException.Changed.class);

        tree.close(handle);
        assertThat(tree.remoteText("f")).isEqualTo("theirs");
    }

    @Test
    void a_listing_that_comes_while_a_file_is_opened_does_not_make_old_bytes_pass_for_new() throws Exception {
        tree.remotePut("f", "old");
        tree.stat("f");
        tree.cache.beforeOpen(() -> {
            tree.remotePut("f", "theirs");
            tree.names(""); // sees the new version
        });

        long handle = tree.open("f", OpenMode.READ_WRITE);

        assertThat(tree.readText(handle)).isEqualTo("theirs");
        tree.write(handle, 0, "TH");
        tree.close(handle);
        assertThat(tree.remoteText("f")).isEqualTo("THeirs");
    }

    @Test
    void an_open_of_what_is_gone_fails_and_leaves_nothing_behind() throws Exception {
        tree.put("f", "x");
        tree.at("f", inode -> {
            tree.unlink("f");
            assertThatThrownBy(() -> tree.fs.open(inode, OpenMode.READ)).isInstanceOf(ForebayException.Changed.class);
            return true;
        });
    }

    @Test
    void a_directory_is_not_opened_as_a_file() throws Exception {
        tree.mkdir("d");
        assertThatThrownBy(() -> tree.open("d", OpenMode.READ)).isInstanceOf(ForebayException.IsADirectory.class);
    }

    @Test
    void inodes_of_open_files_outlive_the_kernels_interest_in_them() throws Exception {
        long handle = tree.create("f");
        tree.fs.tree().names().clear();
        tree.write(handle, 0, "x");
        assertThat(tree.text("f")).isEqualTo("x");
        tree.close(handle);
        assertThat(tree.remoteText("f")).isEqualTo("x");
    }

    /** The kernel was lent the file and has written it; the tree has not looked yet when the store has another version. */
    @Test
    void what_a_borrower_wrote_is_a_conflict_when_somebody_else_was_faster() throws Exception {
        tree.put("f", "old");
        long handle = tree.open("f", OpenMode.WRITE);
        Path file = tree.fs.backingFile(handle).orElseThrow();
        Files.writeString(file, "ours");
        tree.remotePut("f", "theirs");
        tree.forgetWhatIsKnown();

        assertThat(tree.stat("f").sizeBytes()).isEqualTo(4);
        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);

        tree.fs.release(handle);
        assertThat(tree.text("f")).as("kept until it is removed").isEqualTo("ours");
        assertThat(tree.remoteText("f")).isEqualTo("theirs");
        tree.unlink("f");
    }

    @Test
    void what_is_replaced_while_a_borrower_has_it_open_is_another_inode() throws Exception {
        tree.put("f", "old");
        long inode = tree.stat("f").inode();
        long handle = tree.open("f", OpenMode.READ);
        Path file = tree.fs.backingFile(handle).orElseThrow();
        tree.remotePut("f", "newer");
        tree.forgetWhatIsKnown();

        assertThat(tree.text("f")).isEqualTo("newer");
        assertThat(tree.stat("f").inode()).isNotEqualTo(inode);
        assertThat(file).hasContent("old");
        assertThat(tree.fs.getattr(inode).sizeBytes()).isEqualTo(3);
        tree.close(handle);
    }

    @Test
    void a_borrower_that_writes_what_was_replaced_learns_of_it_at_close() throws Exception {
        tree.put("f", "old");
        long handle = tree.open("f", OpenMode.WRITE);
        Path file = tree.fs.backingFile(handle).orElseThrow();
        tree.remotePut("f", "theirs");
        tree.forgetWhatIsKnown();
        assertThat(tree.text("f")).isEqualTo("theirs");
        Files.writeString(file, "too late");

        assertThatThrownBy(() -> tree.fs.flush(handle)).isInstanceOf(ForebayException.Changed.class);

        tree.fs.release(handle);
        assertThat(tree.text("f")).isEqualTo("theirs");
    }
}
