package io.forebay.testkit.sim;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * One page of List Blobs, written while the names are walked: no more of a container is in memory than the page.
 *
 * <p>A marker is the first name that the next page may hold.
 */
final class Listing {
    private static final int MOST_ENTRIES = 5_000;

    private final Container container;
    private final RequestHead head;
    private final String prefix;
    private final String delimiter;
    private final boolean withMetadata;
    private final StringBuilder entries = new StringBuilder();

    Listing(Container container, RequestHead head) {
        this.container = container;
        this.head = head;
        this.prefix = head.queryOr("prefix", "");
        this.delimiter = head.queryOr("delimiter", "");
        this.withMetadata =
                java.util.List.of(head.queryOr("include", "").split(",")).contains("metadata");
    }

    /** The page as a document. */
    String document(String containerName) throws Refusal {
        int most = mostEntries();
        String marker = head.queryOr("marker", "");
        String cursor = marker.isEmpty() ? prefix : cursorOf(marker);
        int count = 0;
        String name = container.ceiling(cursor);
        while (name != null && name.startsWith(prefix) && count < most) {
            cursor = append(name);
            name = container.ceiling(cursor);
            count++;
        }
        boolean ended = name == null || !name.startsWith(prefix);
        return Xml.DECLARATION + "<EnumerationResults ServiceEndpoint=\"http://simulator/\" ContainerName=\""
                + containerName + "\">" + optional("Prefix", prefix) + optional("Marker", marker)
                + Xml.element("MaxResults", Integer.toString(most)) + optional("Delimiter", delimiter) + "<Blobs>"
                + entries + "</Blobs>" + (ended ? "<NextMarker />" : Xml.element("NextMarker", markerOf(cursor)))
                + "</EnumerationResults>";
    }

    private int mostEntries() throws Refusal {
        String asked = head.queryOr("maxresults", Integer.toString(MOST_ENTRIES));
        try {
            int most = Integer.parseInt(asked);
            if (most >= 1) {
                return Math.min(most, MOST_ENTRIES);
            }
        } catch (NumberFormatException notANumber) {
            // Falls through.
        }
        throw Refusal.badRequest("OutOfRangeQueryParameterValue", "maxresults is not a number of at least 1.");
    }

    private static String optional(String element, String text) {
        return text.isEmpty() ? "" : Xml.element(element, text);
    }

    private static String markerOf(String cursor) {
        return Base64.getUrlEncoder().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
    }

    private static String cursorOf(String marker) throws Refusal {
        try {
            return new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            throw Refusal.badRequest("OutOfRangeQueryParameterValue", "The marker is none that was given.");
        }
    }

    /** Writes the blob of that name, or the prefix that it is folded into, and gives the least name that may follow. */
    private String append(String name) {
        int cut = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
        if (cut >= 0) {
            String folded = name.substring(0, cut + delimiter.length());
            entries.append("<BlobPrefix>").append(Xml.blobName(folded)).append("</BlobPrefix>");
            int last = folded.length() - 1;
            return folded.substring(0, last) + (char) (folded.charAt(last) + 1);
        }
        StoredBlob blob = container.find(name);
        // It may have been deleted since its name was found; then the listing is as if it had begun later.
        if (blob != null) {
            append(name, blob);
        }
        return name + "\0";
    }

    private void append(String name, StoredBlob blob) {
        entries.append("<Blob>").append(Xml.blobName(name)).append("<Properties>");
        property("Creation-Time", HttpDate.of(blob.created()));
        property("Last-Modified", HttpDate.of(blob.changed()));
        property("Etag", blob.etag().replace("\"", ""));
        property("Content-Length", Long.toString(blob.content().lengthBytes()));
        property("Content-Type", blob.headers().getOrDefault("content-type", ""));
        property("Content-Encoding", blob.headers().getOrDefault("content-encoding", ""));
        property("Content-Language", blob.headers().getOrDefault("content-language", ""));
        property("Content-MD5", blob.headers().getOrDefault("content-md5", ""));
        property("Cache-Control", blob.headers().getOrDefault("cache-control", ""));
        property("Content-Disposition", blob.headers().getOrDefault("content-disposition", ""));
        entries.append("<BlobType>BlockBlob</BlobType>" + blob.labels().listed()
                + "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>"
                + "<ServerEncrypted>true</ServerEncrypted></Properties>");
        if (withMetadata) {
            appendMetadata(blob.metadata());
        }
        entries.append("</Blob>");
    }

    private void property(String element, String value) {
        entries.append(Xml.element(element, value));
    }

    private void appendMetadata(Map<String, String> metadata) {
        entries.append("<Metadata>");
        metadata.forEach((name, value) -> entries.append(Xml.element(name, value)));
        entries.append("</Metadata>");
    }

    /** The containers of the account, on one page. */
    static String ofContainers(BlobTable table, String prefix) {
        StringBuilder document = new StringBuilder(Xml.DECLARATION)
                .append("<EnumerationResults ServiceEndpoint=\"http://simulator/\"><Containers>");
        for (String name : table.names()) {
            if (name.startsWith(prefix)) {
                document.append("<Container>")
                        .append(Xml.element("Name", name))
                        .append(String.format(
                                Locale.ROOT, "<Properties>%s</Properties>", "<LeaseState>available</LeaseState>"))
                        .append("</Container>");
            }
        }
        return document.append("</Containers><NextMarker /></EnumerationResults>")
                .toString();
    }
}
