package io.forebay.cli.config;

import io.forebay.cli.config.Option.Form;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
            "sdk",
            "PLANE",
            Form.VALUE,
            "Which client moves the bytes of blobs for the store azure: sdk is the Azure SDK, which everything else goes"
                    + " through anyway; thin is Forebay's own, on trial, and takes a fraction of the CPU time. Where Java is"
                    + " set up to use a proxy it is always the SDK.");

    public static final Option<Path> CACHE_PATH = new Option<>(
            "cache-path",
            null,
            ValueParsers::path,
            null,
            "PATH",
            Form.VALUE,
            "The folder for content on local disk; it is made where it is missing. By default a folder for each mount"
                    + " point in /var/cache/forebay for root, else in $XDG_CACHE_HOME/forebay or ~/.cache/forebay.");

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
                    + " attr_timeout=SECONDS, entry_timeout=SECONDS, negative_timeout=SECONDS, nonempty. uid, gid and"
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

    /** All of them. */
    public static final List<Option<?>> ALL = List.of(
            CONFIG_FILE,
            STORE,
            CONTAINER_NAME,
            ACCOUNT_NAME,
            ENDPOINT,
            ACCOUNT_KEY,
            SAS,
            CA_CERT_FILE,
            DEADLINE,
            DATA_PLANE,
            CACHE_PATH,
            ATTR_CACHE_TIMEOUT,
            DOOR,
            NO_PASSTHROUGH,
            FUSE_TRACE,
            READ_ONLY,
            MOUNT_OPTIONS,
            FOREGROUND,
            LOG_LEVEL,
            LOG_FILE_PATH);

    private Options() {}
}
