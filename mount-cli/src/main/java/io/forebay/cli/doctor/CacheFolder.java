package io.forebay.cli.doctor;

import io.forebay.fs.kernel.KernelOffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A folder in which a mount would cache content.
 *
 * @param path need not exist yet
 * @param trial asks the kernel what it does for files there
 */
public record CacheFolder(Path path, Trial trial) {
    private static final long LITTLE_SPACE_BYTES = 10L << 30;

    /** The folder at {@code path}, tried with a mount of its own. */
    public static CacheFolder at(Path path) {
        return new CacheFolder(path, new TrialMount(nearestFolder(path)));
    }

    /** What the trial said of passthrough for files in it. */
    Finding passthrough(KernelOffer.Passthrough passthrough) {
        return switch (passthrough) {
            case WORKS -> Finding.good("passthrough", "for files below " + nearest() + " (" + fileSystem() + ")");
            case NOT_OFFERED -> noPassthrough("the kernel has none", "Linux 6.9 or newer");
            case NOT_PERMITTED -> noPassthrough("not for this user", "mount as root");
            case STACKED ->
                noPassthrough(
                        "not on a stacked file system (" + nearest() + " is " + fileSystem() + ")",
                        "name a folder on a disk with --cache-path");
            case REFUSED ->
                noPassthrough(
                        "refused for " + nearest() + " (" + fileSystem() + ")",
                        "name a folder on ext4 or xfs with --cache-path");
        };
    }

    private static Finding noPassthrough(String here, String get) {
        return Finding.less("passthrough", here, "cached reads and new files at the disk's own speed", get);
    }

    /** Whether it can be written, and how much room there is. */
    Finding room() {
        Path there = nearest();
        if (!Files.isWritable(there)) {
            return Finding.bars("cache", there + " cannot be written; name another folder with --cache-path");
        }
        try {
            long freeBytes = Files.getFileStore(there).getUsableSpace();
            String here = path + " (" + fileSystem() + ", "
                    + String.format(Locale.ROOT, "%.1f GiB free", freeBytes / (double) (1 << 30)) + ")";
            if (fileSystem().equals("tmpfs")) {
                return Finding.less(
                        "cache", here, "memory that programs could use", "name a folder on a disk with --cache-path");
            }
            return freeBytes >= LITTLE_SPACE_BYTES
                    ? Finding.good("cache", here)
                    : Finding.less(
                            "cache", here, "room for large files", "name a folder on a larger disk with --cache-path");
        } catch (IOException unreadable) {
            return Finding.bars("cache", there + " cannot be examined: " + unreadable.getMessage());
        }
    }

    /** The folder, or the nearest one that would hold it. */
    private Path nearest() {
        return nearestFolder(path);
    }

    static Path nearestFolder(Path path) {
        @Nullable Path folder = path;
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder == null ? Path.of("/") : folder;
    }

    private String fileSystem() {
        try {
            return Files.getFileStore(nearest()).type();
        } catch (IOException unreadable) {
            return "unknown";
        }
    }
}
