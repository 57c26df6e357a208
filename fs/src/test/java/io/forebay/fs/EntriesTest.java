package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries that come and go. */
final class EntriesTest extends TreeTest {
    @Test
    void a_new_file_is_no_blob_before_it_is_closed() throws Exception {
        long handle = tree.create("f");
        assertBlobs();
        assertThat(tree.stat("f").permissions()).isEqualTo(0640);
        assertThat(tree.stat("f").uid()).isEqualTo(PathTree.CALLER.uid());
        assertThat(tree.names("")).containsExactly("f");

        tree.close(handle);

        assertBlobs("f");
        assertThat(tree.stat("f").sizeBytes()).isZero();
    }

    @Test
    void what_exists_is_not_created_again() throws Exception {
        tree.remotePut("f", "theirs");
        tree.mkdir("d");

        assertThatThrownBy(() -> tree.create("f")).isInstanceOf(ForebayException.AlreadyExists.class);
        assertThatThrownBy(() -> tree.create("d")).isInstanceOf(ForebayException.AlreadyExists.class);
        assertThatThrownBy(() -> tree.mkdir("f")).isInstanceOf(ForebayException.AlreadyExists.class);
        assertThatThrownBy(() -> tree.symlink("x", "d")).isInstanceOf(ForebayException.AlreadyExists.class);
        assertThat(tree.remoteText("f")).isEqualTo("theirs");
    }

    @Test
    void a_directory_is_a_marker_as_other_tools_keep_it() throws Exception {
        tree.mkdir("d", 0700);

        Metadata metadata = tree.remoteHead("d").metadata();
        assertThat(metadata.isTrue("hdi_isfolder")).isTrue();
        assertThat(metadata.get("permissions")).contains(Integer.toString(0040700));
        assertThat(tree.stat("d").permissions()).isEqualTo(0700);
        assertThat(tree.stat("d").kind()).isEqualTo(FileKind.DIRECTORY);
    }

    @Test
    void a_directory_that_somebody_else_makes_meanwhile_exists() throws Exception {
        tree.stat("");
        tree.store.beforeEffect(once(StoreOperation.PUT, () -> tree.remotePut("d", "")));

        assertThatThrownBy(() -> tree.mkdir("d")).isInstanceOf(ForebayException.AlreadyExists.class);
        assertThat(tree.exists("d")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FileKind.class,
            names = {"FIFO", "SOCKET"})
    void a_meeting_point_is_an_empty_blob_that_says_what_it_is(FileKind kind) throws Exception {
        tree.mknod("p", kind, 0620);

        assertThat(tree.stat("p").kind()).isEqualTo(kind);
        assertThat(tree.remoteText("p")).isEmpty();
        assertThat(tree.remoteHead("p").metadata().isTrue(kind == FileKind.FIFO ? "is_fifo" : "is_socket"))
                .isTrue();
        assertThat(tree.secondMount().stat("p").mode()).isEqualTo(kind.modeBits() | 0620);
        tree.rename("p", "q");
        assertThat(tree.secondMount().stat("q").kind()).isEqualTo(kind);
        assertThatThrownBy(() -> tree.at("q", inode -> tree.fs.open(inode, OpenMode.READ)))
                .isInstanceOf(ForebayException.InvalidArgument.class);
    }

    @Test
    void a_symlink_is_a_blob_with_its_target() throws Exception {
        tree.symlink("../elsewhere/ü", "s");

        assertThat(tree.remoteText("s")).isEqualTo("../elsewhere/ü");
        assertThat(tree.remoteHead("s").metadata().isTrue("is_symlink")).isTrue();
        assertThat(tree.readlink("s")).isEqualTo("../elsewhere/ü");
        assertThat(tree.stat("s").kind()).isEqualTo(FileKind.SYMLINK);
        assertThat(tree.stat("s").sizeBytes()).isEqualTo("../elsewhere/ü".length() + 1);

        PathTree other = tree.secondMount();
        assertThat(other.readlink("s")).isEqualTo("../elsewhere/ü");
        other.close();
    }

    @Test
    void a_symlink_that_was_replaced_elsewhere_shows_its_new_target() throws Exception {
        tree.symlink("old", "s");
        PathTree other = tree.secondMount();
        assertThat(other.readlink("s")).isEqualTo("old");
        tree.unlink("s");
        tree.symlink("newer", "s");
        assertThat(other.readlink("s")).as("believed without asking").isEqualTo("old");

        other.forgetWhatIsKnown();

        assertThat(other.readlink("s")).isEqualTo("newer");
        other.close();
    }

    @Test
    void only_symlinks_can_be_read_as_such() throws Exception {
        tree.put("f", "");
        assertThatThrownBy(() -> tree.readlink("f")).isInstanceOf(ForebayException.InvalidArgument.class);
        tree.symlink("f", "s");
        assertThatThrownBy(() -> tree.open("s", OpenMode.READ)).isInstanceOf(ForebayException.InvalidArgument.class);
    }

    @Test
    void unlink_removes_the_blob() throws Exception {
        tree.put("f", "x");
        tree.unlink("f");

        assertBlobs();
        assertThat(tree.exists("f")).isFalse();
        assertThatThrownBy(() -> tree.unlink("f")).isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void unlink_and_rmdir_are_for_their_own_kind() throws Exception {
        tree.put("f", "");
        tree.mkdir("d");

        assertThatThrownBy(() -> tree.unlink("d")).isInstanceOf(ForebayException.IsADirectory.class);
        assertThatThrownBy(() -> tree.rmdir("f")).isInstanceOf(ForebayException.NotADirectory.class);
        assertThatThrownBy(() -> tree.rmdir("none")).isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void an_implied_directory_outlives_its_last_file() throws Exception {
        tree.remotePut("d/f", "");

        tree.unlink("d/f");

        assertBlobs("d");
        tree.forgetWhatIsKnown();
        assertThat(tree.stat("d").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.names("d")).isEmpty();
    }

    @Test
    void an_unlink_that_fails_leaves_the_file() throws Exception {
        tree.put("f", "x");
        tree.store.beforeEffect(unavailable(StoreOperation.DELETE));

        assertThatThrownBy(() -> tree.unlink("f")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("f")).isEqualTo("x");
    }

    @Test
    void an_unlink_of_what_somebody_else_removed_succeeds() throws Exception {
        tree.put("f", "x");
        tree.remoteDelete("f");

        tree.unlink("f");

        assertThat(tree.exists("f")).isFalse();
    }

    @Test
    void rmdir_refuses_a_directory_with_entries_committed_or_not() throws Exception {
        tree.mkdir("d");
        long handle = tree.create("d/f");
        assertThatThrownBy(() -> tree.rmdir("d")).isInstanceOf(ForebayException.NotEmpty.class);
        tree.close(handle);
        assertThatThrownBy(() -> tree.rmdir("d")).isInstanceOf(ForebayException.NotEmpty.class);
        tree.unlink("d/f");

        tree.rmdir("d");

        assertBlobs();
        assertThat(tree.exists("d")).isFalse();
    }

    @Test
    void rmdir_refuses_a_directory_in_which_somebody_else_put_something_just_now() throws Exception {
        tree.mkdir("d");
        assertThat(tree.names("d")).isEmpty();
        tree.remotePut("d/theirs", "x");

        assertThatThrownBy(() -> tree.rmdir("d")).isInstanceOf(ForebayException.NotEmpty.class);

        assertBlobs("d", "d/theirs");
    }

    @Test
    void nothing_is_made_in_a_directory_that_was_removed() throws Exception {
        tree.mkdir("d");
        tree.at("d", directory -> {
            tree.rmdir("d");
            assertThatThrownBy(() -> tree.fs.create(directory, "f", 0600, OpenMode.WRITE, PathTree.CALLER))
                    .isInstanceOf(ForebayException.NotFound.class);
            assertThatThrownBy(() -> tree.fs.mkdir(directory, "d", 0700, PathTree.CALLER))
                    .isInstanceOf(ForebayException.NotFound.class);
            return true;
        });
        assertBlobs();
    }

    @Test
    void what_is_unlinked_before_its_first_commit_never_reaches_the_store() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "secret");
        tree.unlink("f");

        assertThat(tree.readText(handle)).isEqualTo("secret");
        tree.fs.fsync(handle);
        tree.close(handle);

        assertBlobs();
        assertThat(tree.store.requests(StoreOperation.PUT)).isZero();
    }

    @Test
    void a_name_is_free_again_after_an_unlink_while_open() throws Exception {
        tree.put("f", "old");
        long old = tree.open("f", OpenMode.READ_WRITE);
        tree.unlink("f");
        tree.put("f", "new");
        tree.write(old, 0, "OLD");
        tree.close(old);

        assertThat(tree.text("f")).isEqualTo("new");
        assertThat(tree.remoteText("f")).isEqualTo("new");
    }

    @Test
    void an_entry_that_comes_or_goes_changes_the_time_of_its_directory() throws Exception {
        tree.mkdir("d");
        long before = tree.stat("d").modifyNanos();
        tree.put("d/f", "");
        long made = tree.stat("d").modifyNanos();
        tree.unlink("d/f");

        assertThat(made).isGreaterThan(before);
        assertThat(tree.stat("d").modifyNanos()).isGreaterThan(made);
    }
}
