package io.forebay.cli.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A container and how to reach it. */
public sealed interface StoreSettings {
    /** The container's name. */
    String container();

    /**
     * A container that is a folder.
     *
     * @param account the folder that holds the container's folder
     * @param container its name
     */
    record Directory(Path account, String container) implements StoreSettings {
        public Directory {
            if (!account.isAbsolute()) {
                throw new IllegalArgumentException("the daemon has no working folder; not absolute: " + account);
            }
        }
    }

    /**
     * A container of Azure Blob Storage.
     *
     * @param accountName the storage account
     * @param container its name
     * @param endpoint the address of the Blob service
     * @param credential who we are
     * @param certificates PEM file with certificates to trust instead of Java's own
     * @param dataPlane which client asks the store
     */
    record Azure(
            String accountName,
            String container,
            URI endpoint,
            Credential credential,
            Optional<Path> certificates,
            DataPlaneChoice dataPlane)
            implements StoreSettings {}

    /** Who we are to the store. */
    sealed interface Credential {
        /** One of the account's two keys: may do everything. */
        record AccountKey(Secret key) implements Credential {}

        /** A token that somebody signed: may do what is written in it. */
        record SasToken(Secret token) implements Credential {}
    }
}
