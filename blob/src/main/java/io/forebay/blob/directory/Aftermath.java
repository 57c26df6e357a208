package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do for a change that everybody can see already: to make it durable, and to remove what nobody needs
 * any more. It is done after the lock is given back and before the change is acknowledged, so that changes wait for the
 * disk side by side and not one after the other.
 *
 * <p>A change may stand on a folder that another one has made and not yet synced. That is sound on the journaling file
 * systems that Linux has (ext4, XFS, Btrfs): syncing a folder there also makes durable what created it.
 */
final class Aftermath {
    private static final Logger log = LoggerFactory.getLogger(Aftermath.class);

    private final Set<Path> files = new LinkedHashSet<>();
    private final Set<Path> folders = new LinkedHashSet<>();
    private final List<Path> garbage = new ArrayList<>();

    /** Notes that the file's bytes or attributes were changed. */
    void changed(Path file) {
        files.add(file);
    }

    /** Notes that the entry {@code path} of its folder was made, replaced or removed. */
    void touched(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("the root folder is nobody's entry");
        }
        folders.add(folder);
    }

    /** Notes that {@code path} can be removed once the change is durable; it need not exist. */
    void garbage(Path path) {
        garbage.add(path);
    }

    /**
     * Does it all.
     *
     * @throws ForebayException.Unavailable if the change may not survive a crash of the machine
     */
    void complete() throws ForebayException {
        try {
            for (Path file : files) {
                Disk.syncFile(file);
            }
            for (Path folder : folders) {
                Disk.syncFolder(folder);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw new ForebayException.Interrupted("interrupted while a change was made durable", interrupted);
        } catch (IOException failure) {
            throw new ForebayException.Unavailable("a change was made, but may not be durable", failure);
        }
        removeGarbage();
    }

    private void removeGarbage() {
        for (Path path : garbage) {
            try {
                Disk.removeFlat(path);
            } catch (IOException failure) {
                log.warn("leftover stays until the next sweep file={} reason={}", path, failure.getMessage());
            }
        }
    }
}
