package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.config.ConfigurationException;
import io.forebay.cli.config.ConfigurationSources;
import io.forebay.cli.config.FuseOptions;
import io.forebay.cli.config.MountSettings;
import io.forebay.cli.config.Option;
import io.forebay.cli.config.Problems;
import io.forebay.cli.control.ControlEndpoint;
import io.forebay.cli.control.ControlSockets;
import io.forebay.cli.log.Logging;
import io.forebay.cli.mount.CacheFolder;
import io.forebay.cli.mount.DaemonProcess;
import io.forebay.cli.mount.FuseDevice;
import io.forebay.cli.mount.MountPoint;
import io.forebay.cli.mount.MountRecord;
import io.forebay.cli.mount.MountRecords;
import io.forebay.cli.mount.MountSession;
import io.forebay.cli.mount.MountTable;
import io.forebay.cli.mount.Readiness;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** {@code forebay mount MOUNTPOINT}: checks, puts together, serves, and ends with the last upload. */
final class MountCommand {
    private final Host host;

    MountCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ConfigurationException, ForebayException {
        MountSettings settings = settings(command);
        if (host.launcherWaits() && settings.foreground()) {
            Readiness.ofLauncher().staysInForeground();
        }
        check(settings);
        Logging.start(settings.log());
        Assembly parts = Assembly.of(settings, host);
        MountSession session = new MountSession(
                parts,
                recordOf(settings, parts),
                new MountRecords(host.recordFolder()),
                new ControlEndpoint(
                        ControlSockets.beside(host.recordFolder()),
                        DaemonProcess.current(),
                        parts::steering,
                        parts.metrics(),
                        host.clock()),
                settings.deadline(),
                () -> announce(settings));
        stopOnSignal(session);
        return session.run() ? Main.DONE : Main.FAILED;
    }

    private MountSettings settings(ParseResult command) throws ConfigurationException {
        Map<Option<?>, String> flags = Grammar.flagsOf(command);
        refuseSecrets(flags);
        Path mountPoint = MountPoint.canonical(host.workingFolder().resolve(Grammar.mountPointOf(command)));
        ConfigurationSources sources = new ConfigurationSources(flags, host.environment(), host.workingFolder());
        return MountSettings.read(mountPoint, sources, host.places());
    }

    /** Flags that nobody should type. */
    static void refuseSecrets(Map<Option<?>, String> flags) throws ConfigurationException {
        Problems problems = new Problems();
        for (Option<?> option : flags.keySet()) {
            if (option.form() == Option.Form.SECRET) {
                problems.add(
                        "--" + option.key(),
                        "this is not a flag, because every user of this machine can read the arguments of its processes;"
                                + " set " + option.environment().orElseThrow() + ", or write '" + option.key()
                                + "' into the file of --config-file");
            }
        }
        problems.throwIfAny();
    }

    private void check(MountSettings settings) throws ForebayException {
        FuseOptions fuse = settings.fuse();
        MountPoint.check(settings.mountPoint(), fuse.nonempty(), MountTable.read());
        FuseDevice.ofThisMachine(host.variable("PATH"), host.variable("LD_LIBRARY_PATH"))
                .check(settings.door(), host.isRoot(), fuse.allowOther() || fuse.allowRoot());
        for (Path folder : settings.cachePaths()) {
            CacheFolder.prepare(folder);
        }
    }

    private static MountRecord recordOf(MountSettings settings, Assembly parts) {
        return new MountRecord(
                settings.mountPoint(),
                DaemonProcess.current(),
                parts.storeName(),
                parts.door().name(),
                settings.cachePaths().getFirst(),
                settings.log().file(),
                Optional.empty());
    }

    private void announce(MountSettings settings) {
        String log = settings.log().file().map(Path::toString).orElse("standard error");
        host.out()
                .println("mounted " + settings.store().container() + " at " + settings.mountPoint() + " (log: " + log
                        + ")");
        if (host.launcherWaits() && !settings.foreground()) {
            Readiness.ofLauncher().mounted(host.out(), host.err());
        }
    }

    /** The JVM runs this on INT, TERM and HUP, and when the command ends; halting keeps the exit code ours. */
    private static void stopOnSignal(MountSession session) {
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(session.stop() ? Main.DONE : Main.FAILED), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
