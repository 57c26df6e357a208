package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stat shows and chmod, chown, utimensat and truncate change, and where it is kept. */
final class AttributesTest extends TreeTest {
    private static final long SOME_TIME_NANOS = 1_580_608_922_123_456_789L;

    private static final BlobHeaders THEIRS = new BlobHeaders(
            new ContentHeaders("image/png", "gzip", "de", "inline", "no-cache"),
            Metadata.of(Map.of("Author", "me", "project", "p")),
            new BlobLabels("Cool", 3));

    @Test
    void mode_owner_and_time_are_kept_where_azcopy_keeps_them() throws Exception {
        tree.put("f", "x");
        tree.set("f", AttributeChange.permissions(0604));
        tree.set("f", AttributeChange.owner(12, 34));
        tree.set("f", AttributeChange.times(null, SOME_TIME_NANOS));

        Metadata metadata = tree.remoteHead("f").metadata();
        assertThat(metadata.get("permissions")).contains(Integer.toString(0100604));
        assertThat(metadata.get("posix_owner")).contains("12");
        assertThat(metadata.get("posix_group")).contains("34");
        assertThat(metadata.get("modtime")).contains(Long.toString(SOME_TIME_NANOS));
        for (PathTree mount : new PathTree[] {tree, tree.secondMount()}) {
            Attributes file = mount.stat("f");
            assertThat(file.permissions()).isEqualTo(0604);
            assertThat(file.uid()).isEqualTo(12);
            assertThat(file.gid()).isEqualTo(34);
            assertThat(file.modifyNanos()).isEqualTo(SOME_TIME_NANOS);
            assertThat(mount.listed("", "f")).isEqualTo(file);
            if (mount != tree) {
                mount.close();
            }
        }
    }

    @Test
    void a_change_of_one_leaves_the_others() throws Exception {
        tree.put("f", "x");
        Attributes before = tree.stat("f");

        tree.set("f", AttributeChange.owner(null, 99));

        Attributes after = tree.stat("f");
        assertThat(after.gid()).isEqualTo(99);
        assertThat(after.uid()).isEqualTo(before.uid());
        assertThat(after.permissions()).isEqualTo(before.permissions());
        assertThat(after.modifyNanos()).isEqualTo(before.modifyNanos());
        assertThat(after.changeNanos()).isGreaterThan(before.changeNanos());
    }

    @Test
    void times_before_1970_and_the_largest_owner_survive() throws Exception {
        tree.put("f", "x");
        tree.set("f", AttributeChange.times(null, -1_500_000_000L));
        tree.set("f", AttributeChange.owner(-2, -2)); // 4294967294, as nobody is on some systems

        PathTree other = tree.secondMount();
        assertThat(other.stat("f").modifyNanos()).isEqualTo(-1_500_000_000L);
        assertThat(other.stat("f").uid()).isEqualTo(-2);
        other.close();
    }

    @Test
    void metadata_that_makes_no_sense_is_as_good_as_none() throws Exception {
        tree.remotePut(
                "f",
                new byte[0],
                BlobHeaders.of(
                        Metadata.of(Map.of("permissions", "rwx", "posix_owner", "root", "modtime", "yesterday"))));

        assertThat(tree.stat("f").permissions()).isEqualTo(0644);
        assertThat(tree.stat("f").uid()).isEqualTo(PathTree.OWNER.uid());
    }

    @Test
    void modes_in_octal_are_understood() throws Exception {
        tree.remotePut("f", new byte[0], BlobHeaders.of(Metadata.of(Map.of("permissions", "0100751"))));

        assertThat(tree.stat("f").permissions()).isEqualTo(0751);
    }

    @Test
    void other_metadata_and_headers_survive_every_change() throws Exception {
        tree.remotePut("f", "hello", THEIRS);

        tree.set("f", AttributeChange.permissions(0600));
        assertKept();
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.write(handle, 0, "HE");
        tree.close(handle);
        assertKept();
        tree.set("f", AttributeChange.size(2));
        assertKept();
        tree.put("f", "wholly new");
        assertKept();
    }

    @Test
    void labels_that_somebody_puts_on_a_version_that_is_known_survive_too() throws Exception {
        tree.put("f", "hello");
        tree.store.label("f", THEIRS.labels());
        tree.forgetWhatIsKnown();
        tree.stat("f");

        tree.put("f", "wholly new");

        assertThat(tree.remoteHead("f").headers().labels()).isEqualTo(THEIRS.labels());
    }

    private void assertKept() throws ForebayException {
        BlobHeaders now = tree.remoteHead("f").headers();
        assertThat(now.content()).isEqualTo(THEIRS.content());
        assertThat(now.labels()).isEqualTo(THEIRS.labels());
        assertThat(now.metadata().get("author")).contains("me");
        assertThat(now.metadata().get("project")).contains("p");
    }

    @Test
    void a_change_of_an_open_file_with_changes_travels_with_its_commit() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "x");
        tree.set("f", AttributeChange.permissions(0400));
        tree.set("f", AttributeChange.times(null, SOME_TIME_NANOS));
        assertThat(tree.store.requests(StoreOperation.SET_METADATA)).isZero();

        tree.close(handle);

        assertThat(tree.store.requests(StoreOperation.PUT)).isEqualTo(1);
        assertThat(tree.store.requests(StoreOperation.SET_METADATA)).isZero();
        assertThat(tree.remoteHead("f").metadata().get("modtime")).contains(Long.toString(SOME_TIME_NANOS));
        assertThat(tree.stat("f").permissions()).isEqualTo(0400);
        assertThat(tree.stat("f").modifyNanos()).isEqualTo(SOME_TIME_NANOS);
    }

    @Test
    void a_change_of_an_open_file_without_changes_keeps_its_handles_alive() throws Exception {
        String text = "0123456789".repeat(200_000);
        tree.remotePut("f", text);
        long handle = tree.open("f", OpenMode.READ);
        tree.read(handle, 0, 1);

        tree.set("f", AttributeChange.permissions(0400));

        assertThat(tree.readText(handle, text.length() - 10, 10)).isEqualTo("0123456789");
        tree.close(handle);
    }

    @Test
    void writing_changes_the_time_and_reading_does_not() throws Exception {
        tree.put("f", "x");
        tree.set("f", AttributeChange.times(SOME_TIME_NANOS, SOME_TIME_NANOS));
        tree.text("f");
        assertThat(tree.stat("f").modifyNanos()).isEqualTo(SOME_TIME_NANOS);
        assertThat(tree.stat("f").accessNanos()).isEqualTo(SOME_TIME_NANOS);

        long handle = tree.open("f", OpenMode.WRITE);
        long before = tree.clock.nowNanos();
        tree.write(handle, 1, "y");
        assertThat(tree.stat("f").modifyNanos()).isGreaterThan(before);
        tree.close(handle);

        PathTree other = tree.secondMount();
        assertThat(other.stat("f").modifyNanos()).isEqualTo(tree.stat("f").modifyNanos());
        other.close();
    }

    @Test
    void directories_and_symlinks_have_attributes_too() throws Exception {
        tree.mkdir("d");
        tree.symlink("d", "s");
        tree.remotePut("implied/f", "");

        for (String path : new String[] {"d", "s", "implied"}) {
            tree.set(path, AttributeChange.owner(5, 6));
            tree.set(path, AttributeChange.times(null, SOME_TIME_NANOS));
        }

        PathTree other = tree.secondMount();
        for (String path : new String[] {"d", "s", "implied"}) {
            assertThat(other.stat(path).uid()).as(path).isEqualTo(5);
            assertThat(other.stat(path).modifyNanos()).as(path).isEqualTo(SOME_TIME_NANOS);
        }
        assertThat(other.readlink("s")).isEqualTo("d");
        assertThat(other.names("implied")).containsExactly("f");
        other.close();
    }

    @Test
    void the_root_can_be_changed_for_as_long_as_the_mount_lives() throws Exception {
        tree.set("", AttributeChange.permissions(0700));

        assertThat(tree.stat("").permissions()).isEqualTo(0700);
        assertBlobs();
    }

    @Test
    void a_directory_that_somebody_else_marked_meanwhile_is_changed_all_the_same() throws Exception {
        tree.remotePut("d/f", "");
        tree.stat("d");
        BlobHeaders theirs = BlobHeaders.of(Metadata.of(Map.of("hdi_isfolder", "true", "by", "them")));
        tree.remotePut("d", new byte[0], theirs);

        tree.set("d", AttributeChange.permissions(0700));

        assertThat(tree.stat("d").permissions()).isEqualTo(0700);
        assertThat(tree.remoteHead("d").metadata().get("permissions")).contains(Integer.toString(0040700));
        assertThat(tree.remoteHead("d").metadata().get("by")).contains("them");
    }

    @Test
    void a_file_that_somebody_else_changed_meanwhile_is_changed_as_they_left_it() throws Exception {
        tree.put("f", "ours");
        tree.remotePut("f", "theirs", BlobHeaders.of(Metadata.of(Map.of("by", "them"))));

        tree.set("f", AttributeChange.permissions(0600));

        assertThat(tree.remoteText("f")).isEqualTo("theirs");
        assertThat(tree.remoteHead("f").metadata().get("by")).contains("them");
        assertThat(tree.stat("f").permissions()).isEqualTo(0600);
        assertThat(tree.text("f")).isEqualTo("theirs");
    }

    @Test
    void a_change_that_fails_leaves_the_attributes() throws Exception {
        tree.put("f", "x");
        tree.store.beforeEffect(unavailable(StoreOperation.SET_METADATA));

        assertThatThrownBy(() -> tree.set("f", AttributeChange.permissions(0777)))
                .isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.stat("f").permissions()).isEqualTo(0640);
        tree.set("f", AttributeChange.permissions(0777));
        assertThat(tree.stat("f").permissions()).isEqualTo(0777);
    }

    @Test
    void truncate_cuts_and_extends_with_zeros() throws Exception {
        tree.put("f", "hello");

        tree.set("f", AttributeChange.size(3));
        assertThat(tree.remoteText("f")).isEqualTo("hel");
        tree.set("f", AttributeChange.size(5));
        assertThat(tree.remoteText("f")).isEqualTo("hel\0\0");
        assertThat(tree.stat("f").sizeBytes()).isEqualTo(5);
    }

    @Test
    void truncate_of_what_is_open_for_writing_travels_with_its_commit() throws Exception {
        long handle = tree.create("f");
        tree.write(handle, 0, "hello");
        tree.set("f", AttributeChange.size(2));
        assertBlobs();
        assertThat(tree.stat("f").sizeBytes()).isEqualTo(2);

        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo("he");
        assertThat(tree.store.requests(StoreOperation.PUT)).isEqualTo(1);
    }

    @Test
    void truncate_of_what_is_open_for_reading_is_committed_at_once() throws Exception {
        long made = tree.create("f", OpenMode.READ);
        tree.set("f", AttributeChange.size(2));

        assertThat(tree.remoteText("f")).isEqualTo("\0\0");
        tree.close(made);
    }

    @Test
    void a_truncate_that_fails_leaves_the_file() throws Exception {
        tree.put("f", "hello");
        long before = tree.stat("f").modifyNanos();
        tree.store.beforeEffect(unavailable(StoreOperation.PUT));

        assertThatThrownBy(() -> tree.set("f", AttributeChange.size(0)))
                .isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("f")).isEqualTo("hello");
        assertThat(tree.stat("f").modifyNanos()).isEqualTo(before);
    }

    @Test
    void a_truncate_of_what_somebody_else_replaced_meanwhile_shows_theirs_afterwards() throws Exception {
        tree.put("f", "ours");
        tree.remotePut("f", "theirs");

        assertThatThrownBy(() -> tree.set("f", AttributeChange.size(1))).isInstanceOf(ForebayException.Changed.class);

        assertThat(tree.text("f")).isEqualTo("theirs");
        tree.set("f", AttributeChange.size(1));
        assertThat(tree.remoteText("f")).isEqualTo("t");
    }

    @Test
    void only_files_have_a_size_that_can_be_set_and_not_every_size() throws Exception {
        tree.mkdir("d");
        tree.symlink("d", "s");
        tree.put("f", "");

        assertThatThrownBy(() -> tree.set("d", AttributeChange.size(0)))
                .isInstanceOf(ForebayException.IsADirectory.class);
        assertThatThrownBy(() -> tree.set("s", AttributeChange.size(0)))
                .isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> tree.set("f", AttributeChange.size(-1)))
                .isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> tree.set("f", AttributeChange.size(1L << 60)))
                .isInstanceOf(ForebayException.TooLarge.class);
    }

    @Test
    void a_file_that_was_unlinked_while_open_still_has_attributes() throws Exception {
        long handle = tree.create("f");
        long inode = tree.fs.lookup(FileSystemOperations.ROOT, "f").inode();
        tree.unlink("f");

        tree.fs.setattr(inode, AttributeChange.permissions(0111));
        tree.fs.setattr(inode, AttributeChange.size(7));

        assertThat(tree.fs.getattr(inode).permissions()).isEqualTo(0111);
        assertThat(tree.fs.getattr(inode).sizeBytes()).isEqualTo(7);
        tree.close(handle);
        tree.fs.forget(inode, 1);
        assertBlobs();
    }

    @Test
    void a_file_that_was_removed_elsewhere_while_open_still_has_attributes() throws Exception {
        tree.remotePut("f", "hello");
        long inode = tree.fs.lookup(FileSystemOperations.ROOT, "f").inode();
        long handle = tree.fs.open(inode, OpenMode.READ);
        tree.remoteDelete("f");
        tree.forgetWhatIsKnown();

        assertThat(tree.fs.getattr(inode).sizeBytes()).isEqualTo(5);
        assertThat(tree.exists("f")).isFalse();
        tree.close(handle);
        tree.fs.forget(inode, 1);
    }

    @Test
    void df_shows_more_than_anybody_writes() throws Exception {
        SpaceStatistics space = tree.fs.statfs();

        assertThat(space.totalBytes()).isEqualTo(1L << 50);
        assertThat(space.freeBytes()).isEqualTo(1L << 50);
        assertThat(space.maxNameBytes()).isEqualTo(255);
    }
}
