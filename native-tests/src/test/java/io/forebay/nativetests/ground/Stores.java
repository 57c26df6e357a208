package io.forebay.nativetests.ground;

import io.forebay.testkit.azurite.Azurite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Opens stores for tests. All of one run share one Azurite, started when the first test asks for it. */
public final class Stores implements BeforeAllCallback, BeforeEachCallback {
    private static final Namespace SHARED = Namespace.create(Stores.class);

    private @Nullable ExtensionContext context;

    @Override
    public void beforeAll(ExtensionContext starting) {
        context = starting;
    }

    @Override
    public void beforeEach(ExtensionContext starting) {
        context = starting;
    }

    /**
     * A store with an empty container.
     *
     * @param work a folder on a disk, that the caller removes
     */
    public Store open(StoreKind kind, Path work) throws IOException {
        return switch (kind) {
            case DIRECTORY -> new DirectoryStore(Files.createTempDirectory(work, "account-"));
            case AZURITE -> new AzuriteStore(azurite());
        };
    }

    /** JUnit closes it behind the last test, because it is AutoCloseable and in the root's store. */
    private Azurite azurite() {
        ExtensionContext known = Objects.requireNonNull(context, "a store can be opened only while a test runs");
        return Objects.requireNonNull(
                known.getRoot().getStore(SHARED).getOrComputeIfAbsent("azurite", _ -> start(), Azurite.class));
    }

    private static Azurite start() {
        try {
            return Azurite.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Azurite was starting", e);
        }
    }
}
