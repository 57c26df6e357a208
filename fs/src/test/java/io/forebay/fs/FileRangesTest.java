package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.FileSpaceOperations.Allocation;
import io.forebay.fs.FileSpaceOperations.SeekTarget;
import org.junit.jupiter.api.Test;

class FileRangesTest extends TreeTest {
    @Test
    void an_allocation_grows_the_file_and_is_a_modification() throws Exception {
        tree.remotePut("f", "abc");
        long before = tree.stat("f").modifyNanos();
        long handle = tree.at("f", inode -> tree.fs.open(inode, OpenMode.WRITE));

        tree.fs.allocate(handle, Allocation.EXTEND, 1, 9);
        tree.close(handle);

        assertThat(tree.stat("f").sizeBytes()).isEqualTo(10);
        assertThat(tree.stat("f").modifyNanos()).isGreaterThan(before);
        assertThat(tree.remoteText("f")).isEqualTo("abc" + "\0".repeat(7));
    }

    @Test
    void a_hole_is_committed_as_zeros() throws Exception {
        tree.remotePut("f", "abcdef");
        long handle = tree.at("f", inode -> tree.fs.open(inode, OpenMode.WRITE));

        tree.fs.allocate(handle, Allocation.PUNCH, 1, 2);
        tree.fs.allocate(handle, Allocation.ZERO_WITHIN, 5, 100);
        tree.close(handle);

        assertThat(tree.remoteText("f")).isEqualTo("a\0\0de\0");
    }

    @Test
    void what_cannot_be_is_refused() throws Exception {
        tree.remotePut("f", "abc");
        long reader = tree.at("f", inode -> tree.fs.open(inode, OpenMode.READ));
        long writer = tree.at("f", inode -> tree.fs.open(inode, OpenMode.WRITE));

        assertThatThrownBy(() -> tree.fs.allocate(reader, Allocation.EXTEND, 0, 1))
                .isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.fs.allocate(writer, Allocation.EXTEND, 0, 0))
                .isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> tree.fs.allocate(writer, Allocation.PUNCH, Long.MAX_VALUE, 1))
                .isInstanceOf(ForebayException.TooLarge.class);
        tree.close(reader);
        tree.close(writer);
        assertThat(tree.remoteText("f")).isEqualTo("abc");
    }

    @Test
    void all_is_data_but_the_end() throws Exception {
        tree.remotePut("f", "abc");
        long handle = tree.at("f", inode -> tree.fs.open(inode, OpenMode.READ_WRITE));

        assertThat(tree.fs.seek(handle, SeekTarget.DATA, 2)).hasValue(2);
        assertThat(tree.fs.seek(handle, SeekTarget.HOLE, 0)).hasValue(3);
        assertThat(tree.fs.seek(handle, SeekTarget.DATA, 3)).isEmpty();
        assertThat(tree.fs.seek(handle, SeekTarget.HOLE, 3)).isEmpty();
        tree.close(handle);
    }
}
