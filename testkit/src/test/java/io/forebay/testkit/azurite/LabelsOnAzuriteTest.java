package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureDataPlane;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(AzureDataPlane.class)
@ExtendWith(AzuriteExtension.class)
class LabelsOnAzuriteTest extends LabelRules {
    LabelsOnAzuriteTest(AzureDataPlane plane, Azurite azurite) {
        super(plane, azurite.endpoint(), Azurite.ACCOUNT, Azurite.KEY, azurite.newContainer());
    }
}
