package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.nio.channels.WritableByteChannel;

/** Bytes of a content that lie in one local file. They hold still for as long as they are shown, and no longer. */
public interface FileRegion {
    /** At least one. */
    int lengthBytes();

    /** Writes all of them to {@code target}; without copying them, where that is an open file. */
    void transferTo(WritableByteChannel target) throws ForebayException;

    /** Does something with bytes while they hold still. */
    @FunctionalInterface
    interface Reader {
        /** Must not wait for anything but {@code region}'s file: writers of the content wait meanwhile. */
        void read(FileRegion region) throws ForebayException;
    }
}
