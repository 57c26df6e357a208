package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.base.error.ForebayException;
import java.util.List;

/**
 * A blob's name that has been found to be one.
 *
 * @param text the whole name
 * @param segments what stands between its slashes, at least one
 */
record BlobName(String text, List<String> segments) {
    /** Azure's limit. */
    static final int MAX_CHARS = 1_024;

    /** What ext4, XFS, Btrfs and tmpfs keep as one name (NAME_MAX). */
    private static final int MAX_SEGMENT_BYTES = 255;

    static BlobName of(String text) throws ForebayException {
        if (text.length() > MAX_CHARS) {
            throw new ForebayException.NameTooLong(
                    "a blob's name has at most " + MAX_CHARS + " characters, not " + text.length());
        }
        if (text.isEmpty() || text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new ForebayException.InvalidArgument("'" + text + "' is not the name of a blob");
        }
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new ForebayException.InvalidArgument("the name '" + text + "' holds half a character");
        }
        BlobName name = new BlobName(text, segmentsOf(text));
        for (String segment : name.segments) {
            name.requireShort(segment);
        }
        return name;
    }

    /** {@code a//b/} is {@code a}, nothing, {@code b}, nothing. */
    static List<String> segmentsOf(String text) {
        return List.of(text.split("/", -1));
    }

    private void requireShort(String segment) throws ForebayException {
        int escapeBytes = segment.startsWith("=") ? 1 : 0; // as it may have to be set aside
        if (segment.getBytes(UTF_8).length + escapeBytes > MAX_SEGMENT_BYTES) {
            throw new ForebayException.NameTooLong("between two slashes a name has at most " + MAX_SEGMENT_BYTES
                    + " bytes in a folder, unlike in " + text);
        }
    }

    /** Whether a file can have this name at all, whatever else is in the folder. */
    boolean canBePlain() {
        return segments.stream().allMatch(BlobName::canBePlain);
    }

    static boolean canBePlain(String segment) {
        return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }
}
