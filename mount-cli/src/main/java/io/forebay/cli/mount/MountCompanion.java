package io.forebay.cli.mount;

/** Something that lives beside a mount, from before it is on record until its uploads begin. */
public interface MountCompanion {
    /** A mount without any. */
    MountCompanion NONE = new MountCompanion() {
        @Override
        public void open() {}

        @Override
        public void close() {}
    };

    /** Begins. What goes wrong is logged, and is nothing that a mount fails for. */
    void open();

    /** Ends, within seconds, together with all that it has begun. */
    void close();
}
