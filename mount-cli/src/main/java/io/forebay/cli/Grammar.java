package io.forebay.cli;

import io.forebay.cli.config.Option;
import io.forebay.cli.config.Options;
import java.nio.file.Path;
import java.util.HashMap;
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
    static final String DOCTOR = "doctor";
    static final String VERSION = "version";

    private static final String LAZY = "--lazy";
    private static final String WAIT = "--wait";
    private static final String CACHE_PATH = "--cache-path";

    private Grammar() {}

    /** A new command line with all commands. */
    static CommandLine commandLine() {
        CommandSpec root = command("forebay", "Mounts Azure Blob containers as a POSIX tree.")
                .addSubcommand(MOUNT, mount())
                .addSubcommand(UNMOUNT, unmount())
                .addSubcommand(LIST, command(LIST, "Lists the mounts of this machine and whether they are alive."))
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

    private static CommandSpec doctor() {
        CommandSpec spec = command(
                DOCTOR,
                "Says what this machine offers to a mount, what is lost where it offers less, and how to get it."
                        + " Ends with 0 if a mount is possible. It mounts nothing but an empty folder of its own, for"
                        + " a moment, and asks no store.");
        spec.addOption(OptionSpec.builder(CACHE_PATH)
                .type(Path.class)
                .paramLabel("PATH")
                .description("The folder for content that a mount would be given. By default that of 'forebay mount'.")
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
                flags.put(option, textOf(mount.matchedOptionValue(name, (Object) "")));
            }
        }
        return flags;
    }

    private static String textOf(@Nullable Object value) {
        return value instanceof String[] words ? String.join(",", words) : String.valueOf(value);
    }

    static String mountPointOf(ParseResult command) {
        return command.matchedPositionalValue(0, "");
    }

    static boolean isLazy(ParseResult unmount) {
        return unmount.hasMatchedOption(LAZY);
    }

    static Optional<Path> cachePathOf(ParseResult doctor) {
        return Optional.ofNullable(doctor.matchedOptionValue(CACHE_PATH, null));
    }

    static int waitSeconds(ParseResult unmount) {
        return unmount.matchedOption(WAIT) == null ? 600 : unmount.matchedOptionValue(WAIT, 600);
    }
}
