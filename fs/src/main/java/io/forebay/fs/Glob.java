package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.regex.Pattern;

/**
 * A pattern for paths, as shells have them: {@code *} and {@code ?} stand for characters of one name, {@code [a-z]} and
 * {@code [!a-z]} for one of them, {@code **} as a whole name for any number of directories, none among them.
 *
 * @param text as it was written
 * @param prefix what every path begins with that it means
 * @param expression matches the paths that it means, and everything below them
 */
record Glob(String text, String prefix, Pattern expression) {
    private static final String WILDCARDS = "*?[";

    /** Whether {@code text} has anything in it that stands for something else. */
    static boolean isOne(String text) {
        return text.chars().anyMatch(character -> WILDCARDS.indexOf(character) >= 0);
    }

    /** @throws ForebayException.InvalidArgument if a bracket is not closed */
    static Glob of(String text) throws ForebayException {
        int firstWildcard = 0;
        while (WILDCARDS.indexOf(text.charAt(firstWildcard)) < 0) {
            firstWildcard++;
        }
        StringBuilder expression = new StringBuilder();
        String[] names = text.split("/", -1);
        for (int i = 0; i < names.length; i++) {
            boolean last = i == names.length - 1;
            if (names[i].equals("**")) {
                expression.append(last ? ".+" : "(?:[^/]+/)*");
            } else {
                appendName(expression, names[i], text);
                expression.append(last ? "" : "/");
            }
        }
        expression.append("(?:/.*)?");
        return new Glob(text, text.substring(0, firstWildcard), Pattern.compile(expression.toString(), Pattern.DOTALL));
    }

    private static void appendName(StringBuilder expression, String name, String text) throws ForebayException {
        for (int at = 0; at < name.length(); at++) {
            char character = name.charAt(at);
            switch (character) {
                case '*' -> expression.append("[^/]*");
                case '?' -> expression.append("[^/]");
                case '[' -> {
                    int end = name.indexOf(']', at + 2); // a bracket right behind the first one is a member
                    if (end < 0) {
                        throw new ForebayException.InvalidArgument(
                                "the pattern '" + text + "' has a '[' without its ']'");
                    }
                    appendSet(expression, name.substring(at + 1, end));
                    at = end;
                }
                default -> expression.append(Pattern.quote(String.valueOf(character)));
            }
        }
    }

    /** Everything but a leading exclamation mark and the minus between two characters means itself. */
    private static void appendSet(StringBuilder expression, String set) {
        boolean negated = set.length() > 1 && set.startsWith("!");
        expression.append(negated ? "[^/" : "[");
        String members = negated ? set.substring(1) : set;
        for (int at = 0; at < members.length(); at++) {
            char member = members.charAt(at);
            boolean range = member == '-' && at > 0 && at < members.length() - 1;
            expression.append(range ? "-" : (Character.isLetterOrDigit(member) ? "" : "\\") + member);
        }
        expression.append(']');
    }

    boolean matches(String path) {
        return expression.matcher(path).matches();
    }
}
