package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*.bin, a.bin, true",
        "*.bin, a.bin.tmp, false",
        "*.bin, d/a.bin, false",
        "**/*.bin, a.bin, true",
        "**/*.bin, d/e/a.bin, true",
        "d/**, d/e/a.bin, true",
        "d/**, d, false",
        "d/**/e/x, d/e/x, true",
        "d/**/e/x, d/f/g/e/x, true",
        "d/**/e/x, de/x, false",
        "step-?/shard, step-1/shard, true",
        "step-?/shard, step-10/shard, false",
        "step-[0-9], step-7, true",
        "step-[!0-9], step-7, false",
        "step-[!0-9], step-x, true",
        "step-[!0-9], step-/, false",
        "[]x], ], true",
        "[a-], -, true",
        "[a^], ^, true",
        "a+b(*), a+b(c), true",
        "epoch*, epoch1/data/file, true",
        "epoch*, epoc, false",
    })
    void meansWhatAShellMeans(String pattern, String path, boolean matches) throws ForebayException {
        assertThat(Glob.of(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void knowsWhatEveryMatchBeginsWith() throws ForebayException {
        assertThat(Glob.of("data/train-*/x").prefix()).isEqualTo("data/train-");
        assertThat(Glob.of("*").prefix()).isEmpty();
    }

    @Test
    void aBracketMustBeClosed() {
        assertThatThrownBy(() -> Glob.of("a[bc"))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessageContaining("'a[bc'");
    }
}
