package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import picocli.CommandLine.ParseResult;

/** {@code forebay unpin PATH…}: lets the cache of a mount give up what it was told to keep. */
final class UnpinCommand {
    private final Host host;

    UnpinCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        SteeredMounts mounts = new SteeredMounts(host);
        boolean complete = true;
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            ControlClient.Outcome outcome =
                    mounts.client(named).work(ControlClient.Work.UNPIN, named.inside(), _ -> {});
            host.out()
                    .println("unpinned " + Text.files(outcome.state().doneFiles()) + ", "
                            + new ByteSize(outcome.state().doneBytes()));
            complete &= Text.reportFailures(host.err(), named, outcome);
        }
        return complete ? Main.DONE : Main.FAILED;
    }
}
