package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The distribution, as a contender.
 *
 * @param options of the mount, beside those that every one has
 */
record Forebay(Path launcher, Workspace workspace, List<String> options) implements Contender {
    @Override
    public String name() {
        return "Forebay";
    }

    @Override
    public boolean fetchesWholeFiles() {
        return false;
    }

    @Override
    public MountedStore mount(SimulatedStore store, String container, Path home) throws IOException {
        return ForebayMount.of(
                ForebayMount.Plan.of(launcher, home, store, container, options.toArray(String[]::new)), workspace);
    }
}
