package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import io.forebay.fs.CacheSteering;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** {@code forebay cache [PATH…]}: what the caches of mounts hold. */
final class CacheCommand {
    private final Host host;

    CacheCommand(Host host) {
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
        for (SteeredMounts.Named named : asked) {
            try {
                ControlClient.Report report = mounts.client(named).report(named.inside(), Grammar.mostOf(command));
                if (json) {
                    host.out().println(json(named, report));
                } else {
                    print(named, report);
                }
            } catch (ForebayException.Unavailable oneOfThem) {
                host.err().println("forebay: " + oneOfThem.getMessage());
                complete = false;
            }
        }
        return complete ? Main.DONE : Main.FAILED;
    }

    private void print(SteeredMounts.Named named, ControlClient.Report report) {
        CacheSteering.CacheReport cache = report.cache();
        line("mount", named.mount().mountPoint() + " (" + named.mount().store() + ")");
        for (CacheSteering.Disk disk : cache.disks()) {
            line(
                    "disk",
                    disk.path() + ", " + new ByteSize(disk.restingBytes()) + " at rest of at most "
                            + new ByteSize(disk.limitBytes()) + ", "
                            + (disk.pinnedBytes() == 0 ? "" : new ByteSize(disk.pinnedBytes()) + " pinned, ")
                            + new ByteSize(disk.freeBytes()) + " free of " + new ByteSize(disk.totalBytes()));
        }
        for (CacheSteering.FailedDisk disk : cache.failedDisks()) {
            line("failed disk", disk.path() + ": " + disk.reason());
        }
        line(
                "here",
                Text.files(cache.files()) + ", " + new ByteSize(cache.bytes())
                        + (cache.inUse() == 0 ? "" : "; " + cache.inUse() + " open in the whole mount"));
        line("pinned", Text.files(cache.pinnedFiles()) + ", " + new ByteSize(cache.pinnedBytes()));
        line("evicted", Text.files(cache.evictedFiles()) + ", " + new ByteSize(cache.evictedBytes()));
        report.counters().forEach((name, value) -> line(name.replace('_', ' '), shown(name, value)));
        for (CacheSteering.Group group : cache.largest()) {
            host.out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %9s  %s%s",
                            new ByteSize(group.bytes()),
                            named.shown(group.path()),
                            group.path().endsWith("/") ? "  (" + Text.files(group.files()) + ")" : ""));
        }
    }

    private static String shown(String counter, long value) {
        return counter.endsWith("_bytes") ? new ByteSize(value).toString() : Long.toString(value);
    }

    private void line(String label, String value) {
        Text.line(host.out(), label, value);
    }

    /** One line for each mount. */
    private static String json(SteeredMounts.Named named, ControlClient.Report report) {
        CacheSteering.CacheReport cache = report.cache();
        String disks = cache.disks().stream()
                .map(disk -> "{\"path\":" + Text.json(disk.path()) + ",\"limit_bytes\":" + disk.limitBytes()
                        + ",\"resting_bytes\":" + disk.restingBytes()
                        + ",\"pinned_bytes\":" + disk.pinnedBytes()
                        + ",\"free_bytes\":" + disk.freeBytes()
                        + ",\"total_bytes\":" + disk.totalBytes() + "}")
                .collect(Collectors.joining(",", "[", "]"));
        String failed = cache.failedDisks().stream()
                .map(disk -> "{\"path\":" + Text.json(disk.path()) + ",\"reason\":" + Text.json(disk.reason()) + "}")
                .collect(Collectors.joining(",", "[", "]"));
        String largest = cache.largest().stream()
                .map(group -> "{\"path\":" + Text.json(group.path()) + ",\"files\":" + group.files() + ",\"bytes\":"
                        + group.bytes() + "}")
                .collect(Collectors.joining(",", "[", "]"));
        String counters = report.counters().entrySet().stream()
                .map((Map.Entry<String, Long> counter) -> Text.json(counter.getKey()) + ":" + counter.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        return "{\"mount_point\":" + Text.json(named.mount().mountPoint().toString()) + ",\"store\":"
                + Text.json(named.mount().store()) + ",\"disks\":" + disks + ",\"failed_disks\":" + failed
                + ",\"files\":" + cache.files()
                + ",\"bytes\":" + cache.bytes() + ",\"resting\":" + cache.resting() + ",\"in_use\":" + cache.inUse()
                + ",\"pinned_files\":" + cache.pinnedFiles() + ",\"pinned_bytes\":" + cache.pinnedBytes()
                + ",\"evicted_files\":" + cache.evictedFiles() + ",\"evicted_bytes\":" + cache.evictedBytes()
                + ",\"counters\":" + counters + ",\"largest\":" + largest + "}";
    }
}
