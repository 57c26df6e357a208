package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Door;

/** A door and what stands behind it, put together and ready to be mounted. */
public interface MountParts {
    Door door();

    /**
     * Uploads what open handles still hold, then gives everything back.
     *
     * @throws ForebayException if something could not be uploaded; the sentence says what, and where the bytes are
     */
    void finish() throws ForebayException;
}
