package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import java.nio.ByteBuffer;

/** Whether two blobs of one length have the same bytes, found out by reading both. */
record SameBytes(Tree tree, BlobProperties one, BlobProperties other) {
    /** Of each blob in memory at once. */
    private static final int PART_BYTES = 1 << 20;

    /** False also if one of them is changed or removed meanwhile. */
    boolean compare() throws ForebayException {
        try {
            for (long at = 0; at < one.lengthBytes(); at += PART_BYTES) {
                int length = (int) Math.min(PART_BYTES, one.lengthBytes() - at);
                if (!part(one, at, length).equals(part(other, at, length))) {
                    return false;
                }
            }
            return true;
        } catch (ForebayException.Changed | ForebayException.NotFound _) {
            return false;
        }
    }

    private ByteBuffer part(BlobProperties blob, long at, int length) throws ForebayException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        tree.store()
                .read(
                        blob.name(),
                        new ByteRange(at, length),
                        Precondition.ifMatch(blob.etag()),
                        bytes::put,
                        tree.deadline());
        return bytes.flip();
    }
}
