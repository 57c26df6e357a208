package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import io.forebay.blob.CountingBlobStore;
import io.forebay.blob.RetryPolicy;
import io.forebay.blob.RetryingBlobStore;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import io.forebay.blob.directory.DirectoryBlobStore;
import io.forebay.cache.BlobUploader;
import io.forebay.cache.CacheSettings;
import io.forebay.cache.EvictionSettings;
import io.forebay.cache.SparseFileCache;
import io.forebay.cache.StoreBlockSource;
import io.forebay.cache.UploadSettings;
import io.forebay.cache.Uploader;
import io.forebay.cli.config.CacheLimits;
import io.forebay.cli.config.DurabilityChoice;
import io.forebay.cli.config.FuseOptions;
import io.forebay.cli.config.MountSettings;
import io.forebay.cli.config.StoreSettings;
import io.forebay.cli.control.Steering;
import io.forebay.cli.mount.MountParts;
import io.forebay.cli.mount.PreferredDoor;
import io.forebay.fs.BlobFileSystem;
import io.forebay.fs.Caller;
import io.forebay.fs.Door;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.FailureReport;
import io.forebay.fs.Selection;
import io.forebay.fs.SteeringProgress;
import io.forebay.fs.TreeSettings;
import io.forebay.fs.UnsavedFile;
import io.forebay.fs.WriteBackSettings;
import io.forebay.fs.jnrfuse.JnrFuseDoor;
import io.forebay.fs.kernel.KernelDoor;
import io.forebay.fs.kernel.KernelSettings;
import io.forebay.fs.kernel.LinuxFileSpace;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One mount, put together: the one class that names implementations.
 *
 * <pre>
 *   door ─▶ tree ─▶ cache ─▶ store
 *             └──▶ uploader ──┘
 * </pre>
 */
final class Assembly implements MountParts {
    /** The mount table's source for every mount; the type behind it is {@code fuse.forebay}. */
    private static final String FS_NAME = "forebay";

    /** What a process without a umask of its own for the mount would give: 0644 and 0755. */
    private static final int DEFAULT_UMASK = 022;

    /** Files in the sentence that an unmount ends with; the log has all of them. */
    private static final int MOST_NAMED = 5;

    private final BlobStore store;
    private final SparseFileCache cache;
    private final BlobFileSystem tree;
    private final Door door;
    private final Metrics metrics;
    private final List<Path> cachePaths;

    private Assembly(
            BlobStore store,
            SparseFileCache cache,
            BlobFileSystem tree,
            Door door,
            Metrics metrics,
            List<Path> cachePaths) {
        this.store = store;
        this.cache = cache;
        this.tree = tree;
        this.door = door;
        this.metrics = metrics;
        this.cachePaths = cachePaths;
    }

    /**
     * Builds what {@code settings} ask for. The store has been asked for the container when this returns.
     *
     * @throws ForebayException if the container is missing, unreachable or closed to us, or the cache cannot be used
     */
    static Assembly of(MountSettings settings, Host host) throws ForebayException {
        Clock clock = host.clock();
        Metrics metrics = new Metrics();
        BlobStore store = store(settings.store(), clock, metrics);
        store.checkAccess(Deadline.after(settings.deadline(), clock));
        SparseFileCache cache = new SparseFileCache(
                settings.cachePaths(),
                new StoreBlockSource(store),
                cacheSettings(settings),
                evictionSettings(settings.cacheLimits()),
                clock,
                metrics,
                new LinuxFileSpace());
        Uploader uploader = new BlobUploader(
                store,
                uploadSettings(settings),
                () -> ThreadLocalRandom.current().nextInt(),
                clock);
        BlobFileSystem tree = new BlobFileSystem(
                store,
                cache,
                new LinuxFileSpace(),
                uploader,
                treeSettings(settings, host),
                writeBackSettings(settings.durability()),
                clock);
        if (!settings.readOnly()) {
            tree.resume(); // asks no store; if it fails nothing is lost, and no mount hides what it could not take up
        }
        return new Assembly(
                store,
                cache,
                tree,
                door(settings, tree, new FailureReport(metrics), clock),
                metrics,
                settings.cachePaths());
    }

    private static BlobStore store(StoreSettings settings, Clock clock, Metrics metrics) throws ForebayException {
        return switch (settings) {
            case StoreSettings.Directory directory ->
                new CountingBlobStore(
                        DirectoryBlobStore.open(directory.account(), directory.container(), clock), metrics);
            case StoreSettings.Azure azure -> Azure.store(azure, clock, metrics);
        };
    }

    private static Door door(MountSettings settings, BlobFileSystem tree, FailureReport failures, Clock clock) {
        DoorSettings asked = doorSettings(settings);
        KernelSettings kernel = kernelSettings(settings);
        return switch (settings.door()) {
            case KERNEL -> new KernelDoor(tree, asked, kernel, failures, clock);
            case JNR_FUSE -> new JnrFuseDoor(tree, asked, failures, clock);
            case AUTO ->
                new PreferredDoor(
                        new KernelDoor(tree, asked, kernel, failures, clock),
                        () -> new JnrFuseDoor(tree, asked, failures, clock));
        };
    }

    private static KernelSettings kernelSettings(MountSettings settings) {
        return KernelSettings.defaults(Runtime.getRuntime().availableProcessors())
                .withPassthrough(settings.passthrough())
                .withFixedTimeouts(settings.fuse().timeoutsGiven())
                .withTrace(settings.log().fuseTrace());
    }

    private static CacheSettings cacheSettings(MountSettings settings) {
        CacheSettings usual = CacheSettings.DEFAULTS;
        return usual.withFetchLimit(settings.deadline())
                .withPrefetch(settings.readAhead(), settings.backgroundFill() ? usual.fill() : new ByteSize(0));
    }

    private static EvictionSettings evictionSettings(CacheLimits limits) {
        return new EvictionSettings(
                limits.size(), limits.highMark(), limits.lowMark(), limits.minFree(), limits.timeToLive());
    }

    private static UploadSettings uploadSettings(MountSettings settings) {
        UploadSettings usual = UploadSettings.DEFAULTS;
        return new UploadSettings(usual.putThreshold(), usual.block(), usual.blocksInFlight(), settings.deadline());
    }

    private static WriteBackSettings writeBackSettings(DurabilityChoice choice) {
        return WriteBackSettings.DEFAULTS.with(choice.usual(), choice.byPrefix());
    }

    private static TreeSettings treeSettings(MountSettings settings, Host host) {
        FuseOptions fuse = settings.fuse();
        int umask = fuse.umask().orElse(DEFAULT_UMASK);
        return new TreeSettings(
                settings.readOnly(),
                new Caller(fuse.uid().orElse(host.uid()), fuse.gid().orElse(host.gid())),
                0666 & ~umask,
                0777 & ~umask,
                settings.attributeTrust(),
                settings.deadline(),
                TreeSettings.DEFAULT_MAX_CACHED_NAMES,
                settings.directoryPrefetch());
    }

    /** The kernel always checks permissions: the tree keeps modes and owners, and somebody has to mean them. */
    private static DoorSettings doorSettings(MountSettings settings) {
        FuseOptions fuse = settings.fuse();
        return new DoorSettings(
                FS_NAME,
                settings.readOnly(),
                fuse.allowOther(),
                fuse.allowRoot(),
                true,
                settings.extendedAttributes(),
                fuse.attributeTimeout(),
                fuse.entryTimeout(),
                fuse.negativeTimeout());
    }

    @Override
    public Door door() {
        return door;
    }

    /** What commands can do about this mount. */
    Steering steering() {
        return new Steering(tree.steering(cache.inventory()), tree.uploads());
    }

    /** What is counted in this mount. */
    Metrics metrics() {
        return metrics;
    }

    /** The container, as a person reads it. */
    String storeName() {
        return store.displayName();
    }

    /**
     * Uploads what an earlier mount left, without serving anything; returns when it is in the store or has been tried.
     *
     * @param progress is told of each file
     */
    void uploadAll(SteeringProgress progress) throws ForebayException {
        tree.awaitTakenOver();
        tree.uploads().flush(Selection.of(List.of("")), progress);
    }

    @Override
    public void finish() throws ForebayException {
        List<UnsavedFile> unsaved = tree.end();
        cache.close();
        store.close();
        if (!unsaved.isEmpty()) {
            throw new ForebayException.Unavailable(sentence(unsaved, cachePaths));
        }
    }

    static String sentence(List<UnsavedFile> unsaved, List<Path> cachePaths) {
        long kept = unsaved.stream().filter(UnsavedFile::kept).count();
        String named = unsaved.stream()
                .sorted(Comparator.comparing(UnsavedFile::kept)) // what is lost comes first
                .limit(MOST_NAMED)
                .map(UnsavedFile::toString)
                .collect(Collectors.joining("; "));
        String more = unsaved.size() > MOST_NAMED ? "; and " + (unsaved.size() - MOST_NAMED) + " more" : "";
        String folders = cachePaths.stream().map(Path::toString).collect(Collectors.joining(", "));
        String which = kept < unsaved.size() ? kept + " of them" : kept == 1 ? "it" : "they";
        String stay = kept == 0
                ? ""
                : "; " + which + (kept == 1 ? " stays" : " stay") + " in the cache path " + folders
                        + ", and the next mount with it goes on";
        return Text.files(unsaved.size()) + " could not be uploaded: " + named + more + stay;
    }

    /** Apart, so that a mount of a folder never loads a class of the Azure store. */
    private static final class Azure {
        static BlobStore store(StoreSettings.Azure settings, Clock clock, Metrics metrics) throws ForebayException {
            AzureCredential credential =
                    switch (settings.credential()) {
                        case StoreSettings.Credential.AccountKey key ->
                            new AzureCredential.SharedKey(
                                    settings.accountName(), key.key().revealed());
                        case StoreSettings.Credential.SasToken sas ->
                            new AzureCredential.Sas(sas.token().revealed());
                    };
            Path certificates = settings.certificates().orElse(null);
            AzureStoreSettings address = AzureStoreSettings.of(
                            settings.endpoint(), settings.accountName(), settings.container(), credential)
                    .withCaFile(certificates)
                    .withDataPlane(
                            switch (settings.dataPlane()) {
                                case THIN -> AzureDataPlane.THIN;
                                case SDK -> AzureDataPlane.SDK;
                            });
            RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
            return new RetryingBlobStore(
                    new CountingBlobStore(new AzureBlobStore(address), metrics),
                    RetryPolicy.DEFAULT,
                    clock,
                    random,
                    metrics);
        }
    }
}
