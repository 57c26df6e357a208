package io.forebay.fs.kernel;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who moves the bytes of an inode while it is open: the kernel, through a backing file, or the door.
 *
 * <p>The kernel's rules, of which this keeps a simpler and stricter form: while a backed open lives, every other open of
 * the inode must be backed by the same file, or it fails with EIO; while the page cache of the inode is in use, no open
 * may be backed. A handle with FOPEN_DIRECT_IO does not use the page cache until somebody maps it, and nobody tells us
 * when that happens. So the first open decides, and the inode changes over only when it was closed by all.
 *
 * <p>The kernel counts an open after we answered it, and a close before it tells us. What we count is therefore never
 * less than what the kernel counts, on the safe side.
 */
sealed interface InodeMode {
    int opens();

    /**
     * The kernel moves them.
     *
     * @param mappable whether somebody could have mapped it for writing
     */
    record Backed(Path file, int backingId, boolean mappable, int opens) implements InodeMode {}

    /** The door moves them. */
    record Served(int opens) implements InodeMode {}

    /** What becomes of an open. */
    sealed interface Opening {
        /** It joins with this mode, which is now that of the inode. */
        record Joined(InodeMode mode) implements Opening {}

        /** It can be neither backed, with the file that others use, nor served beside them. */
        record Conflict() implements Opening {}
    }

    /**
     * Opens an inode once more.
     *
     * @param mode as it is; null if nobody has the inode open
     * @param offer a file that may back this open; null if there is none
     */
    static Opening open(@Nullable InodeMode mode, @Nullable Offer offer) {
        return switch (mode) {
            case null ->
                new Opening.Joined(
                        offer == null
                                ? new Served(1)
                                : new Backed(offer.file(), offer.backingId(), offer.mappable(), 1));
            case Served served -> new Opening.Joined(new Served(served.opens() + 1));
            case Backed backed
            when offer != null && offer.file().equals(backed.file()) ->
                new Opening.Joined(new Backed(
                        backed.file(), backed.backingId(), backed.mappable() || offer.mappable(), backed.opens() + 1));
            case Backed _ -> new Opening.Conflict();
        };
    }

    /** The mode after one of the opens ended; null if it was the last. */
    static @Nullable InodeMode close(InodeMode mode) {
        if (mode.opens() == 1) {
            return null;
        }
        return switch (mode) {
            case Backed backed -> new Backed(backed.file(), backed.backingId(), backed.mappable(), backed.opens() - 1);
            case Served served -> new Served(served.opens() - 1);
        };
    }

    /**
     * A file that holds the whole content.
     *
     * @param backingId under which the kernel knows it
     * @param mappable whether this open allows a mapping for writing
     */
    record Offer(Path file, int backingId, boolean mappable) {}
}
