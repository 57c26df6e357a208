package io.forebay.fs;

import java.time.Duration;

/**
 * How a tree behaves.
 *
 * @param readOnly refuse every change
 * @param owner to whom inodes belong whose blob does not say
 * @param filePermissions of files whose blob does not say; the low 12 bits of the mode
 * @param directoryPermissions of directories whose blob does not say
 * @param metadataValidity how long what was learned of the store is believed without asking again
 * @param requestDeadline how long one request to the store may take, its retries included
 * @param maxCachedNames how many names are remembered while nobody uses them
 * @param prefetchSiblings whether small files are fetched ahead whose siblings are being read
 */
public record TreeSettings(
        boolean readOnly,
        Caller owner,
        int filePermissions,
        int directoryPermissions,
        Duration metadataValidity,
        Duration requestDeadline,
        long maxCachedNames,
        boolean prefetchSiblings) {

    /** About 500 bytes a name with its inode: at most some 75 MB for what nobody holds open. */
    public static final long DEFAULT_MAX_CACHED_NAMES = 150_000;

    public TreeSettings {
        requirePermissions(filePermissions);
        requirePermissions(directoryPermissions);
        if (metadataValidity.isNegative() || !requestDeadline.isPositive() || maxCachedNames < 1) {
            throw new IllegalArgumentException("validity " + metadataValidity + ", deadline " + requestDeadline
                    + ", names " + maxCachedNames + ": must not be negative, nor the last two zero");
        }
    }

    private static void requirePermissions(int permissions) {
        if ((permissions & ~07777) != 0) {
            throw new IllegalArgumentException("not permissions: 0" + Integer.toOctalString(permissions));
        }
    }
}
