package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What every row needs.
 *
 * @param launcher of the distribution
 * @param yardstick the server to compare with, if it could be compiled
 */
record Bench(BenchOptions options, Workspace workspace, Path launcher, Load load, Optional<Path> yardstick) {
    /** Lines that are measured together. */
    @FunctionalInterface
    interface Row {
        List<Line> measure(Bench bench) throws IOException;
    }

    /** Mounts in a folder of its own. */
    ForebayMount mount(String name, String... options) throws IOException {
        return ForebayMount.of(plan(name, options), workspace);
    }

    ForebayMount.Plan plan(String name, String... options) throws IOException {
        return ForebayMount.Plan.of(launcher, workspace.folder(name), options);
    }

    Contender forebay() {
        return new Forebay(launcher, workspace, List.of());
    }

    /** What else is given, in the order of the command line. */
    List<Contender> rivals() {
        return options.rivals().stream()
                .flatMap(rival -> rival.contenders(workspace).stream())
                .toList();
    }

    /** Over a container of the simulator. */
    ForebayMount.Plan plan(String name, SimulatedStore store, String container, String... options) throws IOException {
        return ForebayMount.Plan.of(launcher, workspace.folder(name), store, container, options);
    }

    /** Lines that cannot be measured, because their yardstick is missing. */
    static List<Line> withoutYardstick(String... what) {
        return List.of(what).stream()
                .<Line>map(line ->
                        new Line.Missing(line, "the yardstick cannot be compiled; install pkg-config and libfuse3-dev"))
                .toList();
    }
}
