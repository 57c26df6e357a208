package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.testkit.store.StoreOperation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileCopiesTest extends TreeTest {
    private static final int LARGE = (17 << 20) + 5;

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private long open(String path, OpenMode mode) throws ForebayException {
        return tree.at(path, inode -> tree.fs.open(inode, mode));
    }

    /** As the kernel does it: until there is no more. */
    private long copyAll(long from, long to) throws ForebayException {
        long copied = 0;
        int count;
        do {
            count = tree.fs
                    .copyRange(from, copied, to, copied, Long.MAX_VALUE >> 1)
                    .orElseThrow();
            copied += count;
        } while (count > 0);
        return copied;
    }

    @Test
    void a_large_copy_is_made_by_the_store() throws Exception {
        byte[] content = random(LARGE);
        tree.remotePut("f", content, BlobHeaders.NONE);
        long from = open("f", OpenMode.READ);
        long to = tree.create("copy", OpenMode.WRITE);

        assertThat(copyAll(from, to)).isEqualTo(LARGE);
        tree.close(to);
        tree.close(from);

        assertThat(tree.store.bytes("copy")).isEqualTo(content);
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK)).isZero();
        assertThat(tree.store.requests(StoreOperation.STAGE_BLOCK_FROM)).isEqualTo(1);
        assertThat(tree.stat("copy").sizeBytes()).isEqualTo(LARGE);
    }

    @Test
    void a_small_copy_is_sent() throws Exception {
        tree.remotePut("f", "abcdef");
        long from = open("f", OpenMode.READ);
        long to = tree.create("copy", OpenMode.WRITE);

        assertThat(tree.fs.copyRange(from, 1, to, 2, 3)).hasValue(3);
        assertThat(tree.fs.copyRange(from, 6, to, 2, 3)).as("at the end").hasValue(0);
        tree.close(to);

        assertThat(tree.remoteText("copy")).isEqualTo("\0\0bcd");
        tree.close(from);
    }

    @Test
    void what_is_not_in_the_store_as_it_is_is_left_to_the_kernel() throws Exception {
        tree.remotePut("f", "abc");
        long from = open("f", OpenMode.READ_WRITE);
        long to = tree.create("copy", OpenMode.READ_WRITE);

        assertThat(tree.fs.copyRange(from, 0, from, 10, 3)).as("the same file").isEmpty();
        assertThat(tree.fs.copyRange(to, 0, from, 10, 3)).as("a new file").isEmpty();
        tree.write(from, 0, "x");
        assertThat(tree.fs.copyRange(from, 0, to, 0, 3)).as("a changed file").isEmpty();
        tree.close(from);
        tree.close(to);

        assertThat(tree.remoteText("f")).isEqualTo("xbc");
    }

    @Test
    void what_cannot_be_is_refused() throws Exception {
        tree.remotePut("f", "abc");
        tree.remotePut("g", "def");
        long reader = open("f", OpenMode.READ);
        long writer = open("g", OpenMode.WRITE);

        assertThatThrownBy(() -> tree.fs.copyRange(writer, 0, reader, 0, 1))
                .isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(() -> tree.fs.copyRange(reader, 0, writer, Long.MAX_VALUE - 1, 1))
                .isInstanceOf(ForebayException.TooLarge.class);
        tree.close(reader);
        tree.close(writer);
    }

    @Test
    void a_source_that_somebody_replaced_is_stale_and_the_copy_is_not() throws Exception {
        tree.remotePut("f", random(3 << 20), BlobHeaders.NONE);
        long from = open("f", OpenMode.READ);
        long to = tree.create("copy", OpenMode.WRITE);
        assertThat(tree.fs.copyRange(from, 0, to, 0, 1 << 20)).hasValue(1 << 20);
        tree.remotePut("f", "new");

        assertThatThrownBy(() -> tree.fs.copyRange(from, 2 << 20, to, 2 << 20, 1 << 20))
                .isInstanceOf(ForebayException.Changed.class)
                .hasMessageContaining("'f'");
        tree.close(from);
        tree.close(to);

        assertThat(tree.store.bytes("copy")).isEqualTo(Arrays.copyOf(random(3 << 20), 1 << 20));
    }
}
