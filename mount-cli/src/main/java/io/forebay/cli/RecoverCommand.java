package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.config.ConfigurationException;
import io.forebay.cli.config.Option;
import io.forebay.cli.config.Problems;
import io.forebay.fs.Recovery;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** {@code forebay recover CACHE-PATH}: what a mount that died left on the local disk only. */
final class RecoverCommand {
    private final Host host;

    RecoverCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ConfigurationException, ForebayException {
        Path cachePath = host.workingFolder()
                .resolve(Grammar.cachePathOfRecover(command))
                .normalize();
        if (Grammar.isUpload(command)) {
            return upload(command, cachePath) ? Main.DONE : Main.FAILED;
        }
        requireNoStore(command);
        Optional<Path> folder = Grammar.saveToOf(command)
                .map(written -> host.workingFolder().resolve(written).normalize());
        try (Recovery recovery = Recovery.in(cachePath)) {
            boolean complete = !recovery.isDamaged();
            if (!complete) {
                host.err()
                        .println("forebay: the journal in " + cachePath
                                + " is damaged; there may be more files than are shown here");
            }
            List<Recovery.LeftFile> files = recovery.files();
            if (folder.isPresent()) {
                complete &= save(recovery, folder.get());
            } else {
                list(files);
                advise(files, cachePath);
            }
            recovery.renames().forEach(rename -> show(rename, cachePath));
            return complete ? Main.DONE : Main.FAILED;
        }
    }

    private static void requireNoStore(ParseResult command) throws ConfigurationException {
        Problems problems = new Problems();
        for (Option<?> option : Grammar.flagsOf(command).keySet()) {
            problems.add("--" + option.key(), "this is for --upload");
        }
        problems.throwIfAny();
    }

    /** @return whether everything is in the store now */
    private boolean upload(ParseResult command, Path cachePath) throws ConfigurationException, ForebayException {
        Problems problems = new Problems();
        if (Grammar.saveToOf(command).isPresent()) {
            problems.add("--upload", "choose between this and --save-to");
        }
        problems.throwIfAny();
        List<Recovery.LeftFile> left;
        boolean renames;
        try (Recovery before = Recovery.in(cachePath)) {
            left = before.files();
            renames = !before.renames().isEmpty();
        }
        if (!left.isEmpty() || renames) {
            new LeftUpload(host, cachePath).run(command, left);
        }
        try (Recovery after = Recovery.in(cachePath)) {
            list(after.files());
            after.renames().forEach(rename -> show(rename, cachePath));
            return after.files().isEmpty() && after.renames().isEmpty() && !after.isDamaged();
        }
    }

    private void list(List<Recovery.LeftFile> files) {
        if (files.isEmpty()) {
            host.out().println("everything is in the store");
            return;
        }
        for (Recovery.LeftFile file : files) {
            host.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%9s  %s  %s: %s%s",
                            file.sizeBytes() < 0 ? "missing" : new ByteSize(file.sizeBytes()),
                            file.since().truncatedTo(ChronoUnit.SECONDS),
                            file.store(),
                            file.path(),
                            remark(file)));
        }
    }

    private void advise(List<Recovery.LeftFile> files, Path cachePath) {
        if (files.isEmpty()) {
            return;
        }
        long bytes =
                files.stream().mapToLong(file -> Math.max(0, file.sizeBytes())).sum();
        host.out()
                .println(Text.files(files.size()) + ", " + new ByteSize(bytes)
                        + ". Upload what is whole with --upload, or mount the store again with --cache-path "
                        + cachePath
                        + "; or copy all of it with --save-to.");
    }

    private void show(Recovery.LeftRename rename, Path cachePath) {
        host.out()
                .println("A rename that began at " + rename.since().truncatedTo(ChronoUnit.SECONDS)
                        + " has not ended: " + rename.store() + ": " + rename.from() + "/ to " + rename.to()
                        + "/. Until it does there may be files under both names. Mount the store again with --cache-path "
                        + cachePath + ", and it is carried on.");
    }

    private static String remark(Recovery.LeftFile file) {
        return (file.sure() ? "" : "  (in doubt: the machine stopped before it was on disk; it is not uploaded)")
                + (file.conflict() ? "  (in conflict: somebody else has changed it in the store)" : "");
    }

    private boolean save(Recovery recovery, Path folder) {
        long[] counts = {0, 0};
        recovery.saveTo(folder, new Recovery.Listener() {
            @Override
            public void saved(Recovery.LeftFile file, Path target) {
                counts[0]++;
                host.out().println(target + remark(file));
            }

            @Override
            public void failed(Recovery.LeftFile file, ForebayException reason) {
                counts[1]++;
                host.err().println("forebay: '" + file.path() + "' is not saved: " + reason.getMessage());
            }
        });
        host.out()
                .println("saved " + Text.files(counts[0]) + " in " + folder
                        + "; the cache has them still, and the next mount with it uploads what is whole");
        return counts[1] == 0;
    }
}
