package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest extends TreeTest {
    private static final BlobHeaders MARKER = BlobHeaders.of(Metadata.of(Map.of("hdi_isfolder", "true")));

    @Test
    void a_blob_is_a_file_with_the_attributes_that_the_mount_gives_to_those_that_say_nothing() throws Exception {
        tree.remotePut("f", "hello");

        Attributes file = tree.stat("f");

        assertThat(file.kind()).isEqualTo(FileKind.FILE);
        assertThat(file.permissions()).isEqualTo(0644);
        assertThat(file.uid()).isEqualTo(PathTree.OWNER.uid());
        assertThat(file.gid()).isEqualTo(PathTree.OWNER.gid());
        assertThat(file.sizeBytes()).isEqualTo(5);
        assertThat(tree.text("f")).isEqualTo("hello");
    }

    @Test
    void one_name_is_one_inode_while_somebody_holds_it() throws Exception {
        tree.remotePut("f", "");

        Attributes first = tree.fs.lookup(FileSystemOperations.ROOT, "f");
        tree.forgetWhatIsKnown();
        Attributes second = tree.fs.lookup(FileSystemOperations.ROOT, "f");

        assertThat(second.inode()).isEqualTo(first.inode());
        tree.fs.forget(first.inode(), 2);
    }

    @Test
    void what_was_not_there_is_seen_when_the_knowledge_has_expired() throws Exception {
        assertThat(tree.exists("f")).isFalse();
        tree.remotePut("f", "");
        assertThat(tree.exists("f")).as("believed without asking").isFalse();

        tree.forgetWhatIsKnown();

        assertThat(tree.exists("f")).isTrue();
    }

    @Test
    void what_was_removed_elsewhere_is_gone_when_the_knowledge_has_expired() throws Exception {
        tree.remotePut("f", "");
        assertThat(tree.exists("f")).isTrue();
        tree.remoteDelete("f");
        assertThat(tree.exists("f")).as("believed without asking").isTrue();

        tree.forgetWhatIsKnown();

        assertThat(tree.exists("f")).isFalse();
        assertThat(tree.names("")).isEmpty();
    }

    @Test
    void a_directory_is_implied_by_the_blobs_in_it() throws Exception {
        tree.remotePut("a/b/f", "x");

        assertThat(tree.stat("a").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.stat("a").permissions()).isEqualTo(0755);
        assertThat(tree.names("a")).containsExactly("b");
        assertThat(tree.text("a/b/f")).isEqualTo("x");
        assertThat(tree.exists("a/c")).isFalse();
    }

    @Test
    void a_marker_is_a_directory_with_the_attributes_that_it_carries() throws Exception {
        tree.remotePut(
                "d",
                new byte[0],
                BlobHeaders.of(Metadata.of(Map.of("hdi_isfolder", "true", "permissions", "488", "posix_owner", "55"))));

        Attributes directory = tree.stat("d");

        assertThat(directory.kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(directory.permissions()).isEqualTo(0750);
        assertThat(directory.uid()).isEqualTo(55);
        assertThat(tree.names("d")).isEmpty();
    }

    @Test
    void a_marker_and_the_blobs_in_it_are_one_directory() throws Exception {
        tree.remotePut("d", new byte[0], MARKER);
        tree.remotePut("d-before-the-slash", "");
        tree.remotePut("d/f", "x");

        assertThat(tree.names("")).containsExactly("d", "d-before-the-slash");
        assertThat(tree.names("d")).containsExactly("f");
    }

    @Test
    void a_blob_that_is_no_marker_hides_what_goes_on_behind_its_name() throws Exception {
        tree.remotePut("a", "file");
        tree.remotePut("a/b", "hidden");

        assertThat(tree.listed("", "a").kind()).isEqualTo(FileKind.FILE);
        assertThat(tree.text("a")).isEqualTo("file");
        assertThatThrownBy(() -> tree.stat("a/b")).isInstanceOf(ForebayException.NotADirectory.class);
    }

    @Test
    void a_file_that_became_a_directory_elsewhere_is_one_here_and_its_handle_reads_on() throws Exception {
        tree.remotePut("a", "file");
        long handle = tree.open("a", OpenMode.READ);
        assertThat(tree.readText(handle)).isEqualTo("file");
        tree.remoteDelete("a");
        tree.remotePut("a/b", "in it");
        tree.forgetWhatIsKnown();

        assertThat(tree.stat("a").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.text("a/b")).isEqualTo("in it");
        assertThat(tree.readText(handle)).isEqualTo("file");
        tree.close(handle);
    }

    @Test
    void blobs_that_no_path_can_name_are_not_shown() throws Exception {
        tree.remotePut("d//f", "");
        tree.remotePut("d/./f", "");
        tree.remotePut("d/../f", "");
        tree.remotePut("d/good", "");

        assertThat(tree.names("d")).containsExactly("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\0b"})
    void what_cannot_be_a_name_is_an_invalid_argument(String name) {
        assertThatThrownBy(() -> tree.fs.lookup(FileSystemOperations.ROOT, name))
                .isInstanceOf(ForebayException.InvalidArgument.class);
    }

    @Test
    void a_name_has_at_most_255_bytes() throws Exception {
        tree.mkdir("n".repeat(255));
        assertThatThrownBy(() -> tree.mkdir("n".repeat(256))).isInstanceOf(ForebayException.NameTooLong.class);
        assertThatThrownBy(() -> tree.mkdir("ü".repeat(128))).isInstanceOf(ForebayException.NameTooLong.class);
        assertThatThrownBy(() -> tree.stat("n".repeat(256))).isInstanceOf(ForebayException.NameTooLong.class);
    }

    @Test
    void a_path_has_at_most_1024_characters() throws Exception {
        String path = "p".repeat(255);
        tree.mkdir(path);
        for (int level = 1; level < 4; level++) {
            path = path + "/" + "p".repeat(255);
            tree.mkdir(path);
        }
        assertThat(path).hasSize(1023);
        String tooLong = path + "/ab";

        assertThatThrownBy(() -> tree.create(tooLong)).isInstanceOf(ForebayException.NameTooLong.class);
    }

    @Test
    void a_file_has_no_entries() throws Exception {
        tree.put("f", "");

        assertThatThrownBy(() -> tree.stat("f/x")).isInstanceOf(ForebayException.NotADirectory.class);
        assertThatThrownBy(() -> tree.at("f", inode -> tree.fs.lookup(inode, "x")))
                .isInstanceOf(ForebayException.NotADirectory.class);
        assertThatThrownBy(() -> tree.at("f", tree.fs::opendir)).isInstanceOf(ForebayException.NotADirectory.class);
    }

    @Test
    void inodes_that_nobody_holds_are_not_valid() {
        assertThatThrownBy(() -> tree.fs.getattr(99)).isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.fs.read(99, 0, java.nio.ByteBuffer.allocate(1)))
                .isInstanceOf(ForebayException.BadHandle.class);
        tree.fs.forget(99, 1);
        tree.fs.release(99);
        tree.fs.releasedir(99);
    }

    @Test
    void a_lookup_that_fails_changes_nothing_that_is_known() throws Exception {
        tree.remotePut("f", "x");
        tree.stat("f");
        tree.forgetWhatIsKnown();
        tree.store.beforeEffect(unavailable(StoreOperation.HEAD));

        assertThatThrownBy(() -> tree.stat("f")).isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);
        assertThat(tree.text("f")).isEqualTo("x");
    }

    @Test
    void names_that_are_not_remembered_any_more_are_asked_for_again() throws Exception {
        PathTree small = tree.secondMount(new TreeSettings(
                false, PathTree.OWNER, 0644, 0755, PathTree.VALIDITY, java.time.Duration.ofMinutes(1), 10, false));
        for (int i = 0; i < 100; i++) {
            tree.remotePut("d/f" + i, "" + i);
        }

        assertThat(small.names("d")).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(small.text("d/f" + i)).isEqualTo("" + i);
        }
        small.close();
    }

    @Test
    void a_directory_with_only_an_uncommitted_file_stays_when_the_rest_was_removed_elsewhere() throws Exception {
        tree.remotePut("d/old", "");
        long handle = tree.create("d/new");
        tree.remoteDelete("d/old");
        tree.forgetWhatIsKnown();

        assertThat(tree.stat("d").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.names("d")).containsExactly("new");

        tree.write(handle, 0, "x");
        tree.close(handle);
        assertThat(tree.remoteText("d/new")).isEqualTo("x");
    }

    /** A kernel that forgets nothing by itself, but what it is asked to. */
    @Test
    void a_kernel_that_never_forgets_is_asked_to_when_there_are_too_many_inodes() throws Exception {
        int names = 100;
        PathTree small = tree.secondMount(new TreeSettings(
                false, PathTree.OWNER, 0644, 0755, PathTree.VALIDITY, Duration.ofMinutes(1), names, false));
        Map<String, Long> remembered = new ConcurrentHashMap<>();
        small.fs.tell(new ChangeListener() {
            @Override
            public void nameChanged(long parent, String name) {}

            @Override
            public void contentChanged(long inode) {}

            @Override
            public void attributesChanged(long inode) {}

            @Override
            public void nameUnwanted(long parent, String name) {
                Long inode = remembered.remove(name);
                if (inode != null) {
                    small.fs.forget(inode, 1);
                }
            }
        });
        for (int i = 0; i < 20 * names; i++) {
            tree.remotePut("f" + i, "x");
        }
        for (int i = 0; i < 20 * names; i++) {
            remembered.put(
                    "f" + i, small.fs.lookup(FileSystemOperations.ROOT, "f" + i).inode());
        }
        assertThat(small.fs.tree().inodes().all()).hasSizeLessThan(3 * names);

        remembered.values().forEach(inode -> small.fs.forget(inode, 1));
        small.assertIdle();
        small.close();
    }
}
