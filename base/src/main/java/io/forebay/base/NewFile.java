package io.forebay.base;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A local file that is made, and never takes the place of another one. */
public final class NewFile {
    private NewFile() {}

    /**
     * Makes {@code to} with the bytes of {@code from}; if that fails it is not there.
     *
     * @throws ForebayException.AlreadyExists if something has its name; that stays as it is
     */
    public static void copy(Path from, Path to) throws ForebayException {
        OutputStream made;
        try {
            made = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException there) {
            throw new ForebayException.AlreadyExists(to + " exists");
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot make a file", to, failure);
        }
        try (made) {
            Files.copy(from, made);
        } catch (IOException failure) {
            removeQuietly(to);
            throw LocalDisk.failed("cannot copy " + from, to, failure);
        }
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // The failure that is being reported is why.
        }
    }
}
