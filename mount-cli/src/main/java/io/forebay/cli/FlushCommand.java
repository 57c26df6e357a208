package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import io.forebay.fs.SteeringProgress;
import picocli.CommandLine.ParseResult;

/** {@code forebay flush PATH…}: has a mount upload what waits, and returns when it is in the store. */
final class FlushCommand {
    private final Host host;

    FlushCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        SteeredMounts mounts = new SteeredMounts(host);
        boolean complete = true;
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            complete &= flush(mounts, named);
        }
        return complete ? Main.DONE : Main.FAILED;
    }

    private boolean flush(SteeredMounts mounts, SteeredMounts.Named named) throws ForebayException {
        long startNanos = host.clock().nanoTime();
        ControlClient.Outcome outcome;
        try (ProgressDisplay display = new ProgressDisplay(host.err(), host.errIsTerminal(), host.clock())) {
            outcome = mounts.client(named).work(ControlClient.Work.FLUSH, named.inside(), display::show);
        }
        SteeringProgress.State state = outcome.state();
        double seconds = Math.max(1e-3, (host.clock().nanoTime() - startNanos) / 1e9);
        host.out()
                .println("uploaded " + Text.files(state.doneFiles()) + ", " + new ByteSize(state.doneBytes()) + " in "
                        + Text.seconds(seconds) + " (" + Text.rate(state.doneBytes() / seconds) + ")"
                        + (state.failedFiles() == 0 ? "" : "; " + Text.files(state.failedFiles()) + " failed"));
        return Text.reportFailures(host.err(), named, outcome);
    }
}
