package io.forebay.fs;

import io.forebay.blob.Etag;
import org.jspecify.annotations.Nullable;

/** Of which version the pages are that the kernel has kept of one inode. Guarded by the inode's monitor. */
final class KeptPages {
    /**
     * What a handle says of pages.
     *
     * @param version that it reads; null if its bytes may change
     * @param stand whether those that were kept before it was opened are of that version
     */
    record Seen(@Nullable Etag version, boolean stand) {
        static final Seen NOTHING = new Seen(null, false);
    }

    /** Null if some may be of another version. */
    private @Nullable Etag all;

    void drop() {
        all = null;
    }

    /**
     * The inode is opened. Unless the pages stand, the kernel drops them when it takes the handle.
     *
     * @param version null if its bytes may change
     */
    Seen opened(@Nullable Etag version) {
        if (version == null) {
            drop();
            return Seen.NOTHING;
        }
        return new Seen(version, version.equals(all));
    }

    /**
     * A handle was closed: the kernel has dropped long ago what it had kept from before, and has since read through this
     * handle and others of the same version. That is not known earlier, since another handle can overtake this one on
     * its way to the kernel.
     *
     * @param version of the inode now; null if its bytes may change
     */
    void closed(Seen seen, @Nullable Etag version) {
        if (version != null && version.equals(seen.version())) {
            all = version;
        }
    }
}
