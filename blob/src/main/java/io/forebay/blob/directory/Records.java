package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of all versions. Each is in the extended attribute {@code user.forebay} of its file, so that it goes
 * wherever the file goes in the same rename. One that is too large for that lies in a file of its own, written and
 * synced before the attribute that names it.
 */
final class Records {
    private static final Logger log = LoggerFactory.getLogger(Records.class);
    private static final String ATTRIBUTE = "forebay";

    /** ext4 keeps all attributes of a file in one block of 4,096 bytes; half of it leaves room for other programs. */
    private static final int MAX_INLINE_BYTES = 2_000;

    /** Looks that may find a file being replaced before it is taken for damaged. Each needs a change of its own. */
    private static final int MAX_LOOKS = 100;

    private final Path folder;

    Records(Path folder) {
        this.folder = folder;
    }

    /**
     * Succeeds if files in {@code probeFolder} can carry records.
     *
     * @throws ForebayException.Unsupported if the file system does not have user attributes
     */
    static void requireSupport(Path probeFolder) throws ForebayException {
        try {
            Path probe = Files.createTempFile(probeFolder, "probe", null);
            try {
                attributes(probe).write(ATTRIBUTE, ByteBuffer.allocate(MAX_INLINE_BYTES));
            } catch (FileSystemException refused) {
                throw new ForebayException.Unsupported(
                        "the file system of " + probeFolder + " keeps no user attributes (xattr), which a directory"
                                + " store needs; use a folder on ext4, XFS, Btrfs or a recent tmpfs",
                        refused);
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException failure) {
            throw Disk.failed("cannot write a file", probeFolder, failure);
        }
    }

    /**
     * Makes the bytes of the attribute for a version. If they only name its record, that is written and durable now;
     * {@link #fileOf} says where, should the version come to nothing.
     */
    ByteBuffer prepare(String name, VersionRecord version) throws IOException {
        byte[] bytes = RecordFormat.whole("", version);
        if (bytes.length > MAX_INLINE_BYTES) {
            keep(fileOf(name, version.etag()), RecordFormat.whole(name, version));
            bytes = RecordFormat.named(version.etag());
        }
        return ByteBuffer.wrap(bytes);
    }

    /** Gives {@code file} what {@link #prepare} made, in one atomic step. It is durable once the file is synced. */
    static void attach(Path file, ByteBuffer prepared) throws IOException {
        attributes(file).write(ATTRIBUTE, prepared);
    }

    /** Gives a folder of our own a value that nothing else has. It need not survive a crash of the machine. */
    static void tag(Path folder, UUID value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
        bytes.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        attributes(folder).write(ATTRIBUTE, bytes.flip());
    }

    /** The value that {@link #tag} last gave to the folder; empty if it has none or is not there. */
    static Optional<UUID> tagOf(Path folder) throws IOException {
        byte[] bytes = attributeOf(folder);
        if (bytes == null) {
            return Optional.empty();
        }
        ByteBuffer value = ByteBuffer.wrap(bytes);
        return Optional.of(new UUID(value.getLong(), value.getLong()));
    }

    private void keep(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Disk.syncFolder(folder);
    }

    /**
     * Where the record of a version lies if it is too large for an attribute. The name takes part, so that a file that
     * somebody copied with its attributes does not own the record of the file it was copied from.
     */
    Path fileOf(String name, Etag etag) {
        return folder.resolve(etag.value() + "-" + Integer.toHexString(name.hashCode()));
    }

    /** The blob that a file in the records folder was written for; empty if it cannot be read. */
    static Optional<RecordFormat.Decoded.Whole> kept(Path file) {
        try {
            return RecordFormat.decoded(Files.readAllBytes(file)) instanceof RecordFormat.Decoded.Whole whole
                    ? Optional.of(whole)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * The version that stands at {@code file}; empty if no regular file does. State and
     * record belong together, also while others replace the file.
     */
    Optional<StoredBlob> versionAt(String name, Path file) throws IOException {
        for (int look = 0; look < MAX_LOOKS; look++) {
            FileState before = FileState.of(file).orElse(null);
            if (before == null || !before.isFile()) {
                return Optional.empty();
            }
            VersionRecord record = recordOf(name, file);
            if (record != null && record.describes(before)) {
                return Optional.of(new StoredBlob(name, file, before, record));
            }
            // Edited by hand, or replaced between the two looks: only a third look can tell.
            if (FileState.of(file).filter(before::equals).isPresent()) {
                BlobHeaders headers = record == null ? BlobHeaders.NONE : record.headers();
                return Optional.of(new StoredBlob(name, file, before, VersionRecord.ofHandmade(before, headers)));
            }
        }
        throw new ForebayException.Unavailable("the file " + file + " changes faster than it can be looked at");
    }

    private @Nullable VersionRecord recordOf(String name, Path file) throws IOException {
        byte[] bytes = attributeOf(file);
        if (bytes == null) {
            return null;
        }
        try {
            return switch (RecordFormat.decoded(bytes)) {
                case RecordFormat.Decoded.Whole whole -> whole.version();
                case RecordFormat.Decoded.Named named -> named(name, named.etag());
            };
        } catch (IOException damaged) {
            log.warn("record ignored file={} reason={}", file, damaged.getMessage());
            return null;
        }
    }

    private @Nullable VersionRecord named(String name, Etag etag) throws IOException {
        try {
            return RecordFormat.decoded(Files.readAllBytes(fileOf(name, etag)))
                            instanceof RecordFormat.Decoded.Whole whole
                    ? whole.version()
                    : null;
        } catch (NoSuchFileException forgotten) {
            return null; // The version was replaced since, or somebody copied the file with its attributes.
        }
    }

    /** The attribute's bytes; null if the file has none, or is not ours to read, or is gone. */
    private static byte @Nullable [] attributeOf(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_INLINE_BYTES);
        try {
            attributes(file).read(ATTRIBUTE, bytes);
        } catch (NoSuchFileException | AccessDeniedException unreadable) {
            return null;
        } catch (FileSystemException failure) {
            if (hasAttribute(file)) {
                throw failure;
            }
            return null;
        }
        byte[] read = new byte[bytes.flip().remaining()];
        bytes.get(read);
        return read;
    }

    /** Asked only after a read has failed: the reason is told in words of the user's language. */
    private static boolean hasAttribute(Path file) throws IOException {
        try {
            return attributes(file).list().contains(ATTRIBUTE);
        } catch (FileSystemException failure) {
            if (FileState.of(file).isEmpty()) {
                return false;
            }
            throw failure;
        }
    }

    private static UserDefinedFileAttributeView attributes(Path file) throws ForebayException {
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw new ForebayException.Unsupported("this platform gives no access to user attributes of " + file);
        }
        return view;
    }
}
