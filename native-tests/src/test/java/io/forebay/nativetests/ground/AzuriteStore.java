package io.forebay.nativetests.ground;

import io.forebay.testkit.azurite.Azurite;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A fresh container of a running Azurite, looked at with a client of our own. */
public final class AzuriteStore implements Store {
    private final Azurite azurite;
    private final String container;
    private final SharedKeyClient client;

    /** @param azurite stays open when this store is closed */
    public AzuriteStore(Azurite azurite) {
        this.azurite = azurite;
        this.container = azurite.newContainer();
        this.client = new SharedKeyClient(azurite.endpoint(), Azurite.ACCOUNT, Azurite.KEY);
    }

    @Override
    public String name() {
        return "azurite";
    }

    @Override
    public String container() {
        return container;
    }

    @Override
    public List<String> options() {
        return List.of(
                "--account-name",
                Azurite.ACCOUNT,
                "--endpoint",
                azurite.endpoint().toString());
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("AZURE_STORAGE_ACCESS_KEY", Azurite.KEY);
    }

    @Override
    public Map<Capability, String> limits() {
        return Map.of(
                Capability.BACKSLASH_IN_NAMES, "Azure takes a backslash for a slash",
                Capability.CONTROL_CHARACTERS_IN_NAMES, "Azure does not allow control characters in names");
    }

    @Override
    public Set<String> blobNames() throws IOException, InterruptedException {
        return new TreeSet<>(client.list(container));
    }

    @Override
    public byte[] blobBytes(String name) throws IOException, InterruptedException {
        return client.get(container, name);
    }

    @Override
    public Map<String, String> blobMetadata(String name) throws IOException, InterruptedException {
        return client.metadata(container, name);
    }

    @Override
    public void putBlob(String name, byte[] bytes) throws IOException, InterruptedException {
        client.put(container, name, bytes);
    }

    /**
     * Puts a blob as another client would.
     *
     * @param headers of the request, whose names begin with {@code x-ms-}
     */
    public void putBlob(String name, byte[] bytes, Map<String, String> headers)
            throws IOException, InterruptedException {
        client.put(container, name, bytes, headers);
    }

    /** All headers that a blob is described by, names in lower case. */
    public Map<String, String> blobHeaders(String name) throws IOException, InterruptedException {
        return client.headers(container, name);
    }

    /** The tags of a blob, as the service writes them. */
    public String blobTags(String name) throws IOException, InterruptedException {
        return client.tags(container, name);
    }

    @Override
    public void close() {}
}
