package io.forebay.nativetests.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedFailuresTest {
    private final ExpectedFailures expected = ExpectedFailures.parse("""
            # a comment
            link::*     # a blob has one name
            *::char     # a blob cannot stand for a device
            """);

    @Test
    void what_failed_must_be_expected() {
        assertThat(expected.differences(List.of("link::eperm", "open::char"))).isEmpty();
        assertThat(expected.differences(List.of("link::eperm", "open::char", "open::ebadf")))
                .containsExactly("failed, and is not expected to: open::ebadf");
    }

    @Test
    void what_is_expected_must_fail() {
        assertThat(expected.differences(List.of("open::char"))).containsExactly("passes; take its line out: link::*");
    }

    @Test
    void a_line_needs_a_reason() {
        assertThatThrownBy(() -> ExpectedFailures.parse("link::eperm"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("link::eperm");
    }
}
