package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.StoreOperation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files of which several are read. */
final class SiblingPrefetchTest {
    private static final Duration LONG_AGO = Duration.ofSeconds(6);

    @TempDir
    Path cacheParent;

    private PathTree writer;
    private PathTree tree;

    @BeforeEach
    void mount() {
        writer = PathTree.overEmptyStore(cacheParent);
        tree = writer.secondMount(settings(true));
    }

    private static TreeSettings settings(boolean prefetch) {
        return new TreeSettings(
                false,
                PathTree.OWNER,
                0644,
                0755,
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                TreeSettings.DEFAULT_MAX_CACHED_NAMES,
                prefetch);
    }

    @AfterEach
    void unmount() {
        tree.fs.close();
        tree.close();
        writer.close();
    }

    private void remoteFiles(int count, int sizeBytes) throws ForebayException {
        for (int i = 0; i < count; i++) {
            writer.remotePut(name(i), "x".repeat(sizeBytes - 4) + String.format("%04d", i));
        }
        tree.stat("d");
    }

    private static String name(int number) {
        return String.format("d/f%04d", number);
    }

    private long reads() {
        return writer.store.requests(StoreOperation.READ);
    }

    private void read(int... numbers) throws ForebayException {
        for (int number : numbers) {
            assertThat(tree.text(name(number))).endsWith(String.format("%04d", number));
        }
    }

    @Test
    void after_a_few_that_were_waited_for_the_others_are_fetched_in_the_order_of_the_listing() throws Exception {
        remoteFiles(30, 100);

        read(4, 5, 6);

        PathTree.await("nine more are fetched", () -> reads() == 3 + 9);
        long before = reads();
        read(7, 8, 9, 10, 11, 12, 13, 14, 15);
        PathTree.await("the rest of the listing is fetched", () -> reads() == 26);
        read(16, 20, 29);
        assertThat(reads() - before).isEqualTo(26 - 12);
    }

    @Test
    void who_reads_in_no_order_has_all_of_them() throws Exception {
        remoteFiles(60, 100);

        read(40, 10, 50, 5, 30, 20, 59, 0);

        PathTree.await("all are fetched", () -> reads() == 60);
        for (int i = 0; i < 60; i++) {
            read(i);
        }
        assertThat(reads()).as("each is fetched once").isEqualTo(60);
    }

    @Test
    void two_files_are_no_reason() throws Exception {
        remoteFiles(30, 100);
        read(1, 2);
        tree.clock.advance(LONG_AGO);
        read(3, 4);
        tree.clock.advance(LONG_AGO);
        read(5);

        tree.fs.close();
        assertThat(reads()).isEqualTo(5);
    }

    @Test
    void large_and_empty_files_are_left_alone() throws Exception {
        remoteFiles(10, 100);
        writer.remotePut("d/large", "x".repeat((1 << 20) + 1));
        writer.remotePut("d/empty", "");
        writer.remotePut("d/sub/file", "x");

        read(9, 0, 5, 3, 2, 1);

        PathTree.await("the small ones are fetched", () -> reads() == 10);
        read(4, 6, 7, 8);
        assertThat(reads()).isEqualTo(10);
    }

    @Test
    void a_file_that_was_replaced_after_it_was_fetched_is_fetched_again() throws Exception {
        remoteFiles(10, 100);
        read(9, 0, 5, 3, 2, 1);
        PathTree.await("the others are fetched", () -> reads() == 10);
        writer.remotePut(name(7), "new");
        tree.clock.advance(Duration.ofMinutes(11));

        assertThat(tree.text(name(7))).isEqualTo("new");
        assertThat(reads()).isEqualTo(11);
    }

    @Test
    void it_can_be_switched_off() throws Exception {
        PathTree plain = writer.secondMount(settings(false));
        remoteFiles(10, 100);
        long before = reads();

        for (int number : new int[] {9, 0, 5, 3, 2, 1}) {
            assertThat(plain.text(name(number))).hasSize(100);
        }

        plain.fs.close();
        plain.close();
        assertThat(reads() - before).isEqualTo(6);
    }

    @Test
    void a_small_file_is_fetched_by_opening_it_and_in_one_request() throws Exception {
        writer.remotePut("d/f", "x".repeat(1 << 20));
        tree.stat("d/f");

        long handle = tree.open("d/f", OpenMode.READ);

        PathTree.await("it is fetched", () -> reads() == 1);
        PathTree.await("all of it is here", () -> tree.fs.readIsLocal(handle, 0, 1 << 20));
        assertThat(tree.read(handle, 0, 1 << 20)).hasSize(1 << 20);
        assertThat(reads()).isEqualTo(1);
        tree.close(handle);
    }
}
