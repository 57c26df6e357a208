package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.config.ConfigurationException;
import io.forebay.cli.config.ConfigurationSources;
import io.forebay.cli.config.MountSettings;
import io.forebay.cli.config.Option;
import io.forebay.cli.config.Options;
import io.forebay.cli.config.Problems;
import io.forebay.cli.log.Logging;
import io.forebay.fs.Recovery;
import io.forebay.fs.SteeringProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ParseResult;

/** Sends what a mount left in its cache path to the store that it is for: all that the next mount would do, and no mount. */
final class LeftUpload {
    private static final long LOOK_MILLIS = 200;

    private final Host host;
    private final Path cachePath;

    LeftUpload(Host host, Path cachePath) {
        this.host = host;
        this.cachePath = cachePath;
    }

    /**
     * Uploads what it can, and says what failed and why.
     *
     * @param left what is there, looked at before
     */
    void run(ParseResult command, List<Recovery.LeftFile> left) throws ConfigurationException, ForebayException {
        MountSettings settings = settings(command);
        Logging.start(settings.log());
        Assembly parts = Assembly.of(settings, host);
        SteeringProgress progress = new SteeringProgress();
        try {
            String store = parts.storeName();
            long here = left.stream().filter(file -> file.store().equals(store)).count();
            if (here == 0 && !left.isEmpty()) {
                throw new ForebayException.InvalidArgument("nothing in " + cachePath + " is for " + store
                        + "; what is there is for " + left.getFirst().store());
            }
            uploadAll(parts, progress);
        } finally {
            finish(parts);
        }
        for (SteeringProgress.Failure failure : progress.failures()) {
            host.err().println("forebay: '" + failure.path() + "' is not uploaded: " + failure.reason());
        }
        SteeringProgress.State state = progress.state();
        host.out().println("uploaded " + Text.files(state.doneFiles()) + ", " + new ByteSize(state.doneBytes()));
    }

    /** As for a mount, of this cache path and with nothing else that a mount needs. */
    private MountSettings settings(ParseResult command) throws ConfigurationException {
        Map<Option<?>, String> flags = Grammar.flagsOf(command);
        MountCommand.refuseSecrets(flags);
        flags.put(Options.CACHE_PATH, cachePath.toString());
        ConfigurationSources sources = new ConfigurationSources(flags, host.environment(), host.workingFolder());
        MountSettings settings = MountSettings.read(cachePath, sources, host.places());
        Problems problems = new Problems();
        if (settings.readOnly()) {
            problems.add("--upload", "the configuration says read-only, and then nothing is uploaded");
        }
        problems.throwIfAny();
        return settings;
    }

    private void uploadAll(Assembly parts, SteeringProgress progress) throws ForebayException {
        FutureTask<Boolean> upload = new FutureTask<>(() -> {
            parts.uploadAll(progress);
            return true;
        });
        Thread working = Thread.ofVirtual().start(upload);
        try (ProgressDisplay display = new ProgressDisplay(host.err(), host.errIsTerminal(), host.clock())) {
            while (!isDone(upload)) {
                display.show(progress.state());
            }
        } catch (InterruptedException stop) {
            working.interrupt();
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted; the next upload goes on", stop);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ForebayException known) {
                throw known;
            }
            throw new ForebayException.Unexpected("an upload broke", failure);
        }
    }

    private static boolean isDone(FutureTask<Boolean> upload) throws InterruptedException, ExecutionException {
        try {
            return upload.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return false;
        }
    }

    /** What could not be uploaded was told of already, or will be listed. */
    private void finish(Assembly parts) throws ForebayException {
        try {
            parts.finish();
        } catch (ForebayException.Unavailable _) {
            host.err().println("forebay: not all was uploaded; it stays in " + cachePath);
        }
    }
}
