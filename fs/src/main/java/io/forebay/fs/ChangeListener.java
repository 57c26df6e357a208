package io.forebay.fs;

/**
 * Is told what the tree learned or did beside what it was asked for, so that nobody goes on believing what was answered
 * before. It never waits, and it may be told of things that nobody remembers.
 */
public interface ChangeListener {
    /** Is interested in nothing. */
    ChangeListener NONE = new ChangeListener() {
        @Override
        public void nameChanged(long parent, String name) {}

        @Override
        public void contentChanged(long inode) {}

        @Override
        public void attributesChanged(long inode) {}

        @Override
        public void nameUnwanted(long parent, String name) {}
    };

    /** A name leads elsewhere, or nowhere, or somewhere for the first time. */
    void nameChanged(long parent, String name);

    /** The content of an inode changed, and with it its attributes. */
    void contentChanged(long inode);

    /** The attributes of an inode changed, and its content did not. */
    void attributesChanged(long inode);

    /** Nothing changed, but whoever remembers the name is asked to forget it, to save us memory. May be left undone. */
    void nameUnwanted(long parent, String name);
}
