package io.forebay.fs;

import io.forebay.base.NewFile;
import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.cache.LeftContent;
import io.forebay.cache.PendingFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files that a mount which died, or could not upload them, left in a cache folder; looked at without a mount. The
 * folder stays as it is, and no mount can take it until this is closed.
 */
public final class Recovery implements AutoCloseable {
    private final LeftContent left;

    private Recovery(LeftContent left) {
        this.left = left;
    }

    /**
     * A file that is not in the store.
     *
     * @param store that it is for, as a person reads it
     * @param path from the root of the tree; that of a directory ends with a slash
     * @param sizeBytes -1 if its content is missing
     * @param since when it was closed or synced
     * @param sure whether the content is what was written; if not, the machine stopped before it was on disk
     * @param conflict whether somebody else has changed it in the store
     */
    public record LeftFile(String store, String path, long sizeBytes, Instant since, boolean sure, boolean conflict) {}

    /**
     * What is left in {@code cachePath}.
     *
     * @throws ForebayException.NotFound if there is no cache
     * @throws ForebayException.InvalidArgument if a mount uses it
     */
    public static Recovery in(Path cachePath) throws ForebayException {
        return new Recovery(LeftContent.in(cachePath));
    }

    /** All of them, and directories in which none of them is; of two with one name the first one counts. */
    public List<LeftFile> files() {
        return leaves().map(Recovery::shown).toList();
    }

    /** A directory need not be told of where a file in it is. */
    private Stream<LeftContent.Left> leaves() {
        List<LeftContent.Left> all = left.files().reversed();
        TreeSet<String> names =
                all.stream().map(one -> one.file().name()).collect(Collectors.toCollection(TreeSet::new));
        return all.stream()
                .filter(one -> !isDirectory(one) || !isAnythingIn(one.file().name() + "/", names));
    }

    private static boolean isAnythingIn(String prefix, NavigableSet<String> names) {
        String first = names.ceiling(prefix);
        return first != null && first.startsWith(prefix);
    }

    private static boolean isDirectory(LeftContent.Left one) {
        return PosixAttributes.kindOf(one.file().headers().metadata()) == FileKind.DIRECTORY;
    }

    private static LeftFile shown(LeftContent.Left one) {
        PendingFile file = one.file();
        return new LeftFile(
                file.store(),
                isDirectory(one) ? file.name() + "/" : file.name(),
                one.sizeBytes(),
                Instant.ofEpochMilli(file.sinceMillis()),
                one.sure(),
                file.state() == PendingFile.State.CONFLICT);
    }

    /**
     * A rename of a directory that has not ended: the store may have blobs of it under both names, and has each under one.
     *
     * @param store that it is in, as a person reads it
     * @param from its path from the root of the tree
     * @param to what it is to be
     */
    public record LeftRename(String store, String from, String to, Instant since) {}

    /** Renames that the next mount carries on. */
    public List<LeftRename> renames() {
        return left.renames().stream()
                .map(names -> new LeftRename(
                        names.store(), names.from(), names.to(), Instant.ofEpochMilli(names.sinceMillis())))
                .toList();
    }

    /** Whether there may have been more, since a part of the journal cannot be read. */
    public boolean isDamaged() {
        return left.isDamaged();
    }

    /** Takes what becomes of each file. */
    public interface Listener {
        /** It was copied. */
        void saved(LeftFile file, Path target);

        /** It was not; nothing of it is there that was not before. */
        void failed(LeftFile file, ForebayException reason);
    }

    /** Copies every file into {@code folder} under its path, with the time of its last change, and never over something. */
    public void saveTo(Path folder, Listener listener) {
        for (LeftContent.Left one : leaves().toList()) {
            try {
                listener.saved(shown(one), save(one, folder));
            } catch (ForebayException failure) {
                listener.failed(shown(one), failure);
            }
        }
    }

    private static Path save(LeftContent.Left one, Path folder) throws ForebayException {
        Path target = folder.resolve(one.file().name()).normalize();
        if (!target.startsWith(folder.normalize()) || target.equals(folder.normalize())) {
            throw new ForebayException.InvalidArgument("'" + one.file().name() + "' is no path below a folder");
        }
        try {
            Files.createDirectories(target.getParent());
        } catch (FileAlreadyExistsException there) {
            throw new ForebayException.AlreadyExists(there.getFile() + " exists");
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot make the folder of", target, failure);
        }
        if (isDirectory(one)) {
            makeDirectory(target);
        } else {
            NewFile.copy(one.content(), target);
        }
        setTime(one.file(), target);
        return target;
    }

    private static void makeDirectory(Path target) throws ForebayException {
        try {
            Files.createDirectories(target);
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot make the folder", target, failure);
        }
    }

    private static void setTime(PendingFile file, Path target) throws ForebayException {
        PosixAttributes unsaid = new PosixAttributes(0, 0, 0, TimeUnit.MILLISECONDS.toNanos(file.sinceMillis()));
        long nanos = PosixAttributes.of(file.headers().metadata(), unsaid).modifyNanos();
        try {
            Files.setLastModifiedTime(target, FileTime.from(nanos, TimeUnit.NANOSECONDS));
        } catch (IOException failure) {
            throw LocalDisk.failed("cannot set the time of what was saved", target, failure);
        }
    }

    @Override
    public void close() {
        left.close();
    }
}
