package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The folder for content on local disk, before anything is in it. */
public final class CacheFolder {
    /** Enough that a file system which has it has more than its last blocks; little enough to take no time. */
    private static final int PROBE_BYTES = 1 << 20;

    private CacheFolder() {}

    /**
     * Makes the folder if it is missing, and succeeds if content can be written there.
     *
     * @throws ForebayException.NoSpace if the disk is full
     * @throws ForebayException.NotADirectory if something else has its name
     */
    public static void prepare(Path folder) throws ForebayException {
        try {
            Files.createDirectories(folder);
            probe(folder);
        } catch (FileAlreadyExistsException | NotDirectoryException other) {
            throw new ForebayException.NotADirectory("the cache path " + folder
                    + " is not a folder, or lies below something that is none; name another one with --cache-path");
        } catch (IOException refused) {
            throw sentence(folder, refused);
        }
    }

    private static void probe(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "probe-", ".tmp");
        try {
            Files.write(probe, new byte[PROBE_BYTES]);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static ForebayException sentence(Path folder, IOException refused) {
        ForebayException kind = LocalDisk.failed("cannot write to the cache path", folder, refused);
        if (kind instanceof ForebayException.NoSpace) {
            return new ForebayException.NoSpace(
                    "the disk of the cache path " + folder
                            + " is full; free some space, or name another one with --cache-path",
                    refused);
        }
        return new ForebayException.Denied(
                "the cache path " + folder + " cannot be written (" + LocalDisk.reason(refused)
                        + "); name another one with --cache-path",
                refused);
    }
}
