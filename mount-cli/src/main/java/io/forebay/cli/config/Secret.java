package io.forebay.cli.config;

/**
 * A text that nobody may see: it prints as {@code ***}.
 *
 * @param revealed the text itself, for the one who signs requests with it
 */
public record Secret(String revealed) {
    @Override
    public String toString() {
        return "***";
    }
}
