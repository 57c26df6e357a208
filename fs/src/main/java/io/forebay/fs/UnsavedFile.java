package io.forebay.fs;

/**
 * A file whose changes could not be brought to the store when the tree ended.
 *
 * @param path from the root of the tree
 * @param reason why
 * @param kept whether the changes stay on the local disk, for the next mount with it
 */
public record UnsavedFile(String path, String reason, boolean kept) {
    @Override
    public String toString() {
        return "'" + path + "': " + reason + (kept ? "" : "; it could not be kept on the local disk either");
    }
}
