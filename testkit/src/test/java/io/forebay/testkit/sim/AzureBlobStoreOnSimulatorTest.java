package io.forebay.testkit.sim;

import io.forebay.blob.BlobStore;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import io.forebay.testkit.store.BlobStoreContract;
import io.forebay.testkit.store.Capability;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole contract over the simulator, with the rules of Azure that Azurite does not keep, through either client. */
@ParameterizedClass
@EnumSource(AzureDataPlane.class)
@ExtendWith(SimulatorExtension.class)
class AzureBlobStoreOnSimulatorTest extends BlobStoreContract {
    private static final AzureCredential CREDENTIAL = new AzureCredential.SharedKey(Simulator.ACCOUNT, Simulator.KEY);

    private final AzureDataPlane plane;
    private final Simulator simulator;

    AzureBlobStoreOnSimulatorTest(AzureDataPlane plane, Simulator simulator) {
        this.plane = plane;
        this.simulator = simulator;
    }

    private BlobStore store(String container) throws Exception {
        return new AzureBlobStore(AzureStoreSettings.of(simulator.endpoint(), Simulator.ACCOUNT, container, CREDENTIAL)
                .withDataPlane(plane));
    }

    @Override
    protected BlobStore openEmptyContainer() throws Exception {
        return store(simulator.newContainer());
    }

    @Override
    protected BlobStore openMissingContainer() throws Exception {
        return store(simulator.missingContainer());
    }

    /** Backslashes and control characters Azure itself has not. */
    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.BACKSLASHES, Capability.CONTROL_CHARACTERS));
    }
}
