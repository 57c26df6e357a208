package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line between a command and a mount: a word and named values, as in {@code path name=a%2Fb}. Values are written as
 * in the query of a URL, so that whatever a name holds stays on its line.
 *
 * @param word what it is about
 * @param fields the values, in the order in which they are written
 */
record Message(String word, Map<String, String> fields) {
    Message {
        fields = new LinkedHashMap<>(fields);
    }

    static Message of(String word, Object... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return new Message(word, fields);
    }

    /** @throws ForebayException.InvalidArgument if {@code line} is none */
    static Message parse(String line) throws ForebayException {
        String[] words = line.split(" ");
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals <= 0) {
                throw new ForebayException.InvalidArgument(
                        "a line of the control protocol has no value where one must be");
            }
            fields.put(words[i].substring(0, equals), decoded(words[i].substring(equals + 1)));
        }
        return new Message(words[0], fields);
    }

    private static String decoded(String value) throws ForebayException {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException damaged) {
            throw new ForebayException.InvalidArgument("a value of the control protocol is damaged", damaged);
        }
    }

    String line() {
        StringBuilder line = new StringBuilder(word);
        fields.forEach((name, value) ->
                line.append(' ').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return line.toString();
    }

    /** @throws ForebayException.InvalidArgument if there is no such value */
    String text(String field) throws ForebayException {
        String value = fields.get(field);
        if (value == null) {
            throw new ForebayException.InvalidArgument("'" + word + "' of the control protocol needs " + field);
        }
        return value;
    }

    long number(String field) throws ForebayException {
        String value = text(field);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException other) {
            throw new ForebayException.InvalidArgument("'" + value + "' is no number", other);
        }
    }

    boolean flag(String field) {
        return "true".equals(fields.get(field));
    }
}
