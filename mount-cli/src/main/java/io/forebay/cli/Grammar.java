package io.forebay.cli;

import io.forebay.cli.config.Option;
import io.forebay.cli.config.Options;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What can be typed: the commands, their flags and their help. Built from the option table, without annotations. */
final class Grammar {
    static final String MOUNT = "mount";
    static final String UNMOUNT = "unmount";
    static final String LIST = "list";
    static final String STATUS = "status";
    static final String FLUSH = "flush";
    static final String CONFLICTS = "conflicts";
    static final String CONFLICTS_LIST = "list";
    static final String CONFLICTS_SHOW = "show";
    static final String CONFLICTS_SAVE = "save";
    static final String CONFLICTS_RETRY = "retry";
    static final String CONFLICTS_DISCARD = "discard";
    static final String RECOVER = "recover";
    static final String WARMUP = "warmup";
    static final String EVICT = "evict";
    static final String UNPIN = "unpin";
    static final String CACHE = "cache";
    static final String DOCTOR = "doctor";
    static final String VERSION = "version";

    /** All of them, in the order in which the help shows them. */
    static final List<String> COMMANDS = List.of(
            MOUNT, UNMOUNT, LIST, STATUS, FLUSH, CONFLICTS, RECOVER, WARMUP, EVICT, UNPIN, CACHE, DOCTOR, VERSION);

    private static final String LAZY = "--lazy";
    private static final String WAIT = "--wait";
    private static final String CACHE_PATH = "--cache-path";
    private static final String CHECK = "--check";
    private static final String PIN = "--pin";
    private static final String JSON = "--json";
    private static final String TOP = "--top";
    private static final String SAVE_TO = "--save-to";
    private static final String UPLOAD = "--upload";

    private Grammar() {}

    /** A new command line with all commands. */
    static CommandLine commandLine() {
        CommandSpec root = command("forebay", "Mounts Azure Blob containers as a POSIX tree.")
                .addSubcommand(MOUNT, mount())
                .addSubcommand(UNMOUNT, unmount())
                .addSubcommand(LIST, command(LIST, "Lists the mounts of this machine and whether they are alive."))
                .addSubcommand(STATUS, status())
                .addSubcommand(FLUSH, flush())
                .addSubcommand(CONFLICTS, conflicts())
                .addSubcommand(RECOVER, recover())
                .addSubcommand(WARMUP, warmup())
                .addSubcommand(EVICT, evict())
                .addSubcommand(UNPIN, unpin())
                .addSubcommand(CACHE, cache())
                .addSubcommand(DOCTOR, doctor())
                .addSubcommand(VERSION, command(VERSION, "Prints the version."));
        root.usageMessage()
                .footer(
                        "",
                        "Try it on a folder:",
                        "  mkdir -p /tmp/account/train /tmp/mnt",
                        "  forebay mount /tmp/mnt --store directory:/tmp/account --container-name train",
                        "  forebay unmount /tmp/mnt",
                        "",
                        "'forebay COMMAND --help' says more about each command.");
        CommandLine line = new CommandLine(root);
        line.setOverwrittenOptionsAllowed(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        return line;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(description).synopsisHeading("usage: ").abbreviateSynopsis(true);
        spec.usageMessage().sortOptions(false).optionListHeading("%noptions:%n").commandListHeading("%ncommands:%n");
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Prints this help.")
                .build());
    }

    private static CommandSpec mount() {
        CommandSpec spec = command(
                MOUNT,
                "Mounts a container, and returns when the mount answers. The mount then goes on in the background.");
        spec.addPositional(mountPoint("An empty folder."));
        for (Option<?> option : Options.ALL) {
            spec.addOption(flagOf(option));
        }
        spec.usageMessage()
                .footer(
                        "",
                        "A key or a SAS token is never a flag; set AZURE_STORAGE_ACCESS_KEY or",
                        "AZURE_STORAGE_SAS_TOKEN, or write 'account-key' or 'sas' into the file of --config-file.",
                        "",
                        "examples:",
                        "  export AZURE_STORAGE_ACCESS_KEY=…",
                        "  forebay mount /mnt/train --account-name myaccount --container-name train",
                        "  forebay mount /mnt/train --config-file /etc/forebay.yaml -o allow_other,ro",
                        "  forebay mount /mnt/train --store directory:/srv/account --container-name train --foreground");
        return spec;
    }

    private static CommandSpec unmount() {
        CommandSpec spec = command(
                UNMOUNT,
                "Unmounts, and returns when everything has been uploaded. It also cleans up a mount whose process died.");
        spec.addPositional(mountPoint("Where it is mounted."));
        spec.addOption(OptionSpec.builder("-z", LAZY)
                .type(Boolean.class)
                .description(
                        "Detach now, even if files are open; what they still write is uploaded when they are closed.")
                .build());
        spec.addOption(OptionSpec.builder(WAIT)
                .type(Integer.class)
                .paramLabel("SECONDS")
                .defaultValue("600")
                .description("How long to wait for uploads before giving up on waiting; they go on. Default: 600.")
                .build());
        spec.usageMessage()
                .footer("", "examples:", "  forebay unmount /mnt/train", "  forebay unmount --lazy /mnt/train");
        return spec;
    }

    private static CommandSpec status() {
        CommandSpec spec = command(
                STATUS,
                "Shows what is on the local disk only: how many files and bytes wait, are being uploaded, failed or are in"
                        + " conflict with what somebody else has written. Ends with 0 if everything is in the store, with"
                        + " 3 if something waits, with 4 if something failed or is in conflict, and with 1 if a mount"
                        + " cannot be asked.");
        spec.addPositional(mounts());
        spec.addOption(json());
        spec.usageMessage().footer("", "examples:", "  forebay status", "  forebay status --json /mnt/train");
        return spec;
    }

    private static CommandSpec flush() {
        CommandSpec spec = command(
                FLUSH,
                "Uploads now what was closed or synced, and returns when it is in the store. Names what could not be"
                        + " uploaded, and then ends with 1; that is tried again as before. Ctrl-C stops the waiting, not"
                        + " the uploads.");
        spec.addPositional(paths("1..*", "A mount point, or a file, a folder or a pattern, as for 'forebay warmup'."));
        spec.usageMessage()
                .footer(
                        "",
                        "examples:",
                        "  forebay flush /mnt/train",
                        "  forebay flush /mnt/train/checkpoints/step-1000");
        return spec;
    }

    private static CommandSpec conflicts() {
        CommandSpec spec = command(
                        CONFLICTS,
                        "Files that were changed here and, before they were uploaded, by somebody else in the store. Both"
                                + " versions stay until you decide; the mount shows yours.")
                .addSubcommand(CONFLICTS_LIST, conflictsList())
                .addSubcommand(CONFLICTS_SHOW, conflictsOf(CONFLICTS_SHOW, "Shows both versions: size, time and etag."))
                .addSubcommand(CONFLICTS_SAVE, conflictsSave())
                .addSubcommand(
                        CONFLICTS_RETRY,
                        conflictsOf(
                                CONFLICTS_RETRY,
                                "Uploads yours over theirs, whatever that is by now, and returns when it is in the store."))
                .addSubcommand(
                        CONFLICTS_DISCARD,
                        conflictsOf(
                                CONFLICTS_DISCARD,
                                "Gives up yours, for good; the mount then shows theirs. Save it first if you may want it"
                                        + " again. What somebody has open is left as it is."));
        spec.addPositional(mounts());
        spec.usageMessage()
                .footer(
                        "",
                        "examples:",
                        "  forebay conflicts /mnt/train",
                        "  forebay conflicts save /mnt/train/a.csv /tmp/mine.csv",
                        "  forebay conflicts discard /mnt/train/a.csv");
        return spec;
    }

    private static CommandSpec conflictsList() {
        return command(CONFLICTS_LIST, "Lists them, the oldest first. Ends with 0 if there are none, else with 4.")
                .addPositional(mounts());
    }

    private static CommandSpec conflictsOf(String name, String description) {
        return command(name, description).addPositional(paths("1..*", "A file in a mount that is in conflict."));
    }

    private static CommandSpec conflictsSave() {
        return command(CONFLICTS_SAVE, "Copies yours into a new local file; the conflict stays.")
                .addPositional(one("PATH", 0, "A file in a mount that is in conflict."))
                .addPositional(one("FILE", 1, "Where to; nothing may be there yet."));
    }

    private static PositionalParamSpec one(String label, int index, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index(Integer.toString(index))
                .type(String.class)
                .arity("1")
                .required(true)
                .description(description)
                .build();
    }

    private static PositionalParamSpec mounts() {
        return positional("MOUNT", "0..*", "A mount point, or something in a mount. By default all mounts of yours.");
    }

    private static OptionSpec json() {
        return OptionSpec.builder(JSON)
                .type(Boolean.class)
                .description("One line of JSON for each mount.")
                .build();
    }

    private static CommandSpec recover() {
        CommandSpec spec = command(
                RECOVER,
                "Lists what a mount that died, or could not upload it, left in its cache path and nowhere else: size, since"
                        + " when, store and name; or uploads it, or copies it out. No mount may use the folder meanwhile.");
        spec.addPositional(one("CACHE-PATH", 0, "The folder that --cache-path named."));
        spec.addOption(OptionSpec.builder(SAVE_TO)
                .type(Path.class)
                .paramLabel("DIR")
                .description(
                        "Copy them into this folder, under their names and never over something; what is in the cache path"
                                + " stays as it is. Ends with 1 if one could not be copied.")
                .build());
        spec.addOption(OptionSpec.builder(UPLOAD)
                .type(Boolean.class)
                .description(
                        "Upload them to their store, which is named as for 'forebay mount'; nothing is mounted. What is in"
                                + " doubt or in conflict stays. Ends with 1 if anything is left.")
                .build());
        Options.OF_STORE.forEach(option -> spec.addOption(flagOf(option)));
        Options.OF_LOG.forEach(option -> spec.addOption(flagOf(option)));
        spec.usageMessage()
                .footer(
                        "",
                        "examples:",
                        "  forebay recover /nvme/forebay",
                        "  forebay recover /nvme/forebay --save-to /srv/rescued",
                        "  forebay recover /nvme/forebay --upload --account-name myaccount --container-name train",
                        "  forebay recover /nvme/forebay --upload --config-file /etc/forebay.yaml");
        return spec;
    }

    private static CommandSpec warmup() {
        CommandSpec spec = command(
                WARMUP,
                "Fetches content into the cache of a mount before it is needed, and returns when it is there. Ends with"
                        + " 0 only if all of it is. Ctrl-C stops it; what came by then stays.");
        spec.addPositional(paths(
                "1..*",
                "A file, a folder with all that is in it, or a pattern (in quotes, or the shell expands it): *, ? and"
                        + " [a-z] within a name, ** for any number of folders."));
        spec.addOption(OptionSpec.builder(CHECK)
                .type(Boolean.class)
                .description("Fetch nothing; say how much is there already.")
                .build());
        spec.addOption(OptionSpec.builder(PIN)
                .type(Boolean.class)
                .description("Keep it there whatever else needs the room, also in later mounts with this cache, until"
                        + " 'forebay unpin'. Files that are replaced in the store are pinned again by the next"
                        + " 'warmup --pin', which also releases what they were.")
                .build());
        spec.usageMessage()
                .footer(
                        "",
                        "examples:",
                        "  forebay warmup /mnt/train/datasets/imagenet",
                        "  forebay warmup '/mnt/train/models/**/*.safetensors'",
                        "  forebay warmup --pin /mnt/train/models/base",
                        "  forebay warmup --check /mnt/train/models");
        return spec;
    }

    private static CommandSpec evict() {
        CommandSpec spec = command(
                EVICT,
                "Drops what the cache of a mount has of files; the store keeps them. What is open or not uploaded yet"
                        + " stays, and so does what is pinned; it is named, and the command then ends with 1.");
        spec.addPositional(paths("1..*", "A file, a folder or a pattern, as for 'forebay warmup'."));
        spec.usageMessage()
                .footer("", "examples:", "  forebay evict /mnt/train/datasets", "  forebay evict '/mnt/train/*.tmp'");
        return spec;
    }

    private static CommandSpec unpin() {
        CommandSpec spec = command(
                UNPIN,
                "Lets the cache of a mount give up again what 'forebay warmup --pin' told it to keep. It stays there until"
                        + " the room is needed, or 'forebay evict'.");
        spec.addPositional(paths("1..*", "A file, a folder or a pattern, as for 'forebay warmup'."));
        spec.usageMessage()
                .footer("", "examples:", "  forebay unpin /mnt/train/models/base", "  forebay unpin /mnt/train");
        return spec;
    }

    private static CommandSpec cache() {
        CommandSpec spec =
                command(CACHE, "Shows what the cache of a mount holds, and what was counted since the mount.");
        spec.addPositional(paths("0..*", "A mount point, or something in a mount. By default all mounts of yours."));
        spec.addOption(OptionSpec.builder(TOP)
                .type(Integer.class)
                .paramLabel("N")
                .defaultValue("10")
                .description("How many of the largest folders and files to show. Default: 10.")
                .build());
        spec.addOption(json());
        spec.usageMessage().footer("", "examples:", "  forebay cache", "  forebay cache --top 3 /mnt/train/datasets");
        return spec;
    }

    private static PositionalParamSpec paths(String arity, String description) {
        return positional("PATH", arity, description);
    }

    private static PositionalParamSpec positional(String label, String arity, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .type(String[].class)
                .arity(arity)
                .required(!arity.startsWith("0"))
                .description(description)
                .build();
    }

    private static CommandSpec doctor() {
        CommandSpec spec = command(
                DOCTOR,
                "Says what this machine offers to a mount, what is lost where it offers less, and how to get it."
                        + " Ends with 0 if a mount is possible. It mounts nothing but an empty folder of its own, for"
                        + " a moment, and asks no store.");
        spec.addOption(OptionSpec.builder(CACHE_PATH)
                .type(Path[].class)
                .arity("1")
                .paramLabel("PATH")
                .description(
                        "The folder for content that a mount would be given; once for each disk. By default that of"
                                + " 'forebay mount'.")
                .build());
        spec.usageMessage().footer("", "examples:", "  forebay doctor", "  forebay doctor --cache-path /nvme/forebay");
        return spec;
    }

    private static PositionalParamSpec mountPoint(String description) {
        return PositionalParamSpec.builder()
                .paramLabel("MOUNTPOINT")
                .type(String.class)
                .arity("1")
                .required(true)
                .description(description)
                .build();
    }

    private static OptionSpec flagOf(Option<?> option) {
        return switch (option.form()) {
            case VALUE, FLAG_ONLY ->
                builder(option, "--" + option.key())
                        .type(String.class)
                        .paramLabel(option.placeholder())
                        .build();
            case REPEATED ->
                builder(option, "--" + option.key())
                        .type(String[].class)
                        .arity("1")
                        .paramLabel(option.placeholder())
                        .build();
            case SWITCH ->
                switchNames(option)
                        .type(Boolean.class)
                        .arity("0..1")
                        .paramLabel("true|false")
                        .build();
            case LIST ->
                builder(option, "-o")
                        .type(String[].class)
                        .arity("1")
                        .paramLabel(option.placeholder())
                        .build();
            // Known to the grammar only so that Main can say why it is not a flag, without repeating what was typed.
            case SECRET ->
                builder(option, "--" + option.key())
                        .type(String.class)
                        .arity("0..1")
                        .hidden(true)
                        .build();
        };
    }

    private static OptionSpec.Builder switchNames(Option<?> option) {
        return option.equals(Options.FOREGROUND)
                ? builder(option, "-f", "--" + option.key())
                : builder(option, "--" + option.key());
    }

    private static OptionSpec.Builder builder(Option<?> option, String name, String... otherNames) {
        // picocli takes % for a format; no description needs one.
        String shown = option.defaultValue()
                .filter(text -> !text.isEmpty() && option.form() == Option.Form.VALUE)
                .map(text -> " Default: " + text + ".")
                .orElse("");
        return OptionSpec.builder(name, otherNames).description(option.description() + shown);
    }

    /** What was typed for each option of {@code mount}, by option. */
    static Map<Option<?>, String> flagsOf(ParseResult mount) {
        Map<Option<?>, String> flags = new HashMap<>();
        for (Option<?> option : Options.ALL) {
            String name = option.flag().orElse("--" + option.key());
            if (mount.hasMatchedOption(name)) {
                flags.put(option, textOf(option, mount.matchedOptionValue(name, (Object) "")));
            }
        }
        return flags;
    }

    private static String textOf(Option<?> option, @Nullable Object value) {
        return value instanceof String[] words
                ? String.join(option.separator().orElse(","), words)
                : String.valueOf(value);
    }

    static String mountPointOf(ParseResult command) {
        return command.matchedPositionalValue(0, "");
    }

    static List<String> pathsOf(ParseResult command) {
        return List.of(command.matchedPositionalValue(0, new String[0]));
    }

    /** The file that {@code conflicts save} makes. */
    static String targetOf(ParseResult save) {
        return save.matchedPositionalValue(1, "");
    }

    static String cachePathOfRecover(ParseResult recover) {
        return recover.matchedPositionalValue(0, "");
    }

    static boolean isUpload(ParseResult recover) {
        return recover.hasMatchedOption(UPLOAD);
    }

    static Optional<Path> saveToOf(ParseResult recover) {
        return Optional.ofNullable(recover.matchedOptionValue(SAVE_TO, null));
    }

    static boolean isCheck(ParseResult warmup) {
        return warmup.hasMatchedOption(CHECK);
    }

    static boolean isPin(ParseResult warmup) {
        return warmup.hasMatchedOption(PIN);
    }

    static boolean isJson(ParseResult cache) {
        return cache.hasMatchedOption(JSON);
    }

    static int mostOf(ParseResult cache) {
        return cache.matchedOption(TOP) == null ? 10 : cache.matchedOptionValue(TOP, 10);
    }

    static boolean isLazy(ParseResult unmount) {
        return unmount.hasMatchedOption(LAZY);
    }

    static List<Path> cachePathsOf(ParseResult doctor) {
        return List.of(doctor.matchedOptionValue(CACHE_PATH, new Path[0]));
    }

    static int waitSeconds(ParseResult unmount) {
        return unmount.matchedOption(WAIT) == null ? 600 : unmount.matchedOptionValue(WAIT, 600);
    }
}
