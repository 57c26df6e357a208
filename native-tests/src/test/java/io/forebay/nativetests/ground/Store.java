package io.forebay.nativetests.ground;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store with one container, as a person who does not know Forebay sees it. */
public interface Store extends AutoCloseable {
    /** {@code directory} or {@code azurite}. */
    String name();

    /** The container; it exists, and is empty at first. */
    String container();

    /** The flags of {@code forebay mount} that name this store, without the container. */
    List<String> options();

    /** What must be exported for {@link #options} to work: keys. */
    Map<String, String> environment();

    /** What mounts of this store honestly cannot do, and why. */
    Map<Capability, String> limits();

    /** The names of all blobs in the container. */
    Set<String> blobNames() throws IOException, InterruptedException;

    /** The bytes of one blob, read without Forebay. */
    byte[] blobBytes(String name) throws IOException, InterruptedException;

    /** The metadata of one blob, names in lower case, read without Forebay. */
    Map<String, String> blobMetadata(String name) throws IOException, InterruptedException;

    /** Puts a blob as another client would, without Forebay. */
    void putBlob(String name, byte[] bytes) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
