package io.forebay.fs;

import java.time.Duration;

/**
 * Says how much longer a {@link FileSystemOperations} believes what it answered. A file system may implement it beside its
 * operations; whoever keeps answers for so long, and no longer, never shows older ones than the file system itself would.
 * What it does on its own before that, it tells by {@link ChangeSource}.
 */
public interface Validity {
    /** For the attributes of {@code inode}, and that its name leads to it; zero if it would ask at once. */
    Duration ofInode(long inode);

    /** For there being no {@code name} in {@code parent}. */
    Duration ofAbsence(long parent, String name);
}
