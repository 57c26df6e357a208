package io.forebay.fs;

import java.time.Duration;

/**
 * What a door asks of the kernel.
 *
 * @param fsName what {@code mount} and {@code df} show as the source
 * @param readOnly whether the kernel refuses changes
 * @param allowOther whether users other than the one who mounts may use it
 * @param allowRoot whether root may use it beside the one who mounts
 * @param defaultPermissions whether the kernel checks permissions by mode and owner
 * @param extendedAttributes whether there are any; the kernel then asks for one before each write
 * @param attributeTimeout how long the kernel may trust attributes
 * @param entryTimeout how long the kernel may trust that a name leads to an inode
 * @param negativeTimeout how long the kernel may trust that there is no such name
 */
public record DoorSettings(
        String fsName,
        boolean readOnly,
        boolean allowOther,
        boolean allowRoot,
        boolean defaultPermissions,
        boolean extendedAttributes,
        Duration attributeTimeout,
        Duration entryTimeout,
        Duration negativeTimeout) {
    /** The file system type that the mount table shows behind {@code "fuse."}. */
    public static final String SUBTYPE = "forebay";

    public DoorSettings {
        if (allowOther && allowRoot) {
            throw new IllegalArgumentException("allow_other includes root; allow_root beside it means nothing");
        }
        if (attributeTimeout.isNegative() || entryTimeout.isNegative() || negativeTimeout.isNegative()) {
            throw new IllegalArgumentException("a timeout is zero or more");
        }
    }
}
