package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A folder of the local disk: what every test must pass on, to be believed on a mount. */
public final class PlainGround implements Ground {
    private final Path work;
    private final Path root;

    /** @param work an empty folder that the caller removes */
    public PlainGround(Path work) throws IOException {
        this.work = work;
        this.root = Files.createDirectory(work.resolve("plain"));
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Optional<String> lacks(Capability capability) {
        return switch (capability) {
            case READ_ONLY_VIEW -> Users.isRoot() ? Optional.empty() : Optional.of("bind mounts are for root");
            case HARD_LINKS,
                    DEVICES,
                    RENAME_EXCHANGE,
                    ZERO_RANGE,
                    BACKSLASH_IN_NAMES,
                    CONTROL_CHARACTERS_IN_NAMES,
                    NAMES_ENDING_IN_A_DOT,
                    ACCESS_TIME,
                    OPEN_DURING_REPLACE,
                    DEEP_PATHS -> Optional.empty();
        };
    }

    /** Nothing to do: the disk stays where it is. */
    @Override
    public void remount() {}

    @Override
    public ReadOnlyView readOnlyView() throws IOException, InterruptedException {
        Path view = Files.createTempDirectory(work, "read-only-");
        Command.of("mount", "--bind", root.toString(), view.toString()).succeed();
        try {
            Command.of("mount", "-o", "remount,bind,ro", view.toString()).succeed();
        } catch (Throwable e) {
            Command.of("umount", view.toString()).run();
            throw e;
        }
        return new ReadOnlyView() {
            @Override
            public Path root() {
                return view;
            }

            @Override
            public void close() throws IOException {
                Cleanup.run(() -> Command.of("umount", view.toString()).succeed());
            }
        };
    }

    @Override
    public void abandon() {}

    @Override
    public void revive() {}

    @Override
    public String evidence() {
        return "";
    }

    @Override
    public void close() {}
}
