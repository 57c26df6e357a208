package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.OpenMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The handles of files that the kernel has open, and the {@link InodeMode} of their inodes. It registers backing files
 * with the kernel and withdraws them; no lock is held while it does.
 */
final class OpenFiles {
    private static final Opened SERVED = new Opened(false, 0);

    private final BackingFiles backing;
    private final BackingRegistry registry;
    private final Object lock = new Object();
    /** Guarded by {@link #lock}. */
    private final Map<Long, InodeMode> modes = new HashMap<>();
    /** Inodes by handle; guarded by {@link #lock}. */
    private final Map<Long, Long> inodes = new HashMap<>();

    /** @param registry the kernel's; one that takes none where passthrough was not agreed on */
    OpenFiles(BackingFiles backing, BackingRegistry registry) {
        this.backing = backing;
        this.registry = registry;
    }

    /**
     * How a handle is opened.
     *
     * @param backed whether the kernel moves the bytes
     * @param backingId the file that it does that with
     */
    record Opened(boolean backed, int backingId) {}

    /**
     * Takes note of a handle that is about to be handed out.
     *
     * @throws ForebayException.Changed if the inode is open with another file behind it; the handle is not noted then
     */
    Opened open(long inode, long handle, OpenMode openMode) throws ForebayException {
        while (true) {
            @Nullable InodeMode before = mode(inode);
            @Nullable Path file = fileFor(before, handle);
            OptionalInt registered = file != null && before == null ? registry.openBacking(file) : OptionalInt.empty();
            InodeMode.@Nullable Offer offer = offer(file, before, registered, openMode);
            @Nullable InodeMode joined = join(inode, handle, before, offer);
            if (registered.isPresent() && !isUsed(registered.getAsInt(), joined)) {
                registry.closeBacking(registered.getAsInt());
            }
            switch (joined) {
                case InodeMode.Backed backed -> {
                    return new Opened(true, backed.backingId());
                }
                case InodeMode.Served _ -> {
                    if (file != null) {
                        backing.notTaken(handle);
                    }
                    return SERVED;
                }
                case null -> {} // somebody else opened or closed it meanwhile: look again
            }
        }
    }

    /** The file that may back an open; null if there is none, or if the door moves the bytes of the inode in any case. */
    private @Nullable Path fileFor(@Nullable InodeMode mode, long handle) throws ForebayException {
        boolean wanted = mode instanceof InodeMode.Backed
                || (mode == null && registry.takesFiles() && !backing.isBetterServed(handle));
        return wanted ? backing.backingFile(handle).orElse(null) : null;
    }

    /** Whether the kernel may keep the pages that it has of the inode, as far as the door moves its bytes. */
    boolean keepsPages(long handle) {
        return backing.keepsPages(handle);
    }

    private static InodeMode.@Nullable Offer offer(
            @Nullable Path file, @Nullable InodeMode before, OptionalInt registered, OpenMode openMode) {
        if (file == null) {
            return null;
        }
        boolean mappable = openMode.read() && openMode.write();
        if (registered.isPresent()) {
            return new InodeMode.Offer(file, registered.getAsInt(), mappable);
        }
        return before instanceof InodeMode.Backed backed
                ? new InodeMode.Offer(file, backed.backingId(), mappable)
                : null;
    }

    /**
     * Joins the inode.
     *
     * @param before the mode for which the offer was made: one for a backed inode is borrowed, and ends with the last who
     *     has it open; and that there is none may be because the content was not whole yet
     * @return the mode of the inode from now on; null if the offer is outdated and another is needed
     */
    private @Nullable InodeMode join(
            long inode, long handle, @Nullable InodeMode before, InodeMode.@Nullable Offer offer)
            throws ForebayException {
        synchronized (lock) {
            @Nullable InodeMode current = modes.get(inode);
            boolean borrowedFromNobody = current == null && before != null;
            boolean backedMeanwhile = current instanceof InodeMode.Backed && !(before instanceof InodeMode.Backed);
            if (borrowedFromNobody || (backedMeanwhile && offer == null)) {
                return null;
            }
            switch (InodeMode.open(current, offer)) {
                case InodeMode.Opening.Joined joined -> {
                    modes.put(inode, joined.mode());
                    inodes.put(handle, inode);
                    return joined.mode();
                }
                case InodeMode.Opening.Conflict _ ->
                    throw new ForebayException.Changed("inode " + inode + " is open with other content");
            }
        }
    }

    private static boolean isUsed(int backingId, @Nullable InodeMode mode) {
        return mode instanceof InodeMode.Backed backed && backed.backingId() == backingId;
    }

    private @Nullable InodeMode mode(long inode) {
        synchronized (lock) {
            return modes.get(inode);
        }
    }

    /**
     * Whether bytes may still come through a mapping although {@code handle}, the last of its inode, was closed: a mapping
     * lives longer than the descriptor that it was made with, and the kernel says nothing of its end.
     */
    boolean isStillMapped(long handle) {
        Path file;
        synchronized (lock) {
            @Nullable Long inode = inodes.get(handle);
            @Nullable InodeMode mode = inode == null ? null : modes.get(inode);
            if (!(mode instanceof InodeMode.Backed backed) || !backed.mappable() || backed.opens() > 1) {
                return false;
            }
            file = backed.file();
        }
        return registry.isWrittenElsewhere(file);
    }

    /**
     * Forgets a handle, and withdraws the backing file with its last user.
     *
     * @return false if it is not known, or no longer
     */
    boolean close(long handle) {
        @Nullable InodeMode before;
        @Nullable InodeMode after;
        synchronized (lock) {
            @Nullable Long inode = inodes.remove(handle);
            before = inode == null ? null : modes.get(inode);
            if (inode == null || before == null) {
                return false;
            }
            after = InodeMode.close(before);
            if (after == null) {
                modes.remove(inode);
            } else {
                modes.put(inode, after);
            }
        }
        if (after == null && before instanceof InodeMode.Backed backed) {
            registry.closeBacking(backed.backingId());
        }
        return true;
    }

    /** Handles that are open now. */
    List<Long> handles() {
        synchronized (lock) {
            return new ArrayList<>(inodes.keySet());
        }
    }
}
