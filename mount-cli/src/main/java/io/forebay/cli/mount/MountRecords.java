package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.cli.config.DefaultPlaces;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The records of this user's mounts, one file each.
 *
 * @param folder where they are; made by the first one
 */
public record MountRecords(Path folder) {
    private static final String SUFFIX = ".mount";

    /** Puts a mount on record; readers see the old record or the new one, never half of one. */
    public void write(MountRecord record) throws ForebayException {
        Path file = fileOf(record.mountPoint());
        try {
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, "record-", ".tmp");
            try (Writer writer = Files.newBufferedWriter(unfinished)) {
                record.toProperties().store(writer, null);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw LocalDisk.failed("cannot put the mount on record", file, failed);
        }
    }

    /** Strikes a mount off; nothing happens if it is not on record. */
    public void remove(Path mountPoint) throws ForebayException {
        Path file = fileOf(mountPoint);
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw LocalDisk.failed("cannot remove the record", file, failed);
        }
    }

    /** The record of the mount at {@code mountPoint}, if there is one and it can be read. */
    public Optional<MountRecord> find(Path mountPoint) {
        return readIfWhole(fileOf(mountPoint));
    }

    /** All of them. */
    public List<MountRecord> all() throws ForebayException {
        List<MountRecord> records = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                readIfWhole(file).ifPresent(records::add);
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException unreadable) {
            throw LocalDisk.failed("cannot read the records of mounts", folder, unreadable);
        }
        return records;
    }

    /** A record is a convenience: one that is damaged or gone counts as none, and the mount table still knows. */
    private static Optional<MountRecord> readIfWhole(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Properties properties = new Properties();
            properties.load(reader);
            return Optional.of(MountRecord.of(properties));
        } catch (IOException | IllegalArgumentException damagedOrGone) {
            return Optional.empty();
        }
    }

    private Path fileOf(Path mountPoint) {
        return folder.resolve(DefaultPlaces.fileName(mountPoint) + SUFFIX);
    }
}
