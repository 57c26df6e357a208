package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.mount.MountPoint;
import io.forebay.cli.mount.MountRecords;
import io.forebay.cli.mount.UnmountProgram;
import io.forebay.cli.mount.Unmounting;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ParseResult;

/** {@code forebay unmount MOUNTPOINT}. */
final class UnmountCommand {
    private final Host host;

    UnmountCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        Path mountPoint = MountPoint.canonical(host.workingFolder().resolve(Grammar.mountPointOf(command)));
        UnmountProgram program = UnmountProgram.ofThisMachine(host.isRoot(), host.programFolders());
        new Unmounting(new MountRecords(host.recordFolder()), program, host.clock(), host.err()::println)
                .unmount(mountPoint, Grammar.isLazy(command), Duration.ofSeconds(Grammar.waitSeconds(command)));
        host.out().println("unmounted " + mountPoint);
        return Main.DONE;
    }
}
