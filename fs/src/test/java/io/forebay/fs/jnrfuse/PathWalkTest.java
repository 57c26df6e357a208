package io.forebay.fs.jnrfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PathWalkTest {
    private final CountedNames names = new CountedNames()
            .with(1, "a", 10)
            .with(10, "b", 20)
            .with(20, "c", 30)
            .with(1, "x", 40);
    private final HiddenFiles hidden = new HiddenFiles(names.asTree());
    private final PathWalk paths = new PathWalk(names.asTree(), hidden);

    @AfterEach
    void nothing_is_held_any_more() {
        assertThat(names.lookupsHeld()).isZero();
    }

    @Test
    void a_path_leads_from_the_root_to_its_inode() throws Exception {
        assertThat(paths.<Long>at("/", inode -> inode)).isEqualTo(1);
        assertThat(paths.<Long>at("/a", inode -> inode)).isEqualTo(10);
        assertThat(paths.<Long>at("/a/b/c", inode -> inode)).isEqualTo(30);
    }

    @Test
    void the_whole_walk_is_held_while_the_request_runs() throws Exception {
        assertThat(paths.<Long>at("/a/b/c", inode -> names.lookupsHeld())).isEqualTo(3);
    }

    @Test
    void an_entry_is_its_directory_and_its_name_which_need_not_exist() throws Exception {
        assertThat(paths.<String>entry("/new", (parent, name) -> parent + " " + name))
                .isEqualTo("1 new");
        assertThat(paths.<String>entry("/a/b/new", (parent, name) -> parent + " " + name))
                .isEqualTo("20 new");
    }

    @Test
    void two_entries_are_held_together() throws Exception {
        String both = paths.entries(
                "/a/b/c",
                "/x/new",
                (parent, name, other, otherName) ->
                        parent + " " + name + " " + other + " " + otherName + " " + names.lookupsHeld());

        assertThat(both).isEqualTo("20 c 40 new 3");
    }

    @Test
    void a_walk_that_fails_on_the_way_lets_go_of_what_it_had() {
        assertThatThrownBy(() -> paths.at("/a/b/none/c", inode -> inode)).isInstanceOf(ForebayException.NotFound.class);
        assertThatThrownBy(() -> paths.entries("/a/b", "/none/x", (_, _, _, _) -> 0))
                .isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void a_request_that_fails_lets_go_too() {
        assertThatThrownBy(() -> paths.at("/a/b", inode -> {
                    throw new ForebayException.Denied("no");
                }))
                .isInstanceOf(ForebayException.Denied.class);
    }

    @Test
    void a_hidden_path_leads_to_what_was_unlinked() throws Exception {
        hidden.hide(20, "c", "/a/b/.fuse_hidden0000000100000001");

        assertThat(paths.<Long>at("/a/b/.fuse_hidden0000000100000001", inode -> inode))
                .isEqualTo(30);
        assertThatThrownBy(() -> paths.at("/a/b/c", inode -> inode)).isInstanceOf(ForebayException.NotFound.class);
        assertThat(hidden.forget("/a/b/.fuse_hidden0000000100000001")).isTrue();
    }
}
