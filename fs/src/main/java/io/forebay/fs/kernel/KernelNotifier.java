package io.forebay.fs.kernel;

/**
 * Tells the kernel that what it remembers is wrong, so that its timeouts may be long.
 *
 * <p>The calls return at once and may come from any thread, with any lock held: the messages are sent later, in order,
 * by a thread of their own, because the kernel may make them wait for a request that is under way.
 */
public interface KernelNotifier {
    /** Knows no kernel. */
    KernelNotifier SILENT = new KernelNotifier() {
        @Override
        public void nameChanged(long parent, String name) {}

        @Override
        public void contentChanged(long inode) {}

        @Override
        public void attributesChanged(long inode) {}
    };

    /** A name leads elsewhere, or nowhere, or somewhere for the first time. */
    void nameChanged(long parent, String name);

    /** The content of an inode changed: its pages and attributes are forgotten. */
    void contentChanged(long inode);

    /** The attributes of an inode changed, and its content did not. */
    void attributesChanged(long inode);
}
