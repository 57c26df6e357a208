package io.forebay.testkit.azurite;

import io.forebay.blob.BlobStore;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import io.forebay.testkit.store.BlobStoreContract;
import io.forebay.testkit.store.Capability;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract, kept by {@link AzureBlobStore} over Azurite; the subclasses say how it connects. */
@ExtendWith(AzuriteExtension.class)
abstract class AzuriteContract extends BlobStoreContract {
    static final AzureCredential KEY = new AzureCredential.SharedKey(Azurite.ACCOUNT, Azurite.KEY);

    private final Azurite azurite;

    AzuriteContract(Azurite azurite) {
        this.azurite = azurite;
    }

    /** How to reach a container of that name. */
    abstract AzureStoreSettings settings(String container);

    @Override
    protected BlobStore openEmptyContainer() throws Exception {
        return new AzureBlobStore(settings(azurite.newContainer()));
    }

    @Override
    protected BlobStore openMissingContainer() throws Exception {
        return new AzureBlobStore(settings(azurite.missingContainer()));
    }

    /**
     * Backslashes Azure itself has not. Azure, unlike Azurite 3.37, looks for the blob before it looks at conditions, and
     * drops staged blocks at a put (Azure Storage REST, "Specifying conditional headers", "Put Block").
     */
    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(
                Capability.BACKSLASHES, Capability.MISSING_BEFORE_CONDITION, Capability.PUT_DROPS_STAGED_BLOCKS));
    }
}
