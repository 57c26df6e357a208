package io.forebay.blob;

/** One line of a listing. */
public sealed interface ListEntry {
    /** The whole name, from the container's root. */
    String name();

    /** A blob. */
    record Blob(BlobProperties properties) implements ListEntry {
        @Override
        public String name() {
            return properties.name();
        }
    }

    /** At least one blob whose name goes on behind this; ends in the delimiter. */
    record Prefix(String name) implements ListEntry {}
}
