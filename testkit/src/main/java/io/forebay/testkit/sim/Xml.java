package io.forebay.testkit.sim;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text for XML documents. */
final class Xml {
    static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

    private Xml() {}

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\r', '\n', '\t' -> escaped.append("&#").append((int) c).append(';');
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    static String element(String name, String text) {
        return "<" + name + ">" + escaped(text) + "</" + name + ">";
    }

    /** The name of a blob: what XML cannot hold makes Azure write all of it percent-encoded. */
    static String blobName(String name) {
        return name.codePoints().allMatch(Xml::isAllowed)
                ? element("Name", name)
                : "<Name Encoded=\"true\">"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + "</Name>";
    }

    private static boolean isAllowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || c >= 0x10000;
    }
}
