package io.forebay.blob;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * The id of a block within its blob.
 *
 * @param base64 as REST carries it; all ids of one blob have the same length
 */
public record BlockId(String base64) {
    private static final int RAW_LENGTH = 16;

    /**
     * The id of the {@code index}-th block of one upload: the same for every try, so that an upload can be repeated or
     * finished by someone else, and 24 base64 characters long, as BlobFuse2 expects of blobs that it is to edit.
     *
     * @param generation 32 bits that tell one upload of a blob from the next, so that two never mix their blocks
     */
    public static BlockId of(int generation, int index) {
        String raw = String.format(Locale.ROOT, "%08x%08x", generation, index);
        assert raw.length() == RAW_LENGTH;
        return new BlockId(Base64.getEncoder().encodeToString(raw.getBytes(StandardCharsets.US_ASCII)));
    }
}
