package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole contract, with a SAS token for one container, over http, once for each data plane. */
@ParameterizedClass
@EnumSource(AzureDataPlane.class)
class AzureBlobStoreWithSasTest extends AzuriteContract {
    private final AzureDataPlane plane;
    private final Azurite azurite;

    AzureBlobStoreWithSasTest(AzureDataPlane plane, Azurite azurite) {
        super(azurite);
        this.plane = plane;
        this.azurite = azurite;
    }

    @Override
    AzureStoreSettings settings(String container) {
        String token = azurite.sas(container, "racwdl", Duration.ofHours(1));
        return AzureStoreSettings.of(azurite.endpoint(), null, container, new AzureCredential.Sas("?" + token))
                .withDataPlane(plane);
    }
}
