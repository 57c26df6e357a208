package io.forebay.blob.directory;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where everything of one container lies.
 *
 * @param container the folder with the plain blobs, without symbolic links on the way to it
 * @param state the folder with what is Forebay's own, on the same file system
 */
record ContainerFolders(Path container, Path state) {
    /** The folder beside the containers that holds their state. No container of Azure can have this name. */
    static final String STATE = ".forebay";

    /** The file within its own folder that is a blob set aside. As a segment of a name, it would be {@code ==}. */
    static final String ASIDE_LEAF = "=";

    private static final String EMPTY = "=e";
    private static final String DOT = "=d";
    private static final String DOT_DOT = "=dd";

    static ContainerFolders of(Path account, String container) {
        return new ContainerFolders(
                account.resolve(container), account.resolve(STATE).resolve(container));
    }

    Path lockFile() {
        return state.resolve("lock");
    }

    /** Files that are being written. */
    Path incoming() {
        return state.resolve("incoming");
    }

    /** Blocks that wait for a commit, one folder for each blob. */
    Path staging() {
        return state.resolve("staging");
    }

    /** Records that are too large for an extended attribute. */
    Path records() {
        return state.resolve("records");
    }

    /** Blobs that cannot be plain files. */
    Path aside() {
        return state.resolve("aside");
    }

    Path plain(BlobName name) {
        Path file = container;
        for (String segment : name.segments()) {
            file = file.resolve(segment);
        }
        return file;
    }

    Path aside(BlobName name) {
        return asideFolder(name.segments()).resolve(ASIDE_LEAF);
    }

    /** The folder of all that is set aside with these first segments. */
    Path asideFolder(List<String> segments) {
        Path folder = aside();
        for (String segment : segments) {
            folder = folder.resolve(escaped(segment));
        }
        return folder;
    }

    private static String escaped(String segment) {
        return switch (segment) {
            case "" -> EMPTY;
            case "." -> DOT;
            case ".." -> DOT_DOT;
            default -> segment.startsWith("=") ? "=" + segment : segment;
        };
    }

    /** The segment that a folder under {@link #aside} stands for; empty if it is none. */
    static Optional<String> unescaped(String folder) {
        return switch (folder) {
            case EMPTY -> Optional.of("");
            case DOT -> Optional.of(".");
            case DOT_DOT -> Optional.of("..");
            default -> {
                if (!folder.startsWith("=")) {
                    yield Optional.of(folder);
                }
                yield folder.startsWith("==") ? Optional.of(folder.substring(1)) : Optional.empty();
            }
        };
    }
}
