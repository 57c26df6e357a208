package io.forebay.cli.doctor;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.fs.kernel.KernelOffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Mounts on a folder for temporary files for a moment, and asks the kernel.
 *
 * @param cacheFolder an existing folder on the file system where content would be cached
 */
public record TrialMount(Path cacheFolder) implements Trial {
    /** Two calls of a program that itself is given 20 seconds; a kernel that answers takes milliseconds. */
    private static final Duration LIMIT = Duration.ofSeconds(45);

    @Override
    public KernelOffer run() throws ForebayException {
        try {
            Path mountPoint = Files.createTempDirectory("forebay-doctor-");
            Path backingFile = backingFile(mountPoint);
            // For whoever interrupts us; the mount itself ends with this process.
            mountPoint.toFile().deleteOnExit();
            backingFile.toFile().deleteOnExit();
            try {
                return within(LIMIT, mountPoint, backingFile);
            } finally {
                Files.deleteIfExists(backingFile);
                Files.deleteIfExists(mountPoint);
            }
        } catch (ForebayException known) {
            throw known;
        } catch (IOException noFolder) {
            throw LocalDisk.failed("cannot make a folder for a trial mount below", cacheFolder, noFolder);
        }
    }

    /** Where the cache cannot be written, beside the mount point: then who may not write there learns only of rights. */
    private Path backingFile(Path mountPoint) throws IOException {
        try {
            return Files.createTempFile(cacheFolder, "forebay-doctor-", ".tmp");
        } catch (IOException notThere) {
            return Files.createTempFile(mountPoint.resolveSibling(""), "forebay-doctor-", ".tmp");
        }
    }

    /** On a thread of its own, because a system call that does not return cannot be called off. */
    private static KernelOffer within(Duration limit, Path mountPoint, Path backingFile) throws ForebayException {
        CompletableFuture<KernelOffer> offer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("trial-mount").start(() -> {
            try {
                offer.complete(KernelOffer.probe(mountPoint, backingFile));
            } catch (ForebayException | RuntimeException | Error failure) {
                offer.completeExceptionally(failure);
            }
        });
        try {
            return offer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ForebayException known) {
                throw known;
            }
            throw new ForebayException.Unexpected("the trial mount failed: " + failed.getCause(), failed);
        } catch (TimeoutException silent) {
            throw new ForebayException.Unavailable(
                    "a trial mount did not answer within " + limit.toSeconds() + " seconds", silent);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted during the trial mount", stop);
        }
    }
}
