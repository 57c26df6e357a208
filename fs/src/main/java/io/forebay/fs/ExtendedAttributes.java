package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.List;
import java.util.Optional;

/**
 * Attributes that programs name themselves, {@code user.…} on Linux. A file system may implement it beside its
 * {@link FileSystemOperations}.
 *
 * <p>Names of other namespaces are {@link ForebayException.Unsupported}; more than a blob can carry is
 * {@link ForebayException.NoSpace}.
 */
public interface ExtendedAttributes {
    /** What must be there before an attribute is set. */
    enum Setting {
        EITHER,
        CREATE,
        REPLACE
    }

    /** The value; empty if there is no such attribute. */
    Optional<byte[]> getxattr(long inode, String name) throws ForebayException;

    /** All names, each with its namespace. */
    List<String> listxattr(long inode) throws ForebayException;

    /**
     * @return false if there was none to replace
     * @throws ForebayException.AlreadyExists if there was one, and it was to be created
     */
    boolean setxattr(long inode, String name, byte[] value, Setting setting) throws ForebayException;

    /** @return false if there was none */
    boolean removexattr(long inode, String name) throws ForebayException;
}
