package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.Etag;
import org.junit.jupiter.api.Test;

final class KeptPagesTest {
    private static final Etag ONE = new Etag("one");
    private static final Etag TWO = new Etag("two");

    private final KeptPages pages = new KeptPages();

    @Test
    void what_was_read_through_a_handle_that_was_closed_stands() {
        KeptPages.Seen first = pages.opened(ONE);
        assertThat(first.stand()).isFalse();
        pages.closed(first, ONE);

        assertThat(pages.opened(ONE).stand()).isTrue();
    }

    @Test
    void a_handle_that_is_still_open_may_have_been_overtaken_and_vouches_for_nothing() {
        pages.opened(ONE);

        assertThat(pages.opened(ONE).stand()).isFalse();
    }

    @Test
    void pages_of_another_version_do_not_stand() {
        pages.closed(pages.opened(ONE), ONE);

        KeptPages.Seen second = pages.opened(TWO);
        assertThat(second.stand()).isFalse();
        assertThat(pages.opened(TWO).stand()).isFalse();
        pages.closed(second, TWO);
        assertThat(pages.opened(TWO).stand()).isTrue();
        assertThat(pages.opened(ONE).stand()).isFalse();
    }

    @Test
    void a_handle_of_a_version_that_was_replaced_vouches_for_nothing() {
        KeptPages.Seen old = pages.opened(ONE);
        pages.closed(old, TWO);

        assertThat(pages.opened(TWO).stand()).isFalse();
        assertThat(pages.opened(ONE).stand()).isFalse();
    }

    @Test
    void whoever_can_write_ends_it() {
        pages.closed(pages.opened(ONE), ONE);

        KeptPages.Seen writer = pages.opened(null);
        assertThat(writer.stand()).isFalse();
        pages.closed(writer, ONE);

        assertThat(pages.opened(ONE).stand()).isFalse();
    }

    @Test
    void a_reader_beside_a_writer_vouches_for_nothing() {
        KeptPages.Seen reader = pages.opened(ONE);
        pages.opened(null);
        pages.closed(reader, null);

        assertThat(pages.opened(ONE).stand()).isFalse();
    }
}
