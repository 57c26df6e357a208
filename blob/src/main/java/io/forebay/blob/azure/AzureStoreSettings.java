package io.forebay.blob.azure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which container to use, and how to reach it. Checked by {@link AzureBlobStore}, not here.
 *
 * @param endpoint the account's address, {@code https://acct.blob.core.windows.net} or
 *     {@code http://127.0.0.1:10000/devstoreaccount1}; null for the public cloud's address of {@code accountName}
 * @param accountName the account; may be null if there is an endpoint
 * @param containerName the container
 * @param credential who is asking
 * @param caFile certificates in PEM to trust instead of the machine's, or null
 * @param stallLimit after how long without a byte in either direction one attempt is given up
 * @param dataPlane which client asks the store
 */
public record AzureStoreSettings(
        @Nullable URI endpoint,
        @Nullable String accountName,
        String containerName,
        AzureCredential credential,
        @Nullable Path caFile,
        Duration stallLimit,
        AzureDataPlane dataPlane) {
    /**
     * Longer than Azure itself lets an operation on small data run (30 s), so that a server that is merely slow gives
     * its own answer; shorter than what TCP takes to find out that nobody is there (15 min).
     */
    public static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(45);

    /** Settings with the machine's certificates, the default stall limit and the thin data plane. */
    public static AzureStoreSettings of(
            @Nullable URI endpoint, @Nullable String accountName, String containerName, AzureCredential credential) {
        return new AzureStoreSettings(
                endpoint, accountName, containerName, credential, null, DEFAULT_STALL_LIMIT, AzureDataPlane.THIN);
    }

    /** The same, trusting the certificates in {@code file}. */
    public AzureStoreSettings withCaFile(@Nullable Path file) {
        return new AzureStoreSettings(endpoint, accountName, containerName, credential, file, stallLimit, dataPlane);
    }

    /** The same, giving up an attempt after {@code limit} without a byte. */
    public AzureStoreSettings withStallLimit(Duration limit) {
        return new AzureStoreSettings(endpoint, accountName, containerName, credential, caFile, limit, dataPlane);
    }

    /** The same, with the store asked through {@code plane}. */
    public AzureStoreSettings withDataPlane(AzureDataPlane plane) {
        return new AzureStoreSettings(endpoint, accountName, containerName, credential, caFile, stallLimit, plane);
    }
}
