package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to List Blobs as it arrives. Source: Azure Storage REST, "List Blobs".
 *
 * <pre>
 *   EnumerationResults / Blobs / Blob / Name, Properties / Etag …, Metadata / NAME
 *                              / BlobPrefix / Name
 *                      / NextMarker
 * </pre>
 */
final class ListingReader extends XmlAnswer {
    /** So a name is marked that XML cannot hold; it is percent-encoded then. */
    private static final Pattern ENCODED = Pattern.compile("\\sEncoded\\s*=\\s*[\"']true[\"']");

    private static final int OF_ENTRY = 3;
    private static final int OF_PART = 4;
    private static final int OF_VALUE = 5;

    private final List<ListEntry> entries = new ArrayList<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> metadata = new HashMap<>();
    private @Nullable String name;
    private boolean nameIsEncoded;
    private String next = "";

    ListingReader(AzureCall call) {
        super(call, "EnumerationResults");
    }

    /** What came. */
    ListPage page() {
        return new ListPage(entries, next.isEmpty() ? null : next);
    }

    @Override
    void begun(String element, String attributes) {
        if (depth() == OF_ENTRY) {
            name = null;
            properties.clear();
            metadata.clear();
        } else if (depth() == OF_PART && element.equals("Name")) {
            nameIsEncoded = !attributes.isEmpty() && ENCODED.matcher(attributes).find();
        }
    }

    @Override
    void ended(String element) throws ProtocolException, ForebayException {
        if (depth() == 2 && element.equals("NextMarker")) {
            next = text();
        } else if (at(2, "Blobs")) {
            switch (depth()) {
                case OF_ENTRY -> entry(element);
                case OF_PART -> part(element);
                case OF_VALUE -> value(element);
                default -> {}
            }
        }
    }

    private void part(String element) throws ProtocolException {
        if (element.equals("Name")) {
            name = nameIsEncoded ? percentDecoded(text()) : text();
        }
    }

    private void value(String element) throws ProtocolException {
        if (at(OF_PART, "Properties")) {
            properties.put(element, text());
        } else if (at(OF_PART, "Metadata")) {
            metadata.put(element, text());
        }
    }

    private void entry(String element) throws ProtocolException, ForebayException {
        if (name == null) {
            throw new ProtocolException("an entry has no name");
        }
        switch (element) {
            case "BlobPrefix" -> entries.add(new ListEntry.Prefix(name));
            case "Blob" -> entries.add(new ListEntry.Blob(blob(name)));
            default -> {}
        }
    }

    private BlobProperties blob(String blobName) throws ProtocolException, ForebayException {
        return new BlobProperties(
                blobName,
                AzureShapes.etag(call(), properties.get("Etag")),
                length(properties.get("Content-Length")),
                AzureShapes.instant(call(), properties.get("Last-Modified")),
                AzureShapes.headers(
                        AzureShapes.content(properties::get),
                        metadata,
                        AzureShapes.labels(
                                properties.get("AccessTier"),
                                "true".equals(properties.get("AccessTierInferred")),
                                properties.get("TagCount"))));
    }

    /** A count of bytes, as a service writes it. */
    static long length(@Nullable String written) throws ProtocolException {
        try {
            long length = Long.parseLong(String.valueOf(written));
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through.
        }
        throw new ProtocolException("something has no length");
    }

    private static String percentDecoded(String encoded) throws ProtocolException {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length() * 3);
        for (int at = 0; at < encoded.length(); ) {
            int codePoint = encoded.codePointAt(at);
            if (codePoint == '%') {
                bytes.put((byte) hexadecimal(encoded, at + 1));
                at += 3;
            } else {
                bytes.put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(codePoint);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new ProtocolException("a name is not in UTF-8");
        }
    }

    private static int hexadecimal(String text, int at) throws ProtocolException {
        int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new ProtocolException("a name is not percent-encoded");
        }
        return high << 4 | low;
    }
}
