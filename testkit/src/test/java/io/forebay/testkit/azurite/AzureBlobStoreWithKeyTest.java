package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureStoreSettings;

/** The whole contract, with the account's key over http. */
class AzureBlobStoreWithKeyTest extends AzuriteContract {
    private final Azurite azurite;

    AzureBlobStoreWithKeyTest(Azurite azurite) {
        super(azurite);
        this.azurite = azurite;
    }

    @Override
    AzureStoreSettings settings(String container) {
        return AzureStoreSettings.of(azurite.endpoint(), Azurite.ACCOUNT, container, KEY);
    }
}
