package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files of a tree that somebody names: a file, a directory with all that is in it, or a pattern for either.
 *
 * @param parts one for each path that was named
 */
public record Selection(List<Part> parts) {
    /** As many as a shell makes of a pattern before its own limit of 2 MiB of arguments is reached. */
    public static final int MAX_PARTS = 100_000;

    public Selection {
        parts = List.copyOf(parts);
    }

    /**
     * Something that was named.
     *
     * @param path from the root of the tree, without slashes around it; empty for the root
     * @param pattern what {@code path} means if there is nothing of just that name; empty if it is no pattern
     */
    record Part(String path, Optional<Glob> pattern) {
        boolean includes(String blobName) {
            return isAtOrBelow(blobName)
                    || (pattern.isPresent() && pattern.get().matches(blobName));
        }

        private boolean isAtOrBelow(String blobName) {
            return path.isEmpty()
                    || (blobName.startsWith(path)
                            && (blobName.length() == path.length() || blobName.charAt(path.length()) == '/'));
        }
    }

    /**
     * What {@code paths} mean, each from the root of the tree.
     *
     * @throws ForebayException.InvalidArgument if one cannot be a path or a pattern, or if they are too many
     */
    public static Selection of(List<String> paths) throws ForebayException {
        if (paths.isEmpty() || paths.size() > MAX_PARTS) {
            throw new ForebayException.InvalidArgument(
                    "name at least one path and at most " + MAX_PARTS + ", not " + paths.size());
        }
        List<Part> parts = new ArrayList<>();
        for (String path : paths) {
            parts.add(part(path));
        }
        return new Selection(parts);
    }

    private static Part part(String path) throws ForebayException {
        if (!path.isEmpty()) {
            for (String name : path.split("/", -1)) {
                if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                    throw new ForebayException.InvalidArgument("'" + path + "' is no path below a mount point");
                }
            }
        }
        return new Part(path, Glob.isOne(path) ? Optional.of(Glob.of(path)) : Optional.empty());
    }

    /** Whether the blob of that name is meant. */
    boolean includes(String blobName) {
        for (Part part : parts) {
            if (part.includes(blobName)) {
                return true;
            }
        }
        return false;
    }
}
