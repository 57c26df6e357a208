package io.forebay.cli.config;

/** Writes the reference page from the table, so that the two cannot differ. */
public final class OptionReference {
    private OptionReference() {}

    /** Prints the page. */
    public static void main(String[] arguments) {
        System.out.print(markdown());
    }

    /** The page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Option<?> option : Options.ALL) {
            page.append("\n## `").append(option.key()).append("`\n\n");
            page.append(option.description()).append("\n\n");
            page.append("| flag | key in the file | environment | default |\n|---|---|---|---|\n");
            page.append("| ").append(flag(option));
            page.append(" | ")
                    .append(option.yamlKey().map(OptionReference::code).orElse("none"));
            page.append(" | ")
                    .append(option.environment().map(OptionReference::code).orElse("none"));
            page.append(" | ").append(defaultOf(option)).append(" |\n");
        }
        return page.toString();
    }

    private static String flag(Option<?> option) {
        return option.flag()
                .map(flag -> option.form() == Option.Form.SWITCH ? flag : flag + " " + option.placeholder())
                .map(OptionReference::code)
                .orElse("never: the arguments of a process are public");
    }

    private static String defaultOf(Option<?> option) {
        return option.defaultValue()
                .filter(text -> !text.isEmpty())
                .map(OptionReference::code)
                .orElse("none");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static final String HEAD = """
            # Configuration

            Every option of `forebay mount`, generated from the table in `io.forebay.cli.config.Options`; a test fails
            when this page is out of step. `./dev docs` writes it anew.

            A flag counts more than an environment variable, a variable more than the file given with `--config-file`,
            and the file more than the default. A variable that is set to nothing counts as not set. A list is taken
            whole from the source that counts most. A key in the file that Forebay does not know is an error.

            Relative paths are relative to the folder in which the command is given. Durations are written `500ms`,
            `60s`, `5m` or `1h`; a number alone is seconds.

            ```yaml
            # forebay mount /mnt/train --config-file forebay.yaml
            account-name: myaccount
            account-key: "…"          # or sas: "…", or leave both to the environment; chmod 600 this file
            container-name: train
            cache-path: /nvme/forebay  # or a list: [/nvme0/forebay, /nvme1/forebay]
            read-only: false
            mount-options: [allow_other, umask=022]
            ```
            """;
}
