package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.NewFile;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import io.forebay.fs.PendingUpload;
import io.forebay.fs.UploadSteering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** {@code forebay conflicts}: files that somebody else has changed in the store, and what is to become of them. */
final class ConflictsCommand {
    private static final int MOST_LISTED = 1_000;

    private final Host host;
    private final SteeredMounts mounts;

    ConflictsCommand(Host host) {
        this.host = host;
        this.mounts = new SteeredMounts(host);
    }

    int run(ParseResult command) throws ForebayException {
        if (!command.hasSubcommand()) {
            return list(command);
        }
        ParseResult which = command.subcommand();
        return switch (which.commandSpec().name()) {
            case Grammar.CONFLICTS_LIST -> list(which);
            case Grammar.CONFLICTS_SHOW -> show(which);
            case Grammar.CONFLICTS_SAVE -> save(which);
            case Grammar.CONFLICTS_RETRY -> decide(which, ControlClient.Work.RETRY, "uploaded ");
            case Grammar.CONFLICTS_DISCARD -> decide(which, ControlClient.Work.DISCARD, "discarded ");
            default ->
                throw new IllegalStateException(
                        "no such command: " + which.commandSpec().name());
        };
    }

    private int list(ParseResult command) throws ForebayException {
        long count = 0;
        for (SteeredMounts.Named named : mounts.allOr(Grammar.pathsOf(command))) {
            UploadSteering.Report report = mounts.client(named).uploads(named.inside(), MOST_LISTED);
            for (PendingUpload file : report.conflicts()) {
                host.out().println(StatusCommand.describe(named, file));
            }
            long more = report.conflicting().files() - report.conflicts().size();
            if (more > 0) {
                host.out().println("and " + more + " more in " + named.mount().mountPoint());
            }
            count += report.conflicting().files();
        }
        if (count == 0) {
            host.out().println("no conflicts");
        }
        return count == 0 ? Main.DONE : Main.TROUBLE;
    }

    private int show(ParseResult command) throws ForebayException {
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            for (String path : named.inside()) {
                UploadSteering.Conflict conflict = mounts.client(named).conflict(path);
                host.out().println(named.shown(conflict.path()));
                String replaces = conflict.ours().etag();
                line("here", conflict.ours(), replaces.isEmpty() ? "a new file" : "meant to replace etag " + replaces);
                if (conflict.theirs().isPresent()) {
                    UploadSteering.Version theirs = conflict.theirs().get();
                    line("in the store", theirs, "etag " + theirs.etag());
                } else {
                    Text.line(host.out(), "in the store", "nothing any more");
                }
            }
        }
        return Main.DONE;
    }

    private void line(String label, UploadSteering.Version version, String etag) {
        Text.line(
                host.out(), label, new ByteSize(version.sizeBytes()) + ", changed " + version.modified() + ", " + etag);
    }

    /** The mount shows what is here; it is asked before and after, so that nothing else is taken for that. */
    private int save(ParseResult command) throws ForebayException {
        SteeredMounts.Named named =
                mounts.of(List.of(Grammar.mountPointOf(command))).getFirst();
        String path = named.inside().getFirst();
        Path target = host.workingFolder().resolve(Grammar.targetOf(command));
        UploadSteering.Conflict before = mounts.client(named).conflict(path);
        NewFile.copy(Path.of(named.shown(before.path())), target);
        boolean same = false;
        try {
            same = mounts.client(named).conflict(path).ours().equals(before.ours());
        } finally {
            if (!same) {
                removeQuietly(target);
            }
        }
        if (!same) {
            throw new ForebayException.Changed(
                    named.shown(path) + " was changed while it was copied; nothing is saved, try again");
        }
        host.out().println("saved " + new ByteSize(before.ours().sizeBytes()) + " as " + target);
        return Main.DONE;
    }

    private static void removeQuietly(Path target) {
        try {
            Files.deleteIfExists(target);
        } catch (IOException _) {
            // The failure that is being reported is why.
        }
    }

    private int decide(ParseResult command, ControlClient.Work decision, String done) throws ForebayException {
        boolean complete = true;
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            ControlClient.Outcome outcome = mounts.client(named).work(decision, named.inside(), _ -> {});
            host.out().println(done + Text.files(outcome.state().doneFiles()));
            complete &= Text.reportFailures(host.err(), named, outcome);
        }
        return complete ? Main.DONE : Main.FAILED;
    }
}
