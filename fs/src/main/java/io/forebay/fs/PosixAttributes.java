package io.forebay.fs;

import io.forebay.blob.BlobProperties;
import io.forebay.blob.Metadata;
import java.time.Instant;
import java.util.Optional;

/**
 * Mode, owner and modification time, and how a blob's metadata carries them: under the names, and in the formats, that
 * AzCopy uses for {@code --preserve-posix-properties}, so that either tool reads what the other wrote.
 *
 * @param permissions the low 12 bits of the mode
 * @param uid owner
 * @param gid group
 * @param modifyNanos last change of the content, since 1970 in nanoseconds
 */
record PosixAttributes(int permissions, int uid, int gid, long modifyNanos) {
    /** A directory marker, as BlobFuse2, ADLS and Hadoop keep it. */
    static final String IS_FOLDER = "hdi_isfolder";

    /** A symlink, whose body is the target, as BlobFuse2 and AzCopy keep it. */
    static final String IS_SYMLINK = "is_symlink";

    /** What AzCopy writes for the other kinds that have no content. */
    private static final String IS_FIFO = "is_fifo";

    private static final String IS_SOCKET = "is_socket";

    private static final String PERMISSIONS = "permissions";
    private static final String MODIFY_TIME = "modtime";
    private static final String OWNER = "posix_owner";
    private static final String GROUP = "posix_group";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static FileKind kindOf(BlobProperties blob) {
        return kindOf(blob.metadata());
    }

    static FileKind kindOf(Metadata metadata) {
        if (metadata.isTrue(IS_FOLDER)) {
            return FileKind.DIRECTORY;
        }
        if (metadata.isTrue(IS_SYMLINK)) {
            return FileKind.SYMLINK;
        }
        if (metadata.isTrue(IS_FIFO)) {
            return FileKind.FIFO;
        }
        return metadata.isTrue(IS_SOCKET) ? FileKind.SOCKET : FileKind.FILE;
    }

    /** Whether {@code metadata} says when the content was changed. */
    static boolean namesTime(Metadata metadata) {
        return metadata.get(MODIFY_TIME).isPresent();
    }

    /** What the blob says of itself; the rest from {@code settings}, and the time from its last modification. */
    static PosixAttributes of(BlobProperties blob, TreeSettings settings) {
        return of(blob.metadata(), unsaid(kindOf(blob), nanos(blob.lastModified()), settings));
    }

    /** What {@code metadata} says, and the rest from {@code unsaid}. */
    static PosixAttributes of(Metadata metadata, PosixAttributes unsaid) {
        return new PosixAttributes(
                metadata.get(PERMISSIONS).flatMap(PosixAttributes::mode).orElse(unsaid.permissions),
                metadata.get(OWNER)
                        .flatMap(PosixAttributes::number)
                        .map(Long::intValue)
                        .orElse(unsaid.uid),
                metadata.get(GROUP)
                        .flatMap(PosixAttributes::number)
                        .map(Long::intValue)
                        .orElse(unsaid.gid),
                metadata.get(MODIFY_TIME).flatMap(PosixAttributes::number).orElse(unsaid.modifyNanos));
    }

    /** The attributes of something that no blob describes. */
    static PosixAttributes unsaid(FileKind kind, long modifyNanos, TreeSettings settings) {
        int permissions =
                switch (kind) {
                    case FILE, FIFO, SOCKET -> settings.filePermissions();
                    case DIRECTORY -> settings.directoryPermissions();
                    case SYMLINK -> 0777;
                };
        return new PosixAttributes(
                permissions, settings.owner().uid(), settings.owner().gid(), modifyNanos);
    }

    /** {@code metadata} with these attributes in it; everything else in it stays. */
    Metadata addTo(Metadata metadata, FileKind kind) {
        Metadata described = metadata.with(PERMISSIONS, Integer.toString(kind.modeBits() | permissions))
                .with(OWNER, Integer.toUnsignedString(uid))
                .with(GROUP, Integer.toUnsignedString(gid))
                .with(MODIFY_TIME, Long.toString(modifyNanos));
        return switch (kind) {
            case FILE -> described;
            case DIRECTORY -> described.with(IS_FOLDER, "true");
            case SYMLINK -> described.with(IS_SYMLINK, "true");
            case FIFO -> described.with(IS_FIFO, "true");
            case SOCKET -> described.with(IS_SOCKET, "true");
        };
    }

    /** These with what {@code change} names replaced; size and access time are not among them. */
    PosixAttributes with(AttributeChange change) {
        return new PosixAttributes(
                change.permissions() == null ? permissions : change.permissions() & 07777,
                change.uid() == null ? uid : change.uid(),
                change.gid() == null ? gid : change.gid(),
                change.modifyNanos() == null ? modifyNanos : change.modifyNanos());
    }

    PosixAttributes withModifyNanos(long nanos) {
        return new PosixAttributes(permissions, uid, gid, nanos);
    }

    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    /** Decimal as AzCopy writes it, or octal with a leading zero as Azure Managed Lustre does. */
    private static Optional<Integer> mode(String text) {
        try {
            int radix = text.startsWith("0") ? 8 : 10;
            return Optional.of(Integer.parseInt(text, radix) & 07777);
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }
}
