package io.forebay.nativetests.thirdparty;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A ground for each test of this package, whatever its own folders are called: the name of a socket has at most 108
 * bytes, and JUnit's temporary folders take a third of them.
 */
final class SuiteGround implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private final Stores stores = new Stores();
    private @Nullable Path work;
    private @Nullable Ground ground;

    @Override
    public void beforeAll(ExtensionContext context) {
        stores.beforeAll(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        stores.beforeEach(context);
    }

    /** @param options of the mount, if it is one */
    Ground open(GroundKind kind, String... options) throws IOException, InterruptedException {
        work = Files.createTempDirectory("f");
        ground = kind.open(work, stores, options);
        return ground;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (ground != null) {
            ground.close();
            ground = null;
        }
        if (work != null) {
            Command.of("rm", "-r", "--one-file-system", work.toString()).succeed();
            work = null;
        }
    }
}
