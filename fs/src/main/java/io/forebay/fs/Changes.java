package io.forebay.fs;

/** Where the rooms of the tree report changes, whoever listens now. */
final class Changes implements ChangeListener {
    private volatile ChangeListener listener = ChangeListener.NONE;

    void tell(ChangeListener current) {
        listener = current;
    }

    @Override
    public void nameChanged(long parent, String name) {
        listener.nameChanged(parent, name);
    }

    @Override
    public void contentChanged(long inode) {
        listener.contentChanged(inode);
    }

    @Override
    public void attributesChanged(long inode) {
        listener.attributesChanged(inode);
    }

    @Override
    public void nameUnwanted(long parent, String name) {
        listener.nameUnwanted(parent, name);
    }
}
