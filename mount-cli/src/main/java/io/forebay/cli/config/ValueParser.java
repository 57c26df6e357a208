package io.forebay.cli.config;

/** Reads the text of an option. */
@FunctionalInterface
interface ValueParser<T> {
    /**
     * The value that {@code text} stands for.
     *
     * @throws IllegalArgumentException if it stands for none; the message is a clause that says what to write instead,
     *     and repeats the text only where the option is no secret
     */
    T parse(String text);
}
