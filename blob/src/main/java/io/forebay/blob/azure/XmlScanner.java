package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Reads the XML of a Blob service as it arrives, in UTF-8: elements, text, references to characters. It keeps the text of
 * one element and nothing else, whatever the size of the document. What a Blob service never sends, a document type above
 * all, is refused, and so is what is not well formed.
 */
final class XmlScanner {
    /** Told of each element; {@link XmlScanner#text} may be asked at its end. */
    interface Handler {
        /** @param attributes as they are written, with a blank before each; empty if there are none */
        void begin(String name, String attributes) throws ProtocolException;

        void end(String name) throws ProtocolException, ForebayException;
    }

    /** Some seven times the largest name of a blob, 1,024 characters, with each written as the longest reference. */
    private static final int MAX_TEXT_BYTES = 128 << 10;

    /** The address of the service and the container are all that attributes hold. */
    private static final int MAX_TAG_BYTES = 16 << 10;

    private static final int MAX_DEPTH = 16;

    private final Handler handler;
    private final Deque<String> open = new ArrayDeque<>();
    private byte[] text = new byte[256];
    private int textBytes;
    private byte[] tag = new byte[256];
    private int tagBytes;
    private boolean inTag;
    /** The quotation mark that the attribute's value, in which we are, ends with; 0 outside. */
    private byte quote;

    private boolean complete;

    XmlScanner(Handler handler) {
        this.handler = handler;
    }

    /** Takes the next bytes of the document. */
    void accept(ByteBuffer bytes) throws ProtocolException, ForebayException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (inTag) {
                takeInTag(next);
            } else if (next == '<') {
                inTag = true;
                tagBytes = 0;
            } else {
                takeText(next);
            }
        }
    }

    /** Makes sure that the document was whole. */
    void finish() throws ProtocolException {
        if (!complete || inTag || !isBlank()) {
            throw new ProtocolException("the XML ends too early");
        }
    }

    /** The text directly in front of the end of the element that ends now. */
    String text() throws ProtocolException {
        return resolved(decoded(text, textBytes));
    }

    private void takeText(byte next) throws ProtocolException {
        if (textBytes == MAX_TEXT_BYTES) {
            throw new ProtocolException("an element of the XML is larger than " + MAX_TEXT_BYTES + " bytes");
        }
        if (textBytes == text.length) {
            text = Arrays.copyOf(text, textBytes * 2);
        }
        text[textBytes] = next;
        textBytes++;
    }

    private void takeInTag(byte next) throws ProtocolException, ForebayException {
        if (next == '>' && quote == 0 && !isInsideComment()) {
            inTag = false;
            endOfTag();
            return;
        }
        if (tagBytes == MAX_TAG_BYTES) {
            throw new ProtocolException("a tag of the XML is larger than " + MAX_TAG_BYTES + " bytes");
        }
        if (tagBytes == tag.length) {
            tag = Arrays.copyOf(tag, tagBytes * 2);
        }
        tag[tagBytes] = next;
        tagBytes++;
        if (tag[0] != '!') {
            trackQuotes(next);
        }
    }

    private void trackQuotes(byte next) {
        if (quote != 0) {
            quote = next == quote ? 0 : quote;
        } else if (next == '"' || next == '\'') {
            quote = next;
        }
    }

    /** Whether the tag is a comment that the next {@code >} does not end. */
    private boolean isInsideComment() {
        boolean comment = tagBytes >= 3 && tag[0] == '!' && tag[1] == '-' && tag[2] == '-';
        boolean ends = tagBytes >= 5 && tag[tagBytes - 1] == '-' && tag[tagBytes - 2] == '-';
        return comment && !ends;
    }

    private void endOfTag() throws ProtocolException, ForebayException {
        String written = decoded(tag, tagBytes);
        if (written.startsWith("!--") || (written.startsWith("?") && written.endsWith("?"))) {
            return;
        }
        if (written.isEmpty() || written.startsWith("!") || written.startsWith("?")) {
            throw new ProtocolException("the XML holds what no Blob service sends");
        }
        if (written.startsWith("/")) {
            end(written.substring(1).strip());
        } else if (written.endsWith("/")) {
            begin(written.substring(0, written.length() - 1));
            end(open.getFirst());
        } else {
            begin(written);
        }
    }

    private void begin(String written) throws ProtocolException {
        // In front of the root there may be white space and the mark of the byte order.
        if (complete || open.size() == MAX_DEPTH || (open.isEmpty() && !isBlank())) {
            throw new ProtocolException("the XML is not a document, or nested too deeply");
        }
        int nameEnd = 0;
        while (nameEnd < written.length() && !isSpace(written.charAt(nameEnd))) {
            nameEnd++;
        }
        String name = written.substring(0, nameEnd);
        if (name.isEmpty()) {
            throw new ProtocolException("an element of the XML has no name");
        }
        open.addFirst(name);
        textBytes = 0;
        handler.begin(name, written.substring(nameEnd).stripTrailing());
    }

    private void end(String name) throws ProtocolException, ForebayException {
        if (!name.equals(open.peekFirst())) {
            throw new ProtocolException("an element of the XML ends that did not begin");
        }
        handler.end(name);
        open.removeFirst();
        textBytes = 0;
        complete = open.isEmpty();
    }

    private boolean isBlank() throws ProtocolException {
        String outside = decoded(text, textBytes);
        return outside.chars().allMatch(character -> isSpace((char) character) || character == '\uFEFF');
    }

    private static boolean isSpace(char character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }

    private static String decoded(byte[] bytes, int length) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new ProtocolException("the XML is not in UTF-8");
        }
    }

    /** Text with line ends as XML has them and the characters that are referred to. */
    private static String resolved(String written) throws ProtocolException {
        String lines = written.indexOf('\r') < 0
                ? written
                : written.replace("\r\n", "\n").replace('\r', '\n');
        int from = lines.indexOf('&');
        if (from < 0) {
            return lines;
        }
        StringBuilder resolved = new StringBuilder(lines.length()).append(lines, 0, from);
        while (from < lines.length()) {
            int end = lines.indexOf(';', from);
            if (end < 0) {
                throw new ProtocolException("a reference of the XML does not end");
            }
            resolved.appendCodePoint(character(lines.substring(from + 1, end)));
            int next = lines.indexOf('&', end);
            next = next < 0 ? lines.length() : next;
            resolved.append(lines, end + 1, next);
            from = next;
        }
        return resolved.toString();
    }

    private static int character(String reference) throws ProtocolException {
        return switch (reference) {
            case "amp" -> '&';
            case "lt" -> '<';
            case "gt" -> '>';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> codePoint(reference);
        };
    }

    private static int codePoint(String reference) throws ProtocolException {
        try {
            if (reference.startsWith("#x") && reference.length() <= 8) {
                return valid(Integer.parseUnsignedInt(reference, 2, reference.length(), 16));
            }
            if (reference.startsWith("#") && reference.length() <= 8) {
                return valid(Integer.parseUnsignedInt(reference, 1, reference.length(), 10));
            }
        } catch (NumberFormatException notANumber) {
            // Falls through.
        }
        throw new ProtocolException("the XML refers to a character that there is not");
    }

    private static int valid(int codePoint) throws ProtocolException {
        if (!Character.isValidCodePoint(codePoint) || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
            throw new ProtocolException("the XML refers to a character that there is not");
        }
        return codePoint;
    }
}
