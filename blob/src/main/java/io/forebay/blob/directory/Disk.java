package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What the local file system is asked for in more than one place, and how its failures are told. */
final class Disk {
    private Disk() {}

    /** The failure of {@code what}, the start of a sentence, as a caller of the store sees it. */
    static ForebayException failed(String what, Path where, IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return new ForebayException.Denied(
                    what + " at " + where + ": permission denied; let this user read and write that folder", failure);
        }
        return LocalDisk.failed(what, where, failure);
    }

    static void requireTimeLeft(Deadline deadline, String what) throws ForebayException {
        if (deadline.passed()) {
            throw new ForebayException.Unavailable("the time for it was up: " + what);
        }
    }

    /** Makes the bytes, length and attributes of a file durable. */
    static void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes the entries of a folder durable. A folder that is gone has none. */
    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException pruned) {
            // Its removal is an entry of its parent, which whoever removed it makes durable.
        }
    }

    /** What is in a folder now; nothing if it is gone. */
    static List<Path> entriesOf(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return entries;
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return entries;
    }

    /** Removes a file, or a folder with the files that are directly in it. */
    static void removeFlat(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : entriesOf(path)) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(path);
    }
}
