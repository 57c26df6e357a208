package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds and opens blobs, without the lock. */
final class BlobReader {
    private final BlobTree tree;
    private final Records records;

    BlobReader(BlobTree tree, Records records) {
        this.tree = tree;
        this.records = records;
    }

    /** @throws ForebayException.NotFound if there is no blob of that name */
    StoredBlob find(String name) throws ForebayException {
        BlobName blob = BlobName.of(name);
        try {
            return tree.find(blob).orElseThrow(() -> notFound(name));
        } catch (IOException failure) {
            throw Disk.failed("cannot look at the blob " + name, tree.container(), failure);
        }
    }

    static ForebayException.NotFound notFound(String name) {
        return new ForebayException.NotFound("there is no blob " + name);
    }

    /**
     * Opens one version of a blob. Its bytes can be read from what is returned whatever happens to the name.
     *
     * @throws ForebayException.NotFound if there is no blob of that name
     * @throws ForebayException.Changed if the precondition does not hold
     */
    OpenBlob open(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        while (true) {
            StoredBlob blob = find(name);
            StoredBlob.require(precondition, name, Optional.of(blob));
            try {
                OpenBlob open = openAs(blob);
                if (open != null) {
                    return open;
                }
            } catch (IOException failure) {
                throw Disk.failed("cannot open the blob " + name, blob.file(), failure);
            }
            Disk.requireTimeLeft(deadline, name + " was replaced each time it was opened");
        }
    }

    /** The file of {@code blob} if it is still that version once it is open, else null. No etag ever comes back. */
    private @Nullable OpenBlob openAs(StoredBlob blob) throws IOException {
        FileChannel channel = channelOf(blob.file());
        boolean opened = false;
        try {
            opened = channel != null
                    && records.versionAt(blob.name(), blob.file())
                            .filter(now -> now.etag().equals(blob.etag()))
                            .isPresent();
            return opened && channel != null ? new OpenBlob(blob, channel) : null;
        } finally {
            if (channel != null && !opened) {
                channel.close();
            }
        }
    }

    private static @Nullable FileChannel channelOf(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException failure) {
            if (FileState.of(file).filter(FileState::isFile).isEmpty()) {
                return null;
            }
            throw failure;
        }
    }
}
