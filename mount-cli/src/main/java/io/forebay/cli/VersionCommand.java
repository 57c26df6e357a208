package io.forebay.cli;

import java.util.Optional;

/** {@code forebay version}. */
final class VersionCommand {
    private VersionCommand() {}

    static int run(Host host) {
        host.out()
                .println("forebay " + version() + " (Java " + Runtime.version().feature() + ")");
        return Main.DONE;
    }

    /** The version that the jar was built as; "development" when the classes were not taken from a jar. */
    static String version() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
