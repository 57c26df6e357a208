package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The folder on one cache disk with a {@link RenameRecord} for each rename of a directory that has not ended. */
final class RenameFolder {
    private static final String NAME = "renames";
    private static final String SUFFIX = ".rename";
    /** What is not written down yet: its rename has not begun. */
    private static final String NEW_SUFFIX = ".new";

    private final CacheDirectory directory;
    private final Path folder;
    private final AtomicInteger last;

    private RenameFolder(CacheDirectory directory, Path folder, int last) {
        this.directory = directory;
        this.folder = folder;
        this.last = new AtomicInteger(last);
    }

    static RenameFolder open(CacheDirectory directory) throws ForebayException {
        Path folder = directory.path().resolve(NAME);
        try {
            for (Path unborn : files(folder, NEW_SUFFIX)) {
                directory.delete(unborn);
            }
            List<Path> left = files(folder, SUFFIX);
            return new RenameFolder(directory, folder, left.isEmpty() ? 0 : numberOf(left.getLast()));
        } catch (IOException failure) {
            throw directory.health().failed("cannot look for renames that have not ended", folder, failure);
        }
    }

    private static int numberOf(Path file) {
        return HexFormat.fromHexDigits(file.getFileName().toString(), 0, Integer.SIZE / 4);
    }

    /** In the order in which they were begun. */
    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{8}\\" + suffix))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    RenameRecord begin(RenameRecord.Names names, List<RenameRecord.Part> parts) throws ForebayException {
        String number = HexFormat.of().toHexDigits(last.incrementAndGet());
        return RenameRecord.begin(
                directory, folder.resolve(number + SUFFIX), folder.resolve(number + NEW_SUFFIX), names, parts);
    }

    /** Those that have not ended, with those of this process; what cannot be read is left where it is. */
    List<RenameRecord> left() throws ForebayException {
        try {
            List<RenameRecord> left = new ArrayList<>();
            for (Path file : files(folder, SUFFIX)) {
                RenameRecord.at(directory, file).ifPresent(left::add);
            }
            return left;
        } catch (IOException failure) {
            throw directory.health().failed("cannot look for renames that have not ended", folder, failure);
        }
    }

    /** What has not ended in the cache in {@code cacheFolder}, for whoever changes nothing. */
    static List<RenameRecord.Names> look(Path cacheFolder) throws IOException {
        List<RenameRecord.Names> left = new ArrayList<>();
        for (Path file : files(cacheFolder.resolve(NAME), SUFFIX)) {
            Optional<RenameRecord.Names> names = RenameRecord.look(file);
            names.ifPresent(left::add);
        }
        return left;
    }
}
