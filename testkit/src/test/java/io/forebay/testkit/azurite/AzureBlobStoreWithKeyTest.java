package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole contract, with the account's key over http, once for each data plane. */
@ParameterizedClass
@EnumSource(AzureDataPlane.class)
class AzureBlobStoreWithKeyTest extends AzuriteContract {
    private final AzureDataPlane plane;
    private final Azurite azurite;

    AzureBlobStoreWithKeyTest(AzureDataPlane plane, Azurite azurite) {
        super(azurite);
        this.plane = plane;
        this.azurite = azurite;
    }

    @Override
    AzureStoreSettings settings(String container) {
        return AzureStoreSettings.of(azurite.endpoint(), Azurite.ACCOUNT, container, KEY)
                .withDataPlane(plane);
    }
}
