package io.forebay.testkit.azurite;

import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.testkit.sim.Simulator;
import io.forebay.testkit.sim.SimulatorExtension;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(AzureDataPlane.class)
@ExtendWith(SimulatorExtension.class)
class LabelsOnSimulatorTest extends LabelRules {
    LabelsOnSimulatorTest(AzureDataPlane plane, Simulator simulator) throws IOException {
        super(plane, simulator.endpoint(), Simulator.ACCOUNT, Simulator.KEY, simulator.newContainer());
    }
}
