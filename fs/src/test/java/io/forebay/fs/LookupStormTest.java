package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Names of one directory that are looked up one after another, by a program that has them from elsewhere. */
final class LookupStormTest extends TreeTest {
    /** In a directory with a marker: of one that only they imply the first ones would be known by now. */
    private void remoteFiles(int count) throws ForebayException {
        tree.remotePut("d", "", BlobHeaders.of(Metadata.of(Map.of("hdi_isfolder", "true"))));
        impliedFiles(count);
    }

    private void impliedFiles(int count) throws ForebayException {
        for (int i = 0; i < count; i++) {
            tree.remotePut(name(i), "" + i);
        }
        tree.stat("d");
    }

    private static String name(int number) {
        return "d/f" + (100_000 + number);
    }

    private void statAll(int count) throws ForebayException {
        for (int i = 0; i < count; i++) {
            tree.stat(name(i));
        }
    }

    private long requests(StoreOperation operation) {
        return tree.store.requests(operation);
    }

    @Test
    void the_first_few_are_asked_for_one_by_one_and_one_listing_answers_the_rest() throws Exception {
        remoteFiles(1_000);
        long heads = requests(StoreOperation.HEAD);
        long lists = requests(StoreOperation.LIST);

        statAll(1_000);

        assertThat(requests(StoreOperation.HEAD) - heads).isEqualTo(LookupStorms.FEW);
        assertThat(requests(StoreOperation.LIST) - lists).isEqualTo(1);
        assertThat(tree.text(name(500))).isEqualTo("500");
    }

    @Test
    void names_that_are_not_there_cost_nothing_once_the_directory_was_listed() throws Exception {
        remoteFiles(10);
        long before = tree.store.requests();

        for (int i = 0; i < 500; i++) {
            assertThat(tree.exists("d/absent" + i)).isFalse();
        }

        // a HEAD and a LIST of what may be below for each of the first, then the listing
        assertThat(tree.store.requests() - before).isEqualTo(2 * LookupStorms.FEW + 1);
    }

    @Test
    void what_has_expired_is_listed_again() throws Exception {
        remoteFiles(5_000);
        tree.names("d");
        tree.forgetWhatIsKnown();
        tree.remotePut(name(77), "changed by another");
        tree.remoteDelete(name(78));
        tree.stat("d");
        long heads = requests(StoreOperation.HEAD);
        long lists = requests(StoreOperation.LIST);

        statAll(77);

        assertThat(requests(StoreOperation.HEAD) - heads).isEqualTo(LookupStorms.FEW);
        assertThat(requests(StoreOperation.LIST) - lists).isEqualTo(1);
        assertThat(tree.text(name(77))).isEqualTo("changed by another");
        assertThat(tree.exists(name(78))).isFalse();
    }

    @Test
    void a_name_that_is_new_in_a_directory_that_was_known_wholly_costs_one_listing() throws Exception {
        remoteFiles(10);
        tree.names("d");
        tree.forgetWhatIsKnown();
        tree.stat("d");
        long before = tree.store.requests();

        assertThat(tree.exists("d/absent")).isFalse();
        assertThat(tree.exists("d/absent too")).isFalse();

        assertThat(tree.store.requests() - before).isEqualTo(1);
    }

    @Test
    void a_directory_in_which_files_are_made_meanwhile_is_known_wholly_when_it_has_been_listed() throws Exception {
        remoteFiles(10);
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.LIST && name.equals("d/")) {
                tree.store.beforeAnswer(NOTHING);
                tree.close(tree.create("d/made meanwhile"));
            }
        });
        tree.names("d");
        long before = tree.store.requests();

        assertThat(tree.exists("d/absent")).isFalse();
        assertThat(tree.store.requests() - before).isZero();
    }

    @Test
    void few_names_now_and_then_are_never_listed() throws Exception {
        remoteFiles(100);
        long lists = requests(StoreOperation.LIST);

        for (int i = 0; i < 40; i++) {
            tree.stat(name(i));
            if (i % LookupStorms.FEW == 0) {
                tree.forgetWhatIsKnown();
                tree.fs.tree().names().clear();
            }
        }

        assertThat(requests(StoreOperation.LIST) - lists).isZero();
    }

    @Test
    void who_finds_a_directory_that_blobs_imply_knows_its_first_names() throws Exception {
        impliedFiles(30);
        assertThat(tree.store.requests() - 30).isEqualTo(2);

        statAll(30);

        assertThat(tree.store.requests() - 30).isEqualTo(2);
        assertThat(tree.text(name(7))).isEqualTo("7");
        tree.remotePut(name(8), "changed by another");
        tree.clock.advance(Duration.ofMinutes(1));
        assertThat(tree.text(name(8))).isEqualTo("changed by another");
    }

    @Test
    void what_is_removed_while_a_directory_is_being_found_does_not_come_back() throws Exception {
        impliedFiles(30);
        tree.names("d");
        tree.clock.advance(Duration.ofMinutes(1));
        long directory = tree.stat("d").inode();
        tree.clock.advance(Duration.ofMinutes(1));
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.LIST && name.equals("d/")) {
                tree.store.beforeAnswer(NOTHING);
                tree.fs.unlink(directory, "f100003");
            }
        });

        tree.stat("d");

        assertThat(tree.exists(name(3))).isFalse();
        assertThat(tree.exists(name(4))).isTrue();
    }

    @Test
    void a_directory_of_many_pages_is_listed_only_while_somebody_asks() throws Exception {
        remoteFiles(30_000);
        long lists = requests(StoreOperation.LIST);

        statAll(LookupStorms.FEW + 1);

        PathTree.await("the listing ends", () -> tree.fs.tree().claims().namesInUse() == 0);
        assertThat(requests(StoreOperation.LIST) - lists).isBetween(1L, 2L);
    }

    @Test
    void a_listing_that_fails_leaves_the_questions_to_be_asked_one_by_one() throws Exception {
        remoteFiles(100);
        tree.store.beforeEffect(unavailable(StoreOperation.LIST));
        long lists = requests(StoreOperation.LIST);
        long heads = requests(StoreOperation.HEAD);

        statAll(100);

        assertThat(requests(StoreOperation.HEAD) - heads).isEqualTo(100);
        assertThat(requests(StoreOperation.LIST) - lists).isEqualTo(1);
        tree.store.beforeEffect(NOTHING);
        tree.clock.advance(Duration.ofMinutes(2));
        tree.stat("d");
        statAll(100);
        assertThat(requests(StoreOperation.HEAD) - heads).isLessThan(110);
    }

    @Test
    void who_asks_does_not_wait_for_a_listing_that_hangs() throws Exception {
        remoteFiles(100);
        CountDownLatch goOn = new CountDownLatch(1);
        tree.store.beforeEffect((operation, _) -> {
            if (operation == StoreOperation.LIST) {
                awaitForLong(goOn);
            }
        });

        statAll(LookupStorms.FEW + 1);

        assertThat(tree.stat(name(LookupStorms.FEW)).sizeBytes()).isEqualTo(1);
        goOn.countDown();
    }

    private static void awaitForLong(CountDownLatch latch) throws ForebayException {
        try {
            assertThat(latch.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new ForebayException.Interrupted("interrupted", interrupt);
        }
    }

    @Test
    void a_file_that_is_removed_meanwhile_does_not_come_back() throws Exception {
        remoteFiles(100);
        statAll(LookupStorms.FEW);
        tree.store.beforeEffect(once(StoreOperation.LIST, () -> tree.unlink(name(3))));

        tree.stat(name(50));

        assertThat(tree.exists(name(3))).isFalse();
        assertThat(tree.names("d")).hasSize(99);
    }

    @Test
    void without_a_validity_every_name_is_asked_for() throws Exception {
        tree.remotePut("d/f", "1", BlobHeaders.NONE);
        PathTree doubting = tree.secondMount(new TreeSettings(
                false, PathTree.OWNER, 0644, 0755, Duration.ZERO, Duration.ofMinutes(1), 1_000, false));
        long lists = requests(StoreOperation.LIST);

        for (int i = 0; i < 20; i++) {
            doubting.stat("d/f");
        }

        // only to learn that "d" is a directory
        assertThat(requests(StoreOperation.LIST) - lists).isLessThanOrEqualTo(40);
        assertThat(doubting.stat("d/f").sizeBytes()).isEqualTo(1);
        doubting.close();
    }
}
