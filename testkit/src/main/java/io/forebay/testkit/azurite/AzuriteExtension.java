package io.forebay.testkit.azurite;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link Azurite} of this JVM: a parameter of that type is the one that speaks http, and with
 * {@link Encrypted} the one that speaks https. Each is started when the first test asks, and stopped behind the last.
 */
public final class AzuriteExtension implements ParameterResolver {
    private static final Namespace SHARED = Namespace.create(AzuriteExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Azurite.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        boolean encrypted = parameter.isAnnotated(Encrypted.class);
        // JUnit closes what is AutoCloseable in a store when the store's scope ends; the root's is the whole run.
        Azurite shared = context.getRoot()
                .getStore(SHARED)
                .getOrComputeIfAbsent(encrypted ? "https" : "http", _ -> start(encrypted), Azurite.class);
        if (shared == null) {
            throw new ParameterResolutionException("Azurite did not start");
        }
        return shared;
    }

    private static Azurite start(boolean encrypted) {
        try {
            return encrypted ? Azurite.startEncrypted() : Azurite.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Azurite was starting", interrupted);
        }
    }
}
