package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Attributes;
import io.forebay.fs.FileSystemOperations;

/**
 * Turns the paths of libfuse 2 into inodes.
 *
 * <p>The whole walk is held until the request is answered, then forgotten: the lookup count that the kernel door would
 * be told about stays between this class and the tree.
 */
final class PathWalk {
    /** What a request does with the inode that its path leads to. */
    @FunctionalInterface
    interface OnInode<T> {
        T apply(long inode) throws ForebayException;
    }

    /** What a request does with a directory and the name of an entry. */
    @FunctionalInterface
    interface OnEntry<T> {
        T apply(long parent, String name) throws ForebayException;
    }

    /** What a request does with two entries. */
    @FunctionalInterface
    interface OnEntries<T> {
        T apply(long parent, String name, long otherParent, String otherName) throws ForebayException;
    }

    private final FileSystemOperations tree;
    private final HiddenFiles hidden;

    PathWalk(FileSystemOperations tree, HiddenFiles hidden) {
        this.tree = tree;
        this.hidden = hidden;
    }

    <T> T at(String path, OnInode<T> request) throws ForebayException {
        Long unlinked = hidden.inodeOf(path);
        if (unlinked != null) {
            return request.apply(unlinked);
        }
        return from(FileSystemOperations.ROOT, path, 1, request);
    }

    <T> T entry(String path, OnEntry<T> request) throws ForebayException {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        return at(path.substring(0, slash), parent -> request.apply(parent, name));
    }

    <T> T entries(String path, String otherPath, OnEntries<T> request) throws ForebayException {
        return entry(
                path,
                (parent, name) -> entry(
                        otherPath, (otherParent, otherName) -> request.apply(parent, name, otherParent, otherName)));
    }

    private <T> T from(long inode, String path, int begin, OnInode<T> request) throws ForebayException {
        if (begin >= path.length()) {
            return request.apply(inode);
        }
        int slash = path.indexOf('/', begin);
        int end = slash < 0 ? path.length() : slash;
        Attributes next = tree.lookup(inode, path.substring(begin, end));
        try {
            return from(next.inode(), path, end + 1, request);
        } finally {
            tree.forget(next.inode(), 1);
        }
    }
}
