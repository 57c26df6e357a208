package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RenameTest extends TreeTest {
    @Test
    void a_file_moves_with_its_bytes_and_all_that_its_blob_carries() throws Exception {
        tree.remotePut("a", "hello", new BlobHeaders("text/x-poem", Metadata.of(Map.of("author", "me"))));
        tree.set("a", AttributeChange.permissions(0600));
        long inode = tree.stat("a").inode();

        tree.rename("a", "b");

        assertBlobs("b");
        assertThat(tree.remoteText("b")).isEqualTo("hello");
        assertThat(tree.remoteHead("b").headers().contentType()).isEqualTo("text/x-poem");
        assertThat(tree.remoteHead("b").metadata().get("author")).contains("me");
        assertThat(tree.exists("a")).isFalse();
        assertThat(tree.stat("b").permissions()).isEqualTo(0600);
        assertThat(tree.stat("b").inode()).isEqualTo(inode);
    }

    @Test
    void a_file_replaces_another() throws Exception {
        tree.put("a", "new");
        tree.put("b", "old");

        tree.rename("a", "b");

        assertBlobs("b");
        assertThat(tree.text("b")).isEqualTo("new");
    }

    @Test
    void a_replaced_file_is_still_there_for_those_who_have_it_open() throws Exception {
        tree.put("a", "new");
        tree.put("b", "old");
        PathTree other = tree.secondMount(); // nothing of it is on the local disk
        long handle = other.open("b", OpenMode.READ_WRITE);

        other.rename("a", "b");

        assertThat(other.readText(handle)).isEqualTo("old");
        other.write(handle, 0, "OLD");
        other.close(handle);
        assertThat(other.text("b")).isEqualTo("new");
        assertThat(tree.remoteText("b")).isEqualTo("new");
        other.close();
        tree.forgetWhatIsKnown();
    }

    @Test
    void nothing_happens_when_both_names_are_the_same() throws Exception {
        tree.put("a", "x");
        long before = tree.store.requests();

        tree.rename("a", "a");

        assertThat(tree.store.requests()).isEqualTo(before);
        assertThat(tree.text("a")).isEqualTo("x");
    }

    @Test
    void no_replace_refuses_what_is_there() throws Exception {
        tree.put("a", "new");
        tree.put("b", "old");

        assertThatThrownBy(() -> tree.rename("a", "b", RenameMode.NO_REPLACE))
                .isInstanceOf(ForebayException.AlreadyExists.class);

        assertThat(tree.text("a")).isEqualTo("new");
        assertThat(tree.text("b")).isEqualTo("old");
        tree.rename("a", "c", RenameMode.NO_REPLACE);
        assertBlobs("b", "c");
    }

    @Test
    void no_replace_refuses_what_somebody_else_puts_there_meanwhile() throws Exception {
        tree.put("a", "new");
        tree.store.beforeEffect(once(StoreOperation.COPY, () -> tree.remotePut("b", "theirs")));

        assertThatThrownBy(() -> tree.rename("a", "b", RenameMode.NO_REPLACE))
                .isInstanceOf(ForebayException.AlreadyExists.class);

        assertThat(tree.text("a")).isEqualTo("new");
        assertThat(tree.text("b")).isEqualTo("theirs");
    }

    @Test
    void a_file_that_was_never_committed_is_renamed_for_nothing_and_committed_under_its_last_name() throws Exception {
        long handle = tree.create("tmp");
        tree.write(handle, 0, "checkpoint");
        long before = tree.store.requests();

        tree.rename("tmp", "final");

        assertThat(tree.store.requests() - before)
                .as("the target had to be looked for, nothing else")
                .isEqualTo(2);
        assertThat(tree.store.requests(StoreOperation.COPY)).isZero();
        tree.close(handle);
        assertBlobs("final");
        assertThat(tree.remoteText("final")).isEqualTo("checkpoint");
    }

    @Test
    void an_uncommitted_file_replaces_a_blob_when_it_is_committed() throws Exception {
        tree.put("final", "old");
        long handle = tree.create("tmp");
        tree.write(handle, 0, "new");
        tree.rename("tmp", "final");
        assertThat(tree.remoteText("final")).isEqualTo("old");
        assertThat(tree.text("final")).isEqualTo("new");
        assertThat(tree.names("")).containsExactly("final");

        tree.close(handle);

        assertBlobs("final");
        assertThat(tree.remoteText("final")).isEqualTo("new");
    }

    @Test
    void an_uncommitted_file_that_replaced_a_blob_takes_it_along_when_it_is_removed() throws Exception {
        tree.put("final", "old");
        long handle = tree.create("tmp");
        tree.rename("tmp", "final");
        tree.unlink("final");
        tree.close(handle);

        assertBlobs();
        tree.forgetWhatIsKnown();
        assertThat(tree.exists("final")).isFalse();
    }

    @Test
    void an_open_file_with_changes_moves_with_them() throws Exception {
        tree.put("a", "hello");
        long handle = tree.open("a", OpenMode.READ_WRITE);
        tree.write(handle, 0, "HE");

        tree.rename("a", "b");
        tree.write(handle, 4, "O!");
        tree.close(handle);

        assertBlobs("b");
        assertThat(tree.remoteText("b")).isEqualTo("HEllO!");
    }

    @Test
    void a_reader_that_has_not_read_all_goes_on_under_the_new_name() throws Exception {
        String text = "0123456789".repeat(200_000); // more than one fetch
        tree.put("a", text);
        PathTree other = tree.secondMount();
        long handle = other.open("a", OpenMode.READ);
        assertThat(other.read(handle, 0, 10)).hasSize(10);

        other.rename("a", "b");

        String tail = other.readText(handle, text.length() - 10, 10);
        assertThat(tail).isEqualTo("0123456789");
        other.close(handle);
        other.close();
        tree.forgetWhatIsKnown();
    }

    @Test
    void a_reader_who_asks_the_store_between_the_change_there_and_here_gets_its_bytes() throws Exception {
        String text = "0123456789".repeat(200_000);
        tree.put("a", text);
        PathTree other = tree.secondMount();
        long handle = other.open("a", OpenMode.READ);
        AtomicReference<String> read = new AtomicReference<>("nothing");
        Thread reader = Thread.ofPlatform().unstarted(() -> {
            try {
                read.set(other.readText(handle, text.length() - 10, 10));
            } catch (ForebayException failure) {
                read.set(failure.toString());
            }
        });
        tree.store.beforeAnswer((operation, _) -> {
            if (operation == StoreOperation.SET_METADATA) { // another version there, and nobody here has heard of it
                tree.store.beforeAnswer(NOTHING);
                reader.start();
                awaitEndOrWaiting(reader);
            }
        });

        other.set("a", AttributeChange.permissions(0600));

        assertThat(reader.join(Duration.ofSeconds(30))).isTrue();
        assertThat(read).hasValue("0123456789");
        other.close(handle);
        other.close();
        tree.forgetWhatIsKnown();
    }

    @Test
    void a_directory_moves_with_everything_in_it() throws Exception {
        tree.mkdir("d", 0700);
        tree.mkdir("d/sub");
        tree.put("d/f", "1");
        tree.put("d/sub/g", "2");
        tree.symlink("f", "d/s");
        tree.remotePut("d/implied/h", "3");
        long file = tree.stat("d/f").inode();

        tree.rename("d", "e");

        assertBlobs("e", "e/f", "e/s", "e/sub", "e/sub/g", "e/implied/h");
        assertThat(tree.exists("d")).isFalse();
        assertThat(tree.names("e")).containsExactly("f", "implied", "s", "sub");
        assertThat(tree.text("e/sub/g")).isEqualTo("2");
        assertThat(tree.text("e/implied/h")).isEqualTo("3");
        assertThat(tree.readlink("e/s")).isEqualTo("f");
        assertThat(tree.stat("e").permissions()).isEqualTo(0700);
        assertThat(tree.stat("e/f").inode()).isEqualTo(file);
    }

    @Test
    void files_that_are_open_follow_their_directory() throws Exception {
        tree.mkdir("d");
        tree.put("d/changed", "hello");
        tree.put("d/read", "world");
        PathTree other = tree.secondMount();
        long changed = other.open("d/changed", OpenMode.READ_WRITE);
        long read = other.open("d/read", OpenMode.READ);
        long made = other.create("d/made");
        other.write(changed, 0, "HE");
        other.write(made, 0, "new");

        other.rename("d", "e");

        assertThat(other.readText(read)).isEqualTo("world");
        other.close(changed);
        other.close(read);
        other.close(made);
        assertBlobs("e", "e/changed", "e/made", "e/read");
        assertThat(tree.remoteText("e/changed")).isEqualTo("HEllo");
        assertThat(tree.remoteText("e/made")).isEqualTo("new");
        other.close();
        tree.forgetWhatIsKnown();
    }

    @Test
    void a_directory_replaces_an_empty_one_and_no_other() throws Exception {
        tree.mkdir("d");
        tree.put("d/f", "x");
        tree.mkdir("empty");
        tree.mkdir("full");
        tree.put("full/g", "");
        tree.put("file", "");

        assertThatThrownBy(() -> tree.rename("d", "full")).isInstanceOf(ForebayException.NotEmpty.class);
        assertThatThrownBy(() -> tree.rename("d", "file")).isInstanceOf(ForebayException.NotADirectory.class);
        assertThatThrownBy(() -> tree.rename("file", "d")).isInstanceOf(ForebayException.IsADirectory.class);
        tree.rename("d", "empty");

        assertThat(tree.text("empty/f")).isEqualTo("x");
        assertThat(tree.exists("d")).isFalse();
    }

    @Test
    void a_directory_does_not_move_into_itself() throws Exception {
        tree.mkdir("d");
        tree.mkdir("d/sub");

        assertThatThrownBy(() -> tree.rename("d", "d/x")).isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> tree.rename("d", "d/sub/x")).isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> tree.rename("d", "d/sub")).isInstanceOf(ForebayException.InvalidArgument.class);
        assertBlobs("d", "d/sub");
    }

    @Test
    void what_is_not_there_cannot_move() throws Exception {
        tree.mkdir("d");

        assertThatThrownBy(() -> tree.rename("none", "x")).isInstanceOf(ForebayException.NotFound.class);
        assertThatThrownBy(() -> tree.rename("d", "none/x")).isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void a_directory_rename_that_fails_in_the_middle_leaves_the_tree_as_it_was() throws Exception {
        tree.mkdir("d");
        for (int i = 0; i < 40; i++) {
            tree.put("d/f" + i, "" + i);
        }
        tree.mkdir("target", 0711);
        AtomicInteger copies = new AtomicInteger();
        tree.store.beforeEffect((operation, name) -> {
            if (operation == StoreOperation.COPY && copies.incrementAndGet() > 20) {
                throw new ForebayException.Unavailable("the store does not answer");
            }
        });

        assertThatThrownBy(() -> tree.rename("d", "target")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.names("d")).hasSize(40);
        assertThat(tree.text("d/f7")).isEqualTo("7");
        assertThat(tree.names("target")).isEmpty();
        assertThat(tree.store.names().stream().filter(name -> name.startsWith("target")))
                .as("the copies were removed, the marker that was there was not")
                .containsExactly("target");
        tree.forgetWhatIsKnown();
        assertThat(tree.stat("target").permissions()).isEqualTo(0711);
        tree.rename("d", "target");
        assertThat(tree.text("target/f7")).isEqualTo("7");
    }

    @Test
    void a_directory_rename_that_is_interrupted_leaves_the_tree_as_it_was() throws Exception {
        tree.mkdir("d");
        for (int i = 0; i < 40; i++) {
            tree.put("d/f" + i, "" + i);
        }
        Thread renaming = Thread.currentThread();
        tree.store.beforeEffect(once(StoreOperation.COPY, renaming::interrupt));

        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Interrupted.class);

        assertThat(Thread.interrupted()).as("still").isTrue();
        assertThat(tree.names("d")).hasSize(40);
        assertThat(tree.store.names()).hasSize(41).allMatch(name -> name.startsWith("d"));
    }

    @Test
    void a_directory_rename_does_not_write_over_what_somebody_else_makes_meanwhile() throws Exception {
        tree.mkdir("d");
        tree.put("d/f", "ours");
        tree.put("d/g", "ours");
        tree.store.beforeEffect(once(StoreOperation.COPY, () -> tree.remotePut("e/f", "theirs")));

        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Changed.class);

        assertBlobs("d", "d/f", "d/g", "e/f");
        assertThat(tree.remoteText("e/f")).isEqualTo("theirs");
        assertThat(tree.text("d/f")).isEqualTo("ours");
        tree.forgetWhatIsKnown();
    }

    @Test
    void a_directory_rename_over_a_store_that_is_gone_asks_it_for_little() throws Exception {
        tree.mkdir("d");
        for (int i = 0; i < 100; i++) {
            tree.put("d/f" + i, "" + i);
        }
        long before = tree.store.requests(StoreOperation.COPY);
        tree.store.beforeEffect(unavailable(StoreOperation.COPY));

        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Unavailable.class);

        assertThat(tree.store.requests(StoreOperation.COPY) - before).isLessThanOrEqualTo(32);
    }

    @Test
    void a_directory_rename_whose_deletes_fail_has_moved_everything_and_shows_what_is_left() throws Exception {
        tree.mkdir("d");
        tree.put("d/f", "x");
        tree.store.beforeEffect(unavailable(StoreOperation.DELETE));

        assertThatThrownBy(() -> tree.rename("d", "e")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("e/f")).isEqualTo("x");
        assertThat(tree.text("d/f"))
                .as("a source that could not be deleted is seen")
                .isEqualTo("x");
        tree.unlink("d/f");
        tree.rmdir("d");
        assertBlobs("e", "e/f");
    }

    @Test
    void a_file_rename_whose_delete_fails_has_moved_the_file_and_shows_what_is_left() throws Exception {
        tree.put("a", "x");
        tree.store.beforeEffect(unavailable(StoreOperation.DELETE));

        assertThatThrownBy(() -> tree.rename("a", "b")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("b")).isEqualTo("x");
        assertThat(tree.text("a")).isEqualTo("x");
    }

    @Test
    void a_file_rename_whose_copy_fails_leaves_the_tree_as_it_was() throws Exception {
        tree.put("a", "new");
        tree.put("b", "old");
        tree.store.beforeEffect(unavailable(StoreOperation.COPY));

        assertThatThrownBy(() -> tree.rename("a", "b")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("a")).isEqualTo("new");
        assertThat(tree.text("b")).isEqualTo("old");
    }

    @Test
    void a_source_that_changed_meanwhile_is_not_moved_and_seen_anew() throws Exception {
        tree.put("a", "old");
        tree.store.beforeEffect(once(StoreOperation.COPY, () -> tree.remotePut("a", "theirs")));

        assertThatThrownBy(() -> tree.rename("a", "b")).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.text("a")).isEqualTo("theirs");
        assertThat(tree.exists("b")).isFalse();
        tree.rename("a", "b");
        assertThat(tree.text("b")).isEqualTo("theirs");
    }

    @Test
    void a_source_that_changed_between_copy_and_delete_is_kept() throws Exception {
        tree.put("a", "ours");
        tree.store.beforeEffect(once(StoreOperation.DELETE, () -> tree.remotePut("a", "theirs")));

        tree.rename("a", "b");

        assertThat(tree.remoteText("a")).isEqualTo("theirs");
        assertThat(tree.text("b")).isEqualTo("ours");
        assertThat(tree.text("a")).isEqualTo("theirs");
    }

    @Test
    void an_older_version_that_is_open_does_not_pass_for_the_copy_of_a_newer_one() throws Exception {
        String old = "old bytes ".repeat(200_000);
        tree.mkdir("d");
        tree.remotePut("d/f", old);
        tree.remotePut("d/g", old);
        tree.forgetWhatIsKnown();
        long reader = tree.open("d/f", OpenMode.READ);
        tree.read(reader, 0, 10);
        long writer = tree.open("d/g", OpenMode.READ_WRITE);
        tree.fs.fsync(writer);
        tree.write(writer, 0, "OLD");
        tree.remotePut("d/f", "new bytes ".repeat(200_000));
        tree.remotePut("d/g", "new bytes ".repeat(200_000));

        tree.rename("d", "e");

        assertThatThrownBy(() -> tree.read(reader, old.length() - 10, 10)).isInstanceOf(ForebayException.Changed.class);
        assertThatThrownBy(() -> tree.fs.flush(writer)).isInstanceOf(ForebayException.class);
        assertThat(tree.remoteText("e/g")).startsWith("new bytes");
        tree.fs.release(reader);
        tree.unlink("e/g");
        tree.fs.release(writer);
        assertThat(tree.text("e/f")).startsWith("new bytes");
    }

    @Test
    void the_last_file_moved_out_of_an_implied_directory_leaves_the_directory() throws Exception {
        tree.remotePut("d/f", "x");

        tree.rename("d/f", "f");

        assertBlobs("d", "f");
        tree.forgetWhatIsKnown();
        assertThat(tree.names("d")).isEmpty();
    }

    @Test
    void an_implied_directory_whose_marker_was_removed_elsewhere_still_moves() throws Exception {
        tree.mkdir("d");
        tree.put("d/f", "x");
        tree.remoteDelete("d");

        tree.rename("d", "e");

        assertThat(tree.text("e/f")).isEqualTo("x");
        assertThat(tree.exists("d")).isFalse();
    }
}
