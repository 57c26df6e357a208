package io.forebay.cli.config;

import io.forebay.base.ByteSize;
import io.forebay.cli.config.Option.Form;
import io.forebay.fs.Durability;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table of everything that can be configured, in the order in which the help shows it. */
public final class Options {
    public static final Option<Path> CONFIG_FILE = new Option<>(
            "config-file",
            null,
            ValueParsers::path,
            null,
            "FILE",
            Form.FLAG_ONLY,
            "A YAML file with any of the keys below. Without it no file is read.");

    public static final Option<StoreChoice> STORE = new Option<>(
            "store",
            null,
            ValueParsers::store,
            "azure",
            "STORE",
            Form.VALUE,
            "Where the blobs are: azure, or directory:PATH for a folder of this machine whose sub-folders are the"
                    + " containers.");

    public static final Option<String> CONTAINER_NAME = new Option<>(
            "container-name",
            "AZURE_STORAGE_ACCOUNT_CONTAINER",
            ValueParsers::containerName,
            null,
            "NAME",
            Form.VALUE,
            "The container to mount. It must exist.");

    public static final Option<String> ACCOUNT_NAME = new Option<>(
            "account-name",
            "AZURE_STORAGE_ACCOUNT",
            ValueParsers::accountName,
            null,
            "NAME",
            Form.VALUE,
            "The storage account. Needed for the store azure.");

    public static final Option<URI> ENDPOINT = new Option<>(
            "endpoint",
            "AZURE_STORAGE_BLOB_ENDPOINT",
            ValueParsers::endpoint,
            null,
            "URL",
            Form.VALUE,
            "The address of the Blob service, http or https; a host alone means https. By default"
                    + " https://ACCOUNT.blob.core.windows.net.");

    public static final Option<Secret> ACCOUNT_KEY = new Option<>(
            "account-key",
            "AZURE_STORAGE_ACCESS_KEY",
            ValueParsers::accountKey,
            null,
            "KEY",
            Form.SECRET,
            "A key of the storage account. Used rather than a SAS token where both are given.");

    public static final Option<Secret> SAS = new Option<>(
            "sas",
            "AZURE_STORAGE_SAS_TOKEN",
            ValueParsers::sasToken,
            null,
            "TOKEN",
            Form.SECRET,
            "A SAS token for the account or the container, with or without its question mark.");

    public static final Option<Path> CA_CERT_FILE = new Option<>(
            "ca-cert-file",
            null,
            ValueParsers::path,
            null,
            "FILE",
            Form.VALUE,
            "Certificates (PEM) to trust instead of those of Java, for a private https endpoint.");

    public static final Option<Duration> DEADLINE = new Option<>(
            "deadline",
            null,
            ValueParsers::duration,
            "60s",
            "DURATION",
            Form.VALUE,
            "How long one request to the store may take, all its retries included. From 1s to 1h.");

    public static final Option<DataPlaneChoice> DATA_PLANE = new Option<>(
            "data-plane",
            null,
            DataPlaneChoice::parse,
            "thin",
            "PLANE",
            Form.VALUE,
            "Which client asks the store azure: thin is Forebay's own, starts sooner and takes a fraction of the"
                    + " CPU time; sdk is the Azure SDK, to compare with or to fall back on. Where Java is set up to use a"
                    + " proxy it is always the SDK.");

    public static final Option<List<Path>> CACHE_PATH = new Option<>(
            "cache-path",
            null,
            ValueParsers::paths,
            null,
            "PATH",
            Form.REPEATED,
            "The folder for content on local disk; it is made where it is missing, and what it has is found again by the"
                    + " next mount. May be given several times, once for each disk: content is spread by free space, and a"
                    + " disk that fails is taken out while the mount goes on. By default a folder for each mount"
                    + " point in /var/cache/forebay for root, else in $XDG_CACHE_HOME/forebay or ~/.cache/forebay.");

    public static final Option<ByteSize> CACHE_SIZE = new Option<>(
            "cache-size",
            null,
            ByteSize::parse,
            null,
            "SIZE",
            Form.VALUE,
            "The most that the cache holds, all its disks together: 500GiB, 2TiB. By default four fifths of what is free"
                    + " when it starts, what it holds then counted as free.");

    public static final Option<Integer> CACHE_HIGH_MARK = new Option<>(
            "cache-high-mark",
            null,
            ValueParsers::percent,
            "90",
            "PERCENT",
            Form.VALUE,
            "At how much of its size the cache begins to give up content that nobody has open, what is of least use first.");

    public static final Option<Integer> CACHE_LOW_MARK = new Option<>(
            "cache-low-mark",
            null,
            ValueParsers::percent,
            "80",
            "PERCENT",
            Form.VALUE,
            "At how much of its size it ends to do so.");

    public static final Option<ByteSize> CACHE_MIN_FREE = new Option<>(
            "cache-min-free",
            null,
            ByteSize::parse,
            null,
            "SIZE",
            Form.VALUE,
            "What stays free of each cache disk, whoever filled it. By default a tenth of the disk.");

    public static final Option<Duration> CACHE_TTL = new Option<>(
            "cache-ttl",
            null,
            ValueParsers::duration,
            "0",
            "DURATION",
            Form.VALUE,
            "Content that was not used for so long is given up, room or not; a number alone is seconds, 0 is never.");

    public static final Option<Durability.Level> WRITE_BACK = new Option<>(
            "write-back",
            null,
            DurabilityChoice::level,
            "blob",
            "LEVEL",
            Form.VALUE,
            "What close and fsync wait for. blob: until the file is in the store. local: until it is on the cache disk,"
                    + " after fsync on stable storage; it is uploaded behind the scenes, and 'forebay status' shows what"
                    + " still waits.");

    public static final Option<Map<String, Durability>> DURABILITY = new Option<>(
            "durability",
            null,
            DurabilityChoice::byPrefix,
            null,
            "PREFIX:LEVEL",
            Form.REPEATED,
            "The same for files whose path from the mount point begins with PREFIX; of several the longest counts. LEVEL is"
                    + " blob or local, or two of them, for close and for fsync: scratch/:local or"
                    + " checkpoints/:local,blob. May be given several times.");

    public static final Option<Boolean> LAZY_WRITE = new Option<>(
            "lazy-write",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "As BlobFuse2 has it: close waits for the cache disk only, fsync for the store. Where write-back is given,"
                    + " that counts instead.");

    public static final Option<Duration> ATTR_CACHE_TIMEOUT = new Option<>(
            "attr-cache-timeout",
            null,
            ValueParsers::duration,
            "5s",
            "DURATION",
            Form.VALUE,
            "How long the tree trusts what it knows of a blob before it asks the store again; a number alone is"
                    + " seconds. Changes that others make show after at most this time.");

    public static final Option<DoorChoice> DOOR = new Option<>(
            "door",
            null,
            DoorChoice::parse,
            "auto",
            "DOOR",
            Form.VALUE,
            "How the kernel is spoken to: kernel speaks its protocol itself, and is the faster one; jnr-fuse goes through"
                    + " libfuse 2; auto takes kernel, or jnr-fuse where the kernel is older than Linux 5.4. 'forebay"
                    + " doctor' says what this machine offers.");

    public static final Option<Boolean> NO_PASSTHROUGH = new Option<>(
            "no-passthrough",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Let every byte pass through Forebay, instead of having the kernel read and write local files itself where"
                    + " it can (as root, Linux 6.9 or newer). The door jnr-fuse has no passthrough anyway.");

    public static final Option<ByteSize> READ_AHEAD = new Option<>(
            "read-ahead",
            null,
            ByteSize::parse,
            "128MiB",
            "SIZE",
            Form.VALUE,
            "How much is fetched at most before anybody has asked for it, for all files together, and how far ahead of a"
                    + " reader. With 0 nothing is, and every reader waits for the store at each of his steps; 'forebay"
                    + " warmup' goes on to work.");

    public static final Option<Boolean> NO_BACKGROUND_FILL = new Option<>(
            "no-background-fill",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Do not fetch the rest of a file of which parts are read at random. Without this it is fetched in the"
                    + " background once that costs less than what is waited for, if it is at most 8 GiB and half of"
                    + " the free disk.");

    public static final Option<Boolean> NO_DIRECTORY_PREFETCH = new Option<>(
            "no-directory-prefetch",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Do not fetch small files before they are opened. Without this, when several files of at most 1 MiB of one"
                    + " directory are read within a short while, the others are fetched in the background, ever more of them"
                    + " as reading goes on.");

    public static final Option<Boolean> XATTRS = new Option<>(
            "xattrs",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Keep extended attributes of the namespace 'user', in the metadata of blobs. The kernel then asks for an"
                    + " attribute of its own before each write, which costs some 20 microseconds.");

    public static final Option<Boolean> FUSE_TRACE = new Option<>(
            "fuse-trace",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Log every request of the kernel with its answer, whatever the log level is. Slow. Only the kernel door can.");

    public static final Option<Boolean> READ_ONLY = new Option<>(
            "read-only",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Refuse every change. The same as -o ro.");

    public static final Option<FuseOptions> MOUNT_OPTIONS = new Option<>(
            "mount-options",
            null,
            FuseOptions::parse,
            "",
            "OPTION[,OPTION...]",
            Form.LIST,
            "Options as mount(8) has them: allow_other, allow_root, ro, rw, uid=N, gid=N, umask=OCTAL,"
                    + " attr_timeout=SECONDS, entry_timeout=SECONDS, negative_timeout=SECONDS, nonempty. Without a timeout"
                    + " the kernel trusts a name for as long as --attr-cache-timeout says. uid, gid and"
                    + " umask are for blobs that say nothing of owner and mode. Words that change nothing here are"
                    + " accepted: default_permissions (always on), dev, nodev, suid, nosuid,"
                    + " delay_connect, auto, noauto, user, nouser, exec, noexec, defaults, _netdev.");

    public static final Option<Boolean> FOREGROUND = new Option<>(
            "foreground",
            null,
            ValueParsers::flag,
            "false",
            "BOOLEAN",
            Form.SWITCH,
            "Stay in the foreground, and log to standard error unless a log file is named.");

    public static final Option<String> LOG_LEVEL = new Option<>(
            "log-level",
            null,
            ValueParsers.oneOf("off", "error", "warn", "info", "debug", "trace"),
            "info",
            "LEVEL",
            Form.VALUE,
            "How much is logged: off, error, warn, info, debug or trace.");

    public static final Option<Path> LOG_FILE_PATH = new Option<>(
            "log-file-path",
            null,
            ValueParsers::path,
            null,
            "FILE",
            Form.VALUE,
            "The log file; three older ones of 16 MiB are kept beside it. By default one for each mount point in"
                    + " /var/log/forebay for root, else in $XDG_STATE_HOME/forebay or ~/.local/state/forebay.");

    /** Those that say where a store is and who asks it. */
    public static final List<Option<?>> OF_STORE = List.of(
            CONFIG_FILE,
            STORE,
            CONTAINER_NAME,
            ACCOUNT_NAME,
            ENDPOINT,
            ACCOUNT_KEY,
            SAS,
            CA_CERT_FILE,
            DEADLINE,
            DATA_PLANE);

    private static final List<Option<?>> OF_MOUNT = List.of(
            CACHE_PATH,
            CACHE_SIZE,
            CACHE_HIGH_MARK,
            CACHE_LOW_MARK,
            CACHE_MIN_FREE,
            CACHE_TTL,
            WRITE_BACK,
            DURABILITY,
            LAZY_WRITE,
            ATTR_CACHE_TIMEOUT,
            DOOR,
            NO_PASSTHROUGH,
            READ_AHEAD,
            NO_BACKGROUND_FILL,
            NO_DIRECTORY_PREFETCH,
            XATTRS,
            FUSE_TRACE,
            READ_ONLY,
            MOUNT_OPTIONS,
            FOREGROUND);

    /** Those that say what is written down of what a process does. */
    public static final List<Option<?>> OF_LOG = List.of(LOG_LEVEL, LOG_FILE_PATH);

    /** All of them. */
    public static final List<Option<?>> ALL = Stream.of(OF_STORE, OF_MOUNT, OF_LOG)
            .<Option<?>>flatMap(List::stream)
            .toList();

    private Options() {}
}
