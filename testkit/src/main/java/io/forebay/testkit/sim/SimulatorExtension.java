package io.forebay.testkit.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of a class a {@link Simulator}: one for each top-level class, without limits and over http, stopped
 * behind its last test. Whoever needs another starts it.
 */
public final class SimulatorExtension implements ParameterResolver {
    private static final Namespace OF_CLASS = Namespace.create(SimulatorExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Simulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getParent()
                .filter(above -> above.getTestClass().isPresent())
                .isPresent()) {
            ofClass = ofClass.getParent().get();
        }
        // JUnit closes what is AutoCloseable in a store when the store's scope ends.
        Simulator simulator = ofClass.getStore(OF_CLASS).getOrComputeIfAbsent("http", _ -> start(), Simulator.class);
        if (simulator == null) {
            throw new ParameterResolutionException("the simulator did not start");
        }
        return simulator;
    }

    private static Simulator start() {
        try {
            return Simulator.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the simulator was starting", interrupted);
        }
    }
}
