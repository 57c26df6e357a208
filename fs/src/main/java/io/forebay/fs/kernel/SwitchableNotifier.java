package io.forebay.fs.kernel;

/** Passes on to whichever notifier is in use now. */
final class SwitchableNotifier implements KernelNotifier {
    private volatile KernelNotifier current = KernelNotifier.SILENT;

    void use(KernelNotifier notifier) {
        current = notifier;
    }

    @Override
    public void nameChanged(long parent, String name) {
        current.nameChanged(parent, name);
    }

    @Override
    public void contentChanged(long inode) {
        current.contentChanged(inode);
    }

    @Override
    public void attributesChanged(long inode) {
        current.attributesChanged(inode);
    }
}
