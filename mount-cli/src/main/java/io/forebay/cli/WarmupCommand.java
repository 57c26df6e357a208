package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import io.forebay.fs.SteeringProgress;
import picocli.CommandLine.ParseResult;

/** {@code forebay warmup PATH…}: has a mount bring content into its cache, or looks how much of it is there. */
final class WarmupCommand {
    private final Host host;

    WarmupCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        SteeredMounts mounts = new SteeredMounts(host);
        boolean complete = true;
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            complete &= Grammar.isCheck(command)
                    ? check(mounts, named)
                    : warm(mounts, named, Grammar.isPin(command) ? ControlClient.Work.PIN : ControlClient.Work.WARMUP);
        }
        return complete ? Main.DONE : Main.FAILED;
    }

    private boolean warm(SteeredMounts mounts, SteeredMounts.Named named, ControlClient.Work work)
            throws ForebayException {
        long startNanos = host.clock().nanoTime();
        ControlClient.Outcome outcome;
        try (ProgressDisplay display = new ProgressDisplay(host.err(), host.errIsTerminal(), host.clock())) {
            outcome = mounts.client(named).work(work, named.inside(), display::show);
        }
        SteeringProgress.State state = outcome.state();
        double seconds = Math.max(1e-3, (host.clock().nanoTime() - startNanos) / 1e9);
        host.out()
                .println("fetched " + Text.files(state.doneFiles()) + ", " + new ByteSize(state.doneBytes()) + " in "
                        + Text.seconds(seconds) + " (" + Text.rate(state.doneBytes() / seconds) + "); "
                        + state.presentFiles() + " of " + Text.files(state.foundFiles()) + " were here, "
                        + new ByteSize(state.presentBytes()));
        return reportFailures(named, outcome) && state.isComplete();
    }

    private boolean check(SteeredMounts mounts, SteeredMounts.Named named) throws ForebayException {
        ControlClient.Outcome outcome = mounts.client(named).work(ControlClient.Work.CHECK, named.inside(), _ -> {});
        SteeringProgress.State state = outcome.state();
        host.out()
                .println(state.presentFiles() + " of " + Text.files(state.foundFiles()) + " are here, "
                        + new ByteSize(state.presentBytes()) + " of " + new ByteSize(state.foundBytes()));
        return reportFailures(named, outcome) && state.isComplete();
    }

    private boolean reportFailures(SteeredMounts.Named named, ControlClient.Outcome outcome) {
        return Text.reportFailures(host.err(), named, outcome);
    }
}
