package io.forebay.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "line\nbreak\r", "100%", "ümlaut 水 😀", "+", "\u0001"})
    void anyValueStaysOnItsLine(String value) throws ForebayException {
        String line = Message.of("path", "name", value, "more", 1).line();

        assertThat(line).hasLineCount(1).doesNotContain("\r").isASCII();
        assertThat(Message.parse(line).text("name")).isEqualTo(value);
        assertThat(Message.parse(line).number("more")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path name", "path =x", "path name=%zz", "path name=%"})
    void whatIsNoMessageIsRefused(String line) {
        assertThatThrownBy(() -> Message.parse(line)).isInstanceOf(ForebayException.InvalidArgument.class);
    }

    @Test
    void aValueThatIsMissingIsNamed() throws ForebayException {
        Message message = Message.parse("path");

        assertThatThrownBy(() -> message.text("name")).hasMessageContaining("'path'", "name");
        assertThatThrownBy(() -> Message.parse("path name=x").number("name")).hasMessageContaining("'x' is no number");
    }
}
