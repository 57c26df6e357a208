package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import java.time.Duration;

/** The whole contract, with a SAS token for one container, over http. */
class AzureBlobStoreWithSasTest extends AzuriteContract {
    private final Azurite azurite;

    AzureBlobStoreWithSasTest(Azurite azurite) {
        super(azurite);
        this.azurite = azurite;
    }

    @Override
    AzureStoreSettings settings(String container) {
        String token = azurite.sas(container, "racwdl", Duration.ofHours(1));
        return AzureStoreSettings.of(azurite.endpoint(), null, container, new AzureCredential.Sas("?" + token));
    }
}
