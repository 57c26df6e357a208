package io.forebay.nativetests.ground;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the directory store keeps beside a blob's bytes, in the extended attribute {@code user.forebay}: read here by the
 * documented format (version 1) and not by the store's own code, so that a change of the format is noticed.
 */
final class DirectoryRecord {
    private static final String ATTRIBUTE = "forebay";
    private static final int FORMAT = 1;

    private DirectoryRecord() {}

    /** The metadata of the blob that {@code file} holds; nothing for a file that somebody else put there. */
    static Map<String, String> metadataOf(Path file) throws IOException {
        UserDefinedFileAttributeView attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (!attributes.list().contains(ATTRIBUTE)) {
            return Map.of();
        }
        ByteBuffer record = ByteBuffer.allocate(attributes.size(ATTRIBUTE));
        attributes.read(ATTRIBUTE, record);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record.array()))) {
            int format = in.readByte();
            int form = in.readByte();
            if (format != FORMAT || form != 'i') {
                throw new IOException("format " + format + " and form " + (char) form + " are not known here");
            }
            string(in); // name
            string(in); // etag
            in.skipNBytes(3L * Long.BYTES); // size, file's time, last modified
            string(in); // content type
            return metadata(in);
        }
    }

    private static Map<String, String> metadata(DataInputStream in) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            metadata.put(string(in), string(in));
        }
        return metadata;
    }

    private static String string(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }
}
