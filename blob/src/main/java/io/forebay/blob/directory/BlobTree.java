package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Which file is which blob. A blob is a plain file where its name says, unless something stands in the way of that; then
 * it is set aside, under a name that nothing else can have.
 *
 * <p>A blob is never moved back: it leaves the plain tree when another blob needs its name for a folder, and what is
 * found aside is replaced there. So whoever looks first at the plain place and then aside cannot miss a blob that was
 * there all the time, without any lock. A file that a person puts at the plain place goes before what is aside.
 *
 * <p>Methods that change the tree are called under the container's lock.
 */
final class BlobTree {
    /** What Linux takes as a path (PATH_MAX), less the byte that ends it. */
    private static final int MAX_PATH_BYTES = 4_095;

    private final ContainerFolders folders;
    private final Records records;

    BlobTree(ContainerFolders folders, Records records) {
        this.folders = folders;
        this.records = records;
    }

    Path container() {
        return folders.container();
    }

    Optional<StoredBlob> find(BlobName name) throws IOException {
        if (name.canBePlain() && obstacle(name).isEmpty()) {
            Optional<StoredBlob> plain = records.versionAt(name.text(), folders.plain(name));
            if (plain.isPresent()) {
                return plain;
            }
        }
        return records.versionAt(name.text(), folders.aside(name));
    }

    /** The folder of the plain blobs that begin with these segments; empty if there is none, or only through a link. */
    Optional<Path> plainFolder(List<String> segments) throws IOException {
        Path folder = folders.container();
        for (String segment : segments) {
            if (!BlobName.canBePlain(segment)) {
                return Optional.empty();
            }
            folder = folder.resolve(segment);
            if (FileState.of(folder).filter(FileState::isFolder).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(folder);
    }

    /** The first thing on the way to the blob's plain place that is there and is not a folder. */
    private Optional<Obstacle> obstacle(BlobName name) throws IOException {
        Path folder = folders.container();
        for (int depth = 1; depth < name.segments().size(); depth++) {
            folder = folder.resolve(name.segments().get(depth - 1));
            Optional<FileState> state = FileState.of(folder);
            if (state.isEmpty()) {
                return Optional.empty();
            }
            if (!state.get().isFolder()) {
                return Optional.of(new Obstacle(name.segments().subList(0, depth), folder, state.get()));
            }
        }
        return Optional.empty();
    }

    private record Obstacle(List<String> segments, Path path, FileState state) {}

    /** Publishes {@code finished} as the blob, by one rename, in place of what is there. */
    void place(BlobName name, Path finished, Aftermath after) throws IOException {
        requireShort(folders.aside(name));
        if (goesAside(name)) {
            move(finished, folders.aside(name), folders.aside(), after);
            return;
        }
        Optional<Obstacle> blob = obstacle(name);
        if (blob.isPresent()) {
            Obstacle shorter = blob.get();
            Path aside = folders.asideFolder(shorter.segments()).resolve(ContainerFolders.ASIDE_LEAF);
            after.touched(shorter.path());
            move(shorter.path(), aside, folders.aside(), after);
        }
        move(finished, folders.plain(name), folders.container(), after);
    }

    /** The place aside has the longer path of the two, and any blob may have to go there. */
    private static void requireShort(Path path) throws ForebayException {
        if (path.toString().getBytes(UTF_8).length > MAX_PATH_BYTES) {
            throw new ForebayException.NameTooLong("a path has at most " + MAX_PATH_BYTES + " bytes, unlike " + path);
        }
    }

    private boolean goesAside(BlobName name) throws IOException {
        if (!name.canBePlain()) {
            return true;
        }
        Optional<Obstacle> obstacle = obstacle(name);
        if (obstacle.isPresent() && !obstacle.get().state().isFile()) {
            return true;
        }
        Optional<FileState> there = obstacle.isPresent() ? Optional.empty() : FileState.of(folders.plain(name));
        return there.isPresent()
                ? !there.get().isFile()
                : FileState.of(folders.aside(name)).isPresent();
    }

    private static void move(Path from, Path to, Path root, Aftermath after) throws IOException {
        Path parent = to.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(to + " is in no folder");
        }
        makeFolders(parent, root, after);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        after.touched(to);
    }

    private static void makeFolders(Path folder, Path root, Aftermath after) throws IOException {
        Path made = root;
        if (FileState.of(root).isEmpty()) {
            throw new ForebayException.NotFound("the container's folder " + root + " is gone");
        }
        for (Path segment : root.relativize(folder)) {
            if (segment.toString().isEmpty()) {
                return; // The path from a folder to itself is one empty segment.
            }
            made = made.resolve(segment);
            try {
                if (FileState.of(made).isEmpty()) {
                    Files.createDirectory(made);
                    after.touched(made);
                }
            } catch (FileAlreadyExistsException byHand) {
                // Somebody made it in between. If it is no folder, the move that follows says so.
            }
        }
    }

    /** Removes the blob, and the folders that are empty without it. What is shadowed goes first, lest it come back. */
    void remove(BlobName name, Aftermath after) throws IOException {
        removeFile(folders.aside(name), folders.aside(), after);
        if (name.canBePlain() && obstacle(name).isEmpty()) {
            Path plain = folders.plain(name);
            if (FileState.of(plain).filter(FileState::isFile).isPresent()) {
                removeFile(plain, folders.container(), after);
            }
        }
    }

    private static void removeFile(Path file, Path root, Aftermath after) throws IOException {
        if (!Files.deleteIfExists(file)) {
            return;
        }
        after.touched(file);
        Path folder = file.getParent();
        while (folder != null && !folder.equals(root) && removedEmpty(folder)) {
            after.touched(folder);
            folder = folder.getParent();
        }
    }

    private static boolean removedEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
            return true;
        } catch (DirectoryNotEmptyException inUse) {
            return false;
        } catch (NoSuchFileException byHand) {
            return true;
        }
    }
}
