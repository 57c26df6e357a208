package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.FileSystemOperations;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files that were unlinked while open.
 *
 * <p>libfuse 2 does not unlink such a file: it renames it to {@code .fuse_hidden…} and unlinks that at the last close,
 * so that its paths keep working. On a store this would be a copy and two deletes for nothing. So the rename is taken
 * for what it means, an unlink, and the hidden path is remembered as another way to the inode until libfuse unlinks it.
 */
final class HiddenFiles {
    /** What libfuse 2.9 makes of a node's number and a counter: {@code .fuse_hidden%08x%08x}. */
    private static final Pattern NAME = Pattern.compile("\\.fuse_hidden[0-9a-f]{16}");

    private final FileSystemOperations tree;
    private final ConcurrentHashMap<String, Long> inodes = new ConcurrentHashMap<>();

    HiddenFiles(FileSystemOperations tree) {
        this.tree = tree;
    }

    static boolean isHiddenName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The inode that {@code path} hides; null for every ordinary path. */
    @Nullable
    Long inodeOf(String path) {
        return inodes.isEmpty() ? null : inodes.get(path);
    }

    /** Unlinks the entry, and keeps a way to its inode under {@code hiddenPath}. */
    void hide(long parent, String name, String hiddenPath) throws ForebayException {
        long inode = tree.lookup(parent, name).inode();
        try {
            tree.unlink(parent, name);
        } catch (ForebayException failure) {
            tree.forget(inode, 1);
            throw failure;
        }
        inodes.put(hiddenPath, inode);
    }

    /** The last close of the file. @return false if {@code path} hides nothing */
    boolean forget(String path) {
        Long inode = inodes.remove(path);
        if (inode == null) {
            return false;
        }
        tree.forget(inode, 1);
        return true;
    }
}
