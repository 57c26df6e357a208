package io.forebay.cli.config;

import io.forebay.base.ByteSize;
import io.forebay.fs.Durability;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a mount needs to know, read and checked.
 *
 * @param mountPoint where, absolute
 * @param store what
 * @param cachePaths the folders for content on local disk, absolute, at least one
 * @param cacheLimits when content is given up
 * @param durability where changes are safe when close(2) and fsync(2) return
 * @param deadline how long one request to the store may take
 * @param attributeTrust how long the tree trusts what it knows of a blob
 * @param door which door was asked for
 * @param passthrough whether the kernel may read and write local files itself, where the door can have that
 * @param readAhead how much is fetched at most that nobody has asked for yet; 0 for nothing
 * @param backgroundFill whether the rest of files is fetched that are read at random
 * @param directoryPrefetch whether small files are fetched ahead whose siblings are being read
 * @param extendedAttributes whether there are any
 * @param readOnly whether changes are refused
 * @param fuse what {@code -o} said
 * @param foreground whether the command stays
 * @param log what is logged, and where
 */
public record MountSettings(
        Path mountPoint,
        StoreSettings store,
        List<Path> cachePaths,
        CacheLimits cacheLimits,
        DurabilityChoice durability,
        Duration deadline,
        Duration attributeTrust,
        DoorChoice door,
        boolean passthrough,
        ByteSize readAhead,
        boolean backgroundFill,
        boolean directoryPrefetch,
        boolean extendedAttributes,
        boolean readOnly,
        FuseOptions fuse,
        boolean foreground,
        LogSettings log) {
    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofHours(1);

    public MountSettings {
        cachePaths = List.copyOf(cachePaths);
        if (!mountPoint.isAbsolute()
                || cachePaths.isEmpty()
                || !cachePaths.stream().allMatch(Path::isAbsolute)) {
            throw new IllegalArgumentException(
                    "the daemon has no working folder; not absolute: " + mountPoint + " or " + cachePaths);
        }
        if (deadline.compareTo(SHORTEST_DEADLINE) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("a deadline is 1s to 1h, not " + deadline.toMillis() + "ms");
        }
    }

    /**
     * Reads the settings of one mount.
     *
     * @throws ConfigurationException with every problem of the configuration, not only the first
     */
    public static MountSettings read(Path mountPoint, ConfigurationSources sources, DefaultPlaces places)
            throws ConfigurationException {
        Problems problems = new Problems();
        Reading reading = new Reading(sources.read(problems), sources.workingFolder());
        Optional<StoreSettings> store = reading.store();
        FuseOptions fuse = reading.given.value(Options.MOUNT_OPTIONS);
        List<Path> cachePaths = reading.paths(Options.CACHE_PATH).orElseGet(() -> List.of(places.cacheOf(mountPoint)));
        CacheLimits cacheLimits = reading.cacheLimits();
        DurabilityChoice durability = reading.durability();
        Duration deadline = reading.deadline();
        Duration attributeTrust = reading.given.value(Options.ATTR_CACHE_TIMEOUT);
        DoorChoice door = reading.given.value(Options.DOOR);
        boolean passthrough = !reading.given.value(Options.NO_PASSTHROUGH);
        ByteSize readAhead = reading.given.value(Options.READ_AHEAD);
        boolean backgroundFill = !reading.given.value(Options.NO_BACKGROUND_FILL);
        boolean directoryPrefetch = !reading.given.value(Options.NO_DIRECTORY_PREFETCH);
        boolean extendedAttributes = reading.given.value(Options.XATTRS);
        boolean readOnly = reading.given.value(Options.READ_ONLY) || fuse.readOnly();
        boolean foreground = reading.given.value(Options.FOREGROUND);
        LogSettings log = reading.log(places.logOf(mountPoint), foreground, door);
        problems.throwIfAny();
        return new MountSettings(
                mountPoint,
                store.orElseThrow(() -> new IllegalStateException("a store is missing, and no problem says so")),
                cachePaths,
                cacheLimits,
                durability,
                deadline,
                attributeTrust,
                door,
                passthrough,
                readAhead,
                backgroundFill,
                directoryPrefetch,
                extendedAttributes,
                readOnly,
                fuse,
                foreground,
                log);
    }

    /** The steps of {@link MountSettings#read}: each notes what is wrong and goes on with something that is not. */
    private record Reading(Configuration given, Path workingFolder) {
        Optional<StoreSettings> store() {
            Optional<String> container = required(
                    Options.CONTAINER_NAME,
                    "no container was named; give --container-name, or 'container-name' in the file");
            return switch (given.value(Options.STORE)) {
                case StoreChoice.Directory chosen ->
                    container.map(name -> new StoreSettings.Directory(workingFolder.resolve(chosen.account()), name));
                case StoreChoice.Azure _ -> azure(container);
            };
        }

        private Optional<StoreSettings> azure(Optional<String> container) {
            Optional<String> account = required(
                    Options.ACCOUNT_NAME,
                    "no storage account was named; give --account-name or set AZURE_STORAGE_ACCOUNT,"
                            + " or mount a folder with --store directory:PATH");
            Optional<URI> endpoint = given.find(Options.ENDPOINT)
                    .or(() -> account.map(name -> URI.create("https://" + name + ".blob.core.windows.net")));
            Optional<StoreSettings.Credential> credential = credential();
            Optional<Path> certificates = path(Options.CA_CERT_FILE);
            DataPlaneChoice dataPlane = given.value(Options.DATA_PLANE);
            if (container.isEmpty() || account.isEmpty() || endpoint.isEmpty() || credential.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new StoreSettings.Azure(
                    account.get(), container.get(), endpoint.get(), credential.get(), certificates, dataPlane));
        }

        private Optional<StoreSettings.Credential> credential() {
            Optional<Secret> key = given.find(Options.ACCOUNT_KEY);
            Optional<Secret> token = given.find(Options.SAS);
            if (!given.isGiven(Options.ACCOUNT_KEY) && !given.isGiven(Options.SAS)) {
                given.missing(
                        "credentials",
                        "there are none; set AZURE_STORAGE_ACCESS_KEY or AZURE_STORAGE_SAS_TOKEN, or write"
                                + " 'account-key' or 'sas' into the file of --config-file");
            }
            return key.<StoreSettings.Credential>map(StoreSettings.Credential.AccountKey::new)
                    .or(() -> token.map(StoreSettings.Credential.SasToken::new));
        }

        CacheLimits cacheLimits() {
            int highMark = given.value(Options.CACHE_HIGH_MARK);
            int lowMark = given.value(Options.CACHE_LOW_MARK);
            if (lowMark > highMark) {
                given.problems()
                        .add(
                                given.where(Options.CACHE_LOW_MARK),
                                "the low mark, " + lowMark + ", cannot be above the high mark, " + highMark);
                lowMark = highMark;
            }
            Duration timeToLive = given.value(Options.CACHE_TTL);
            return new CacheLimits(
                    given.find(Options.CACHE_SIZE),
                    highMark,
                    lowMark,
                    given.find(Options.CACHE_MIN_FREE),
                    Optional.of(timeToLive).filter(Duration::isPositive));
        }

        DurabilityChoice durability() {
            Durability.Level both = given.value(Options.WRITE_BACK);
            boolean lazy = given.value(Options.LAZY_WRITE) && !given.isGiven(Options.WRITE_BACK);
            return new DurabilityChoice(
                    lazy ? new Durability(Durability.Level.LOCAL, Durability.Level.BLOB) : new Durability(both, both),
                    given.find(Options.DURABILITY).orElse(Map.of()));
        }

        Duration deadline() {
            Duration deadline = given.value(Options.DEADLINE);
            if (deadline.compareTo(SHORTEST_DEADLINE) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
                given.problems().add(given.where(Options.DEADLINE), "a deadline is at least 1s and at most 1h");
                return SHORTEST_DEADLINE;
            }
            return deadline;
        }

        LogSettings log(Path defaultFile, boolean foreground, DoorChoice door) {
            boolean fuseTrace = given.value(Options.FUSE_TRACE);
            if (fuseTrace && door == DoorChoice.JNR_FUSE) {
                given.problems()
                        .add(
                                given.where(Options.FUSE_TRACE),
                                "the door jnr-fuse cannot trace requests; leave --door=jnr-fuse out");
            }
            Optional<Path> file = path(Options.LOG_FILE_PATH);
            return new LogSettings(
                    given.value(Options.LOG_LEVEL),
                    foreground ? file : Optional.of(file.orElse(defaultFile)),
                    fuseTrace);
        }

        Optional<Path> path(Option<Path> option) {
            return given.find(option).map(path -> workingFolder.resolve(path).normalize());
        }

        Optional<List<Path>> paths(Option<List<Path>> option) {
            return given.find(option).map(paths -> paths.stream()
                    .map(path -> workingFolder.resolve(path).normalize())
                    .toList());
        }

        private <T> Optional<T> required(Option<T> option, String otherwise) {
            if (!given.isGiven(option)) {
                given.missing(option.flag().orElse(option.key()), otherwise);
            }
            return given.find(option);
        }
    }
}
