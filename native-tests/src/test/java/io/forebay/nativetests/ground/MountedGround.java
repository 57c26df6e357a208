package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Forebay mount of a store through a door. */
public final class MountedGround implements Ground {
    private final Store store;
    private final Door door;
    private final List<String> options;
    private final Path work;
    private final Forebay forebay;
    private final ForebayMount mount;

    /**
     * Mounts.
     *
     * @param work an empty folder on a disk, that the caller removes
     * @param store is closed with this ground
     * @param options more flags of every mount of it
     */
    public MountedGround(Path work, Store store, Door door, String... options)
            throws IOException, InterruptedException {
        this.options = List.of(options);
        this.store = store;
        this.door = door;
        this.work = work;
        this.forebay = new Forebay(Files.createDirectories(work.resolve("home")), store.environment());
        this.mount = ForebayMount.at(
                work.resolve("mnt"),
                forebay,
                ForebayMount.optionsFor(store, work.resolve("cache"), flags("--log-level=debug")));
    }

    private String[] flags(String one) {
        return Stream.concat(Stream.of(one, "--door=" + door.flag()), options.stream())
                .toArray(String[]::new);
    }

    @Override
    public String name() {
        return Stream.concat(Stream.of(store.name() + "/" + door.flag()), options.stream())
                .collect(Collectors.joining(" "));
    }

    @Override
    public Path root() {
        return mount.root();
    }

    public ForebayMount mount() {
        return mount;
    }

    public Store store() {
        return store;
    }

    @Override
    public Optional<String> lacks(Capability capability) {
        return switch (capability) {
            case HARD_LINKS -> Optional.of("a blob has one name");
            case DEVICES -> Optional.of("a blob cannot stand for a device");
            case RENAME_EXCHANGE -> Optional.of("a blob store has no way to swap two names in one step");
            case ACCESS_TIME -> Optional.of("a blob keeps no time of access");
            case DEEP_PATHS -> Optional.of("the name of a blob has at most 1,024 characters");
            case OPEN_DURING_REPLACE ->
                door == Door.JNR_FUSE
                        ? Optional.of(
                                "libfuse 2 turns inodes into paths, and has none for a file that was just replaced")
                        : Optional.empty();
            case ZERO_RANGE ->
                door == Door.JNR_FUSE ? Optional.of("libfuse 2 does not let it through") : Optional.empty();
            case BACKSLASH_IN_NAMES, CONTROL_CHARACTERS_IN_NAMES, NAMES_ENDING_IN_A_DOT, READ_ONLY_VIEW ->
                Optional.ofNullable(store.limits().get(capability));
        };
    }

    @Override
    public void remount() throws IOException, InterruptedException {
        mount.unmount();
        mount.mount();
    }

    @Override
    public ReadOnlyView readOnlyView() throws IOException, InterruptedException {
        ForebayMount view = ForebayMount.at(
                Files.createTempDirectory(work, "read-only-"),
                forebay,
                ForebayMount.optionsFor(
                        store, Files.createTempDirectory(work, "read-only-cache-"), flags("--read-only")));
        return new ReadOnlyView() {
            @Override
            public Path root() {
                return view.root();
            }

            @Override
            public void close() throws IOException {
                view.close();
            }
        };
    }

    @Override
    public void abandon() throws InterruptedException {
        mount.takeAway();
    }

    @Override
    public void revive() throws IOException, InterruptedException {
        if (!mount.isUp()) {
            mount.takeAway();
            mount.mount();
        }
    }

    @Override
    public String evidence() {
        return forebay.evidence();
    }

    @Override
    public void close() throws IOException {
        try (store) {
            mount.close();
        } finally {
            Cleanup.run(forebay::killAll);
        }
    }
}
