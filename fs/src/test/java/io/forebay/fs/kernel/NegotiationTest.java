package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import org.junit.jupiter.api.Test;

final class NegotiationTest {
    private static final KernelSettings SETTINGS = KernelSettings.defaults(2);

    private static Negotiation with(int minor, long offered, boolean privileged) throws ForebayException {
        return Negotiation.of(new Request.Init(7, minor, 128 << 10, offered), SETTINGS, privileged, 4096);
    }

    @Test
    void everything_useful_is_taken_and_nothing_that_was_not_offered() throws ForebayException {
        Negotiation agreed = with(45, -1L, true);
        assertThat(agreed.passthrough()).isTrue();
        assertThat(InitFlag.WRITEBACK_CACHE.in(agreed.flags()))
                .as("excludes passthrough")
                .isFalse();
        assertThat(agreed.flags() >>> 20 & 1).as("POSIX ACLs").isZero();
        assertThat(agreed.maxPages()).isEqualTo(256);

        assertThat(with(38, InitFlag.ASYNC_READ.mask(), true).flags()).isEqualTo(InitFlag.ASYNC_READ.mask());
    }

    @Test
    void passthrough_is_for_those_who_may() throws ForebayException {
        assertThat(with(45, -1L, false).passthrough()).isFalse();
        assertThat(Negotiation.of(new Request.Init(7, 45, 128 << 10, -1L), SETTINGS.withPassthrough(false), true, 4096)
                        .passthrough())
                .isFalse();
    }

    @Test
    void pages_are_those_of_the_machine() throws ForebayException {
        assertThat(Negotiation.of(new Request.Init(7, 45, 128 << 10, -1L), SETTINGS, true, 65_536)
                        .maxPages())
                .isEqualTo(16);
    }

    @Test
    void newer_kernels_are_spoken_to_as_we_know_them_and_old_ones_not_at_all() throws ForebayException {
        assertThat(with(99, -1L, true).minor()).isEqualTo(Negotiation.MAX_MINOR);
        assertThat(with(31, 0, true).minor()).isEqualTo(31);
        assertThatThrownBy(() -> with(30, -1L, true))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("FUSE 7.30");
    }
}
