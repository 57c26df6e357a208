package io.forebay.cli;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import picocli.CommandLine.ParseResult;

/** {@code forebay evict PATH…}: has a mount drop content from its cache. */
final class EvictCommand {
    private final Host host;

    EvictCommand(Host host) {
        this.host = host;
    }

    int run(ParseResult command) throws ForebayException {
        SteeredMounts mounts = new SteeredMounts(host);
        boolean complete = true;
        for (SteeredMounts.Named named : mounts.of(Grammar.pathsOf(command))) {
            ControlClient.Outcome outcome =
                    mounts.client(named).work(ControlClient.Work.EVICT, named.inside(), _ -> {});
            long kept = outcome.state().failedFiles();
            host.out()
                    .println("evicted " + Text.files(outcome.state().doneFiles()) + ", "
                            + new ByteSize(outcome.state().doneBytes())
                            + (kept == 0 ? "" : "; kept " + Text.files(kept)));
            complete &= Text.reportFailures(host.err(), named, outcome);
        }
        return complete ? Main.DONE : Main.FAILED;
    }
}
