package io.forebay.blob.directory;

import io.forebay.base.time.Clock;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.Etag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What is written down of one version of a blob, beside its bytes.
 *
 * @param etag the version
 * @param sizeBytes the length of the file when this was written
 * @param modifiedNanos the file's own time then; with the size it tells whether somebody edited the file since
 * @param lastModified when the version was made
 * @param headers content type and metadata
 * @param blocks the committed blocks; none after a put
 */
record VersionRecord(
        Etag etag, long sizeBytes, long modifiedNanos, Instant lastModified, BlobHeaders headers, List<Block> blocks) {
    VersionRecord {
        blocks = List.copyOf(blocks);
    }

    /** The record of a version that is made now. Its etag was never given before, by this process or another one. */
    static VersionRecord fresh(FileState file, BlobHeaders headers, List<Block> blocks, Clock clock) {
        String unique = UUID.randomUUID().toString().replace("-", "");
        return new VersionRecord(
                new Etag("0x" + unique), file.sizeBytes(), file.modifiedNanos(), clock.now(), headers, blocks);
    }

    /** The record of a file that Forebay did not write, or that somebody edited since: {@code headers} are kept. */
    static VersionRecord ofHandmade(FileState file, BlobHeaders headers) {
        String look = Long.toHexString(file.inode()) + "-" + Long.toHexString(file.sizeBytes()) + "-"
                + Long.toHexString(file.modifiedNanos());
        Instant modified = Instant.ofEpochSecond(0, file.modifiedNanos());
        return new VersionRecord(
                new Etag("hand-" + look), file.sizeBytes(), file.modifiedNanos(), modified, headers, List.of());
    }

    boolean describes(FileState file) {
        return file.sizeBytes() == sizeBytes && file.modifiedNanos() == modifiedNanos;
    }

    BlobProperties properties(String name) {
        return new BlobProperties(name, etag, sizeBytes, lastModified, headers);
    }
}
