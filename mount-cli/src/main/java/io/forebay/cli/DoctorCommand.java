package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.doctor.CacheFolder;
import io.forebay.cli.doctor.Examination;
import io.forebay.cli.doctor.Finding;
import io.forebay.cli.doctor.JavaRuntime;
import io.forebay.cli.mount.FuseDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** {@code forebay doctor}: what this machine offers, what is lost, and how to get it. */
final class DoctorCommand {
    private final Host host;

    DoctorCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        List<Path> named = Grammar.cachePathsOf(command);
        List<CacheFolder> caches = (named.isEmpty() ? List.of(host.places().caches()) : named)
                .stream()
                        .map(path -> CacheFolder.at(
                                host.workingFolder().resolve(path).normalize()))
                        .toList();
        FuseDevice fuse = FuseDevice.ofThisMachine(host.variable("PATH"), host.variable("LD_LIBRARY_PATH"));
        List<Finding> findings = new Examination(Path.of("/"), fuse, host.isRoot(), caches, java()).findings();
        host.out().print(table(findings));
        Optional<Finding> bar = findings.stream()
                .filter(finding -> finding.state() == Finding.State.BARS)
                .findFirst();
        if (bar.isPresent()) {
            throw new ForebayException.Unsupported("no mount is possible here: "
                    + bar.get().subject() + ": " + bar.get().here());
        }
        host.out().println("a mount is possible here");
        return Main.DONE;
    }

    private static JavaRuntime java() {
        return new JavaRuntime(
                Path.of("/proc/self"), Runtime.version().toString(), System.getProperty("java.home", "unknown"));
    }

    static String table(List<Finding> findings) {
        int width = findings.stream()
                .mapToInt(finding -> finding.subject().length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        for (Finding finding : findings) {
            line(table, mark(finding.state()), finding.subject(), width, finding.here());
            finding.remedy().ifPresent(remedy -> {
                line(table, "", "", width, "lost: " + remedy.without());
                line(table, "", "", width, "to get it: " + remedy.get());
            });
        }
        return table.toString();
    }

    private static String mark(Finding.State state) {
        return switch (state) {
            case GOOD -> "ok";
            case LESS -> "--";
            case BARS -> "!!";
        };
    }

    private static void line(StringBuilder table, String mark, String subject, int width, String text) {
        table.append(mark).repeat(' ', 4 - mark.length());
        table.append(subject).repeat(' ', width - subject.length() + 2);
        table.append(text).append('\n');
    }
}
