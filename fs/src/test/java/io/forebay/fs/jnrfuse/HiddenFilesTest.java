package io.forebay.fs.jnrfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import org.junit.jupiter.api.Test;

final class HiddenFilesTest {
    private static final String HIDDEN = "/.fuse_hidden000000020000000a";

    private final CountedNames names = new CountedNames().with(1, "f", 10);
    private final HiddenFiles hidden = new HiddenFiles(names.asTree());

    @Test
    void only_what_libfuse_makes_up_is_a_hidden_name() {
        assertThat(HiddenFiles.isHiddenName(".fuse_hidden000000020000000a")).isTrue();
        assertThat(HiddenFiles.isHiddenName(".fuse_hidden0000000200000")).isFalse();
        assertThat(HiddenFiles.isHiddenName(".fuse_hidden000000020000000a.bak")).isFalse();
        assertThat(HiddenFiles.isHiddenName("my.fuse_hidden000000020000000a")).isFalse();
        assertThat(HiddenFiles.isHiddenName(".fuse_hidden")).isFalse();
    }

    @Test
    void hiding_is_an_unlink_that_keeps_the_inode_until_libfuse_is_done_with_it() throws Exception {
        hidden.hide(1, "f", HIDDEN);
        assertThat(names.unlinked()).containsExactly("1/f");
        assertThat(hidden.inodeOf(HIDDEN)).isEqualTo(10);
        assertThat(names.lookupsHeld()).isEqualTo(1);

        assertThat(hidden.forget(HIDDEN)).isTrue();

        assertThat(hidden.inodeOf(HIDDEN)).isNull();
        assertThat(hidden.forget(HIDDEN)).isFalse();
        assertThat(names.lookupsHeld()).isZero();
    }

    @Test
    void what_cannot_be_unlinked_is_not_hidden_and_not_held() {
        names.becomeBusy();

        assertThatThrownBy(() -> hidden.hide(1, "f", HIDDEN)).isInstanceOf(ForebayException.Unavailable.class);

        assertThat(hidden.inodeOf(HIDDEN)).isNull();
        assertThat(names.lookupsHeld()).isZero();
    }

    @Test
    void what_is_not_there_cannot_be_hidden() {
        assertThatThrownBy(() -> hidden.hide(1, "none", HIDDEN)).isInstanceOf(ForebayException.NotFound.class);
        assertThat(names.lookupsHeld()).isZero();
    }
}
