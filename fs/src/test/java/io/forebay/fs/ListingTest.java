package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.StoreOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ListingTest extends TreeTest {
    /** Reads {@code most} entries from a cookie on. */
    private List<String> read(long handle, long cookie, int most, AtomicLong next) throws ForebayException {
        List<String> names = new ArrayList<>();
        tree.fs.readdir(handle, cookie, (name, attributes, nextCookie) -> {
            if (names.size() == most) {
                return false;
            }
            names.add(name);
            next.set(nextCookie);
            return true;
        });
        return names;
    }

    private long open(String path) throws ForebayException {
        return tree.at(path, tree.fs::opendir);
    }

    @Test
    void dot_and_dot_dot_come_first_and_are_the_directory_and_its_parent() throws Exception {
        tree.mkdir("d");
        List<Attributes> seen = new ArrayList<>();
        long handle = open("d");
        tree.fs.readdir(handle, 0, (_, attributes, _) -> seen.add(attributes));

        assertThat(seen)
                .extracting(Attributes::inode)
                .containsExactly(tree.stat("d").inode(), FileSystemOperations.ROOT);
        tree.fs.releasedir(handle);
    }

    @Test
    void a_listing_goes_on_at_every_cookie() throws Exception {
        for (int i = 0; i < 10; i++) {
            tree.put("f" + i, "");
        }
        long handle = open("");
        List<String> all = read(handle, 0, 100, new AtomicLong());

        for (int most = 1; most < 12; most++) {
            List<String> pieces = new ArrayList<>();
            AtomicLong cookie = new AtomicLong();
            List<String> piece = read(handle, 0, most, cookie);
            while (!piece.isEmpty()) {
                pieces.addAll(piece);
                piece = read(handle, cookie.get(), most, cookie);
            }
            assertThat(pieces).isEqualTo(all);
        }
        assertThat(all).hasSize(12);
        tree.fs.releasedir(handle);
    }

    @Test
    void rewinding_lists_anew() throws Exception {
        long handle = open("");
        assertThat(read(handle, 0, 10, new AtomicLong())).containsExactly(".", "..");
        tree.put("f", "");
        assertThat(read(handle, 2, 10, new AtomicLong())).isEmpty();

        assertThat(read(handle, 0, 10, new AtomicLong())).containsExactly(".", "..", "f");
        tree.fs.releasedir(handle);
    }

    @Test
    void a_cookie_of_another_listing_does_no_harm() throws Exception {
        tree.put("f", "");
        long handle = open("");

        assertThat(read(handle, 2, 10, new AtomicLong())).containsExactly("f");
        assertThat(read(handle, 99, 10, new AtomicLong())).isEmpty();
        assertThatThrownBy(() -> read(handle, -1, 10, new AtomicLong()))
                .isInstanceOf(ForebayException.InvalidArgument.class);
        tree.fs.releasedir(handle);
    }

    @Test
    void twelve_thousand_entries_are_all_there_once() throws Exception {
        for (int i = 0; i < 12_000; i++) {
            tree.remotePut("d/" + i, "");
        }
        long handle = tree.create("d/uncommitted");
        long before = tree.store.requests();

        List<String> names = tree.names("d");

        assertThat(names).hasSize(12_001).contains("0", "11999", "uncommitted");
        assertThat(tree.store.requests() - before).isEqualTo(3);
        tree.close(handle);
        tree.forgetWhatIsKnown();
        assertThat(tree.names("d")).hasSize(12_001);
    }

    @Test
    void what_is_removed_during_a_listing_does_not_come_back() throws Exception {
        for (int i = 0; i < 6_000; i++) {
            tree.remotePut("d/" + (10_000 + i), "");
        }
        long handle = open("d");
        AtomicLong cookie = new AtomicLong();
        List<String> names = new ArrayList<>(read(handle, 0, 100, cookie));
        tree.unlink("d/10200"); // on the page that was fetched
        tree.unlink("d/15500"); // on the next one
        tree.rename("d/10300", "elsewhere");

        names.addAll(read(handle, cookie.get(), 100_000, cookie));

        assertThat(names).hasSize(6_002 - 3).doesNotContain("10200", "15500", "10300");
        assertThat(tree.exists("d/15500")).isFalse();
        tree.fs.releasedir(handle);
    }

    @Test
    void what_is_removed_while_the_store_answers_does_not_come_back() throws Exception {
        tree.remotePut("d/keep", "");
        tree.remotePut("d/remove", "");
        tree.stat("d"); // or it would be the lookup that the hook disturbs
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.LIST && name.equals("d/")) {
                tree.store.beforeAnswer(NOTHING);
                tree.unlink("d/remove");
            }
        });

        assertThat(tree.names("d")).containsExactly("keep");
        assertThat(tree.exists("d/remove")).isFalse();
        assertThat(tree.exists("d/keep")).isTrue();
    }

    @Test
    void what_is_replaced_while_the_store_answers_is_what_it_is_now() throws Exception {
        tree.remotePut("d/x", "file");
        tree.stat("d"); // or it would be the lookup that the hook disturbs
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.LIST && name.equals("d/")) {
                tree.store.beforeAnswer(NOTHING);
                tree.unlink("d/x");
                tree.mkdir("d/x");
            }
        });

        assertThat(tree.listed("d", "x").kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.stat("d/x").kind()).isEqualTo(FileKind.DIRECTORY);
    }

    @Test
    void a_file_that_is_committed_during_a_listing_is_not_missed() throws Exception {
        for (int i = 0; i < 6_000; i++) {
            tree.remotePut("d/" + (10_000 + i), "");
        }
        long file = tree.create("d/0-before-all-others");
        long handle = open("d");
        AtomicLong cookie = new AtomicLong();
        List<String> names = new ArrayList<>(read(handle, 0, 100, cookie));
        tree.close(file);

        names.addAll(read(handle, cookie.get(), 100_000, cookie));

        assertThat(names).hasSize(6_003).contains("0-before-all-others");
        tree.fs.releasedir(handle);
    }

    @Test
    void a_listing_goes_on_when_its_directory_is_moved() throws Exception {
        for (int i = 0; i < 6_000; i++) {
            tree.remotePut("m/" + (10_000 + i), "");
        }
        long handle = open("m");
        AtomicLong cookie = new AtomicLong();
        List<String> names = new ArrayList<>(read(handle, 0, 100, cookie));
        tree.rename("m", "a");

        names.addAll(read(handle, cookie.get(), 100_000, cookie));

        assertThat(names).hasSize(6_002).doesNotHaveDuplicates();
        tree.fs.releasedir(handle);
    }

    @Test
    void a_directory_that_is_removed_while_open_is_empty() throws Exception {
        tree.mkdir("d");
        long handle = open("d");
        tree.rmdir("d");

        assertThat(read(handle, 0, 10, new AtomicLong())).containsExactly(".", "..");
        tree.fs.releasedir(handle);
    }

    @Test
    void entries_of_a_page_show_what_is_true_when_they_are_read() throws Exception {
        tree.put("a", "");
        tree.put("f", "");
        long handle = open("");
        AtomicLong cookie = new AtomicLong();
        read(handle, 0, 1, cookie);
        tree.put("f", "longer");
        List<Long> sizes = new ArrayList<>();

        tree.fs.readdir(handle, 3, (_, attributes, _) -> sizes.add(attributes.sizeBytes()));

        assertThat(sizes).containsExactly(6L);
        tree.fs.releasedir(handle);
    }

    @Test
    void a_page_that_cannot_be_had_is_an_error_and_the_listing_goes_on_later() throws Exception {
        tree.remotePut("d/f", "");
        long handle = open("d");
        tree.store.beforeEffect(unavailable(StoreOperation.LIST));
        assertThatThrownBy(() -> read(handle, 0, 10, new AtomicLong()))
                .isInstanceOf(ForebayException.Unavailable.class);

        tree.store.beforeEffect(NOTHING);

        assertThat(read(handle, 2, 10, new AtomicLong())).containsExactly("f");
        tree.fs.releasedir(handle);
    }

    @Test
    void a_directory_larger_than_the_name_cache_does_not_pass_for_complete() throws Exception {
        PathTree small = tree.secondMount(new TreeSettings(
                false, PathTree.OWNER, 0644, 0755, PathTree.VALIDITY, Duration.ofMinutes(1), 50, false));
        for (int i = 0; i < 500; i++) {
            tree.remotePut("d/" + i, "");
        }

        assertThat(small.names("d")).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(small.exists("d/" + i)).as("entry %d", i).isTrue();
        }
        small.close();
    }

    @Test
    void what_is_removed_while_the_store_answers_is_asked_for_again_even_if_that_is_remembered_no_more()
            throws Exception {
        tree.remotePut("d/remove", "");
        tree.remotePut("d/keep", "");
        tree.stat("d"); // or it would be the lookup that the hook disturbs
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.LIST && name.equals("d/")) {
                tree.store.beforeAnswer(NOTHING);
                tree.unlink("d/remove");
                tree.fs.tree().names().clear();
            }
        });
        tree.names("d");

        assertThat(tree.exists("d/remove")).isFalse();
    }

    @Test
    void a_listing_during_a_rename_waits_rather_than_make_a_second_inode() throws Exception {
        tree.put("a", "x");
        long inode = tree.stat("a").inode();
        AtomicLong listed = new AtomicLong();
        Thread listing = Thread.ofPlatform().unstarted(() -> {
            try {
                listed.set(tree.listed("", "b").inode());
            } catch (ForebayException failure) {
                throw new IllegalStateException(failure);
            }
        });
        tree.store.beforeAnswer((operation, name) -> {
            if (operation == StoreOperation.COPY) { // the copy is there, and nobody here has heard of it
                tree.store.beforeAnswer(NOTHING);
                listing.start();
                TreeTest.awaitEndOrWaiting(listing);
            }
        });

        tree.rename("a", "b");

        assertThat(listing.join(Duration.ofSeconds(30))).isTrue();
        assertThat(listed).hasValue(inode);
        assertThat(tree.stat("b").inode()).isEqualTo(inode);
    }

    @Test
    void a_listing_that_still_saw_the_source_of_a_rename_does_not_bring_it_back() throws Exception {
        tree.put("a", "x");
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch renamed = new CountDownLatch(1);
        AtomicReference<List<String>> listed = new AtomicReference<>();
        Thread listing = Thread.ofPlatform().unstarted(() -> {
            try {
                listed.set(tree.names(""));
            } catch (ForebayException failure) {
                throw new IllegalStateException(failure);
            }
        });
        tree.store.beforeAnswer((operation, _) -> {
            if (operation == StoreOperation.LIST && Thread.currentThread().equals(listing)) {
                answered.countDown();
                await(renamed);
            }
        });
        tree.store.beforeEffect(once(StoreOperation.DELETE, () -> {
            listing.start();
            await(answered);
        }));

        tree.rename("a", "b");
        renamed.countDown();

        assertThat(listing.join(Duration.ofSeconds(30))).isTrue();
        assertThat(listed.get()).containsExactly("b");
        assertThat(tree.exists("a")).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void a_listing_during_a_change_does_not_take_the_content_from_those_who_have_it_open() throws Exception {
        tree.put("f", "old");
        long handle = tree.open("f", OpenMode.READ_WRITE);
        tree.store.beforeAnswer((operation, _) -> {
            if (operation == StoreOperation.SET_METADATA) {
                tree.store.beforeAnswer(NOTHING);
                tree.names(""); // sees the version that we have not heard of yet
            }
        });
        tree.set("f", AttributeChange.permissions(0600));

        tree.write(handle, 0, "new");

        tree.close(handle);
        assertThat(tree.remoteText("f")).isEqualTo("new");
    }

    /** What is known of an entry comes with it, held for the asker; what the asker does not take is let go. */
    @Test
    void a_listing_with_lookups_holds_what_it_hands_over() throws Exception {
        tree.mkdir("d");
        tree.put("d/a", "one");
        tree.put("d/b", "two");
        long handle = tree.at("d", tree.fs::opendir);
        List<Long> found = new ArrayList<>();
        List<String> plain = new ArrayList<>();
        tree.fs.readdirplus(handle, 0, new DirectorySink() {
            @Override
            public boolean accept(String name, Attributes attributes, long nextCookie) {
                plain.add(name);
                return true;
            }

            @Override
            public boolean acceptFound(String name, Attributes attributes, long nextCookie) {
                if (!found.isEmpty()) {
                    return false;
                }
                found.add(attributes.inode());
                return true;
            }
        });
        tree.fs.releasedir(handle);
        assertThat(plain).containsExactly(".", "..");
        assertThat(found).hasSize(1);
        tree.fs.tree().names().clear();
        assertThat(tree.fs.getattr(found.getFirst()).sizeBytes()).isEqualTo(3);
        tree.fs.forget(found.getFirst(), 1);
        tree.assertIdle();
    }

    @Test
    void a_listing_that_is_remembered_shows_our_own_changes() throws Exception {
        tree.mkdir("d");
        tree.put("d/a", "one");
        tree.names("d");
        tree.put("d/b", "two");
        assertThat(tree.names("d")).containsExactly("a", "b");
        tree.unlink("d/a");
        assertThat(tree.names("d")).containsExactly("b");
        tree.rename("d/b", "d/c");
        assertThat(tree.names("d")).containsExactly("c");
        tree.put("d/c", "longer");
        assertThat(tree.listed("d", "c").sizeBytes()).isEqualTo(6);
    }
}
