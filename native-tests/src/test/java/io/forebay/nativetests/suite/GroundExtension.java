package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Ground;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a folder of its own, and what the ground has to say to each failure. */
final class GroundExtension implements BeforeEachCallback, ParameterResolver, TestExecutionExceptionHandler {
    private final AtomicInteger folders = new AtomicInteger();

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        ground(context).revive();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Path.class && !parameter.isAnnotated(TempDir.class);
    }

    @Override
    public Path resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String name = context.getRequiredTestMethod().getName() + "-" + folders.incrementAndGet();
        try {
            return Files.createDirectory(ground(context).root().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for the test", e);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        String evidence = ground(context).evidence();
        if (!evidence.isEmpty()) {
            failure.addSuppressed(new Evidence(evidence));
        }
        if (failure instanceof TimeoutException) {
            // The test's thread still waits in the kernel, and would for ever.
            ground(context).abandon();
        }
        throw failure;
    }

    private static Ground ground(ExtensionContext context) {
        return ((OnGround) context.getRequiredTestInstance()).ground();
    }
}
