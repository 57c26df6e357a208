package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.fs.PendingUpload;
import io.forebay.fs.UploadSteering;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/** {@code forebay status [MOUNT…]}: what is on the local disk only. */
final class StatusCommand {
    /** Failures, and conflicts, that one mount tells of: a screen of each. */
    private static final int MOST_NAMED = 20;

    private final Host host;

    StatusCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        SteeredMounts mounts = new SteeredMounts(host);
        List<SteeredMounts.Named> asked = mounts.allOr(Grammar.pathsOf(command));
        boolean json = Grammar.isJson(command);
        if (asked.isEmpty() && !json) {
            host.out().println("nothing is mounted");
        }
        boolean complete = true;
        int worst = Main.DONE;
        for (SteeredMounts.Named named : asked) {
            try {
                UploadSteering.Report report = mounts.client(named).uploads(named.inside(), MOST_NAMED);
                if (json) {
                    host.out().println(json(named, report));
                } else {
                    print(named, report);
                }
                worst = Math.max(worst, exitOf(report));
            } catch (ForebayException.Unavailable oneOfThem) {
                host.err().println("forebay: " + oneOfThem.getMessage());
                complete = false;
            }
        }
        return complete ? worst : Main.FAILED;
    }

    private static int exitOf(UploadSteering.Report report) {
        if (report.failed().files() + report.conflicting().files() > 0) {
            return Main.TROUBLE;
        }
        return report.all().files() > 0 ? Main.WAITING : Main.DONE;
    }

    private void print(SteeredMounts.Named named, UploadSteering.Report report) {
        line("mount", named.mount().mountPoint() + " (" + named.mount().store() + ")");
        if (report.all().files() == 0) {
            line("local only", "nothing");
            return;
        }
        line(
                "local only",
                shown(report.all()) + ", the oldest since "
                        + age(report.oldest().toMillis()));
        line("waiting", shown(report.waiting()));
        line("uploading", shown(report.uploading()));
        line("failed", shown(report.failed()));
        name(named, report.failures(), report.failed());
        line("in conflict", shown(report.conflicting()));
        name(named, report.conflicts(), report.conflicting());
    }

    private void name(SteeredMounts.Named named, List<PendingUpload> files, UploadSteering.Sum all) {
        for (PendingUpload file : files) {
            host.out().println("  " + describe(named, file));
        }
        if (all.files() > files.size()) {
            host.out().println("  and " + (all.files() - files.size()) + " more");
        }
    }

    /** One file, with since when it waits and why. */
    static String describe(SteeredMounts.Named named, PendingUpload file) {
        return String.format(
                Locale.ROOT,
                "%9s  %9s  %s: %s",
                new ByteSize(file.sizeBytes()),
                age(file.age().toMillis()),
                named.shown(file.path()),
                file.reason());
    }

    private static String age(long millis) {
        return Text.seconds(millis / 1e3);
    }

    private static String shown(UploadSteering.Sum sum) {
        return Text.files(sum.files()) + ", " + new ByteSize(sum.bytes());
    }

    private void line(String label, String value) {
        Text.line(host.out(), label, value);
    }

    /** One line for each mount. */
    private static String json(SteeredMounts.Named named, UploadSteering.Report report) {
        String files = Stream.concat(report.failures().stream(), report.conflicts().stream())
                .map(file -> "{\"path\":" + Text.json(file.path()) + ",\"state\":"
                        + Text.json(file.state().name().toLowerCase(Locale.ROOT)) + ",\"bytes\":" + file.sizeBytes()
                        + ",\"age_seconds\":" + file.age().toSeconds() + ",\"reason\":" + Text.json(file.reason())
                        + "}")
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"mount_point\":" + Text.json(named.mount().mountPoint().toString()) + ",\"store\":"
                + Text.json(named.mount().store()) + json("waiting", report.waiting())
                + json("uploading", report.uploading()) + json("failed", report.failed())
                + json("conflict", report.conflicting()) + ",\"oldest_seconds\":"
                + report.oldest().toSeconds() + ",\"files\":" + files + "}";
    }

    private static String json(String name, UploadSteering.Sum sum) {
        return ",\"" + name + "_files\":" + sum.files() + ",\"" + name + "_bytes\":" + sum.bytes();
    }
}
