package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.azure.plane.PlaneClient;
import org.jspecify.annotations.Nullable;

/**
 * What a store's requests go through, made at the first call that needs it: our own client, or the SDK's for all. Nothing
 * of the SDK is loaded by the one, and nothing of ours by the other.
 */
final class AzurePlanes implements AutoCloseable {
    private final AzureStoreSettings settings;
    private final AzureAddress address;
    /** Held while a client is made, which reads at most the file of certificates. */
    private final Object opening = new Object();

    private volatile @Nullable Planes planes;
    private volatile boolean closed;

    AzurePlanes(AzureStoreSettings settings, AzureAddress address) {
        this.settings = settings;
        this.address = address;
    }

    /** The two halves, and what closes both. */
    private record Planes(DataPlane data, ControlPlane control, AutoCloseable client) {}

    DataPlane data() throws ForebayException {
        return planes().data();
    }

    ControlPlane control() throws ForebayException {
        return planes().control();
    }

    private Planes planes() throws ForebayException {
        Planes open = planes;
        if (open != null) {
            return open;
        }
        synchronized (opening) {
            if (closed) {
                throw new ForebayException.BadHandle("the store " + address.containerUrl() + " is closed");
            }
            open = planes;
            if (open == null) {
                open = isThin() ? Thin.planes(settings, address) : Sdk.planes(settings, address);
                planes = open;
            }
            return open;
        }
    }

    /** Where this machine's settings put a proxy in between, the SDK knows how to speak to it. */
    private boolean isThin() {
        return settings.dataPlane() == AzureDataPlane.THIN && !address.isBehindProxy();
    }

    /** How many connections our own client has open, if there is one; for tests. */
    PlaneClient.@Nullable ConnectionCounts connections() {
        Planes open = planes;
        return open != null && open.client() instanceof ThinCalls calls
                ? calls.client().connections()
                : null;
    }

    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            Planes open = planes;
            planes = null;
            if (open != null) {
                close(open.client());
            }
        }
    }

    private static void close(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception impossible) {
            throw new IllegalStateException("neither client throws when it is closed", impossible);
        }
    }

    /** Apart, like the other, so that its classes are loaded for itself alone. */
    private static final class Thin {
        static Planes planes(AzureStoreSettings settings, AzureAddress address) throws ForebayException {
            ThinCalls calls = new ThinCalls(settings, address);
            return new Planes(new ThinDataPlane(calls), new ThinControlPlane(calls), calls);
        }
    }

    private static final class Sdk {
        static Planes planes(AzureStoreSettings settings, AzureAddress address) throws ForebayException {
            AzureTransport transport = new AzureTransport(settings, address);
            Exchange exchange = new Exchange(settings.stallLimit());
            return new Planes(
                    new SdkDataPlane(transport.container(), exchange),
                    new SdkControlPlane(transport.container(), exchange),
                    transport);
        }
    }
}
