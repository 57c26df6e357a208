package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.OpenMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Opens and closes one inode in every order, against a kernel that refuses what the real one refuses. */
final class InodeModeTest {
    private static final long INODE = 7;
    private static final int DEPTH = 7;

    /** What a step does: open without a backing file, with one, with another; or close the oldest or newest handle. */
    private enum Step {
        OPEN_INCOMPLETE,
        OPEN_COMPLETE,
        OPEN_REPLACED,
        CLOSE_OLDEST,
        CLOSE_NEWEST
    }

    @Test
    void no_order_of_opens_breaks_the_rules_of_the_kernel() {
        int orders = tryAll(new ArrayList<>());
        assertThat(orders).as("orders tried").isGreaterThan(50_000);
    }

    private static int tryAll(List<Step> steps) {
        run(steps);
        if (steps.size() == DEPTH) {
            return 1;
        }
        int orders = 0;
        for (Step step : Step.values()) {
            steps.add(step);
            orders += tryAll(steps);
            steps.removeLast();
        }
        return orders;
    }

    private static void run(List<Step> steps) {
        Kernel kernel = new Kernel();
        Map<Long, Path> offers = new HashMap<>();
        OpenFiles files = new OpenFiles(new Offers(offers), kernel);
        List<Long> open = new ArrayList<>();
        long handle = 1;
        for (Step step : steps) {
            switch (step) {
                case OPEN_INCOMPLETE -> open(files, kernel, open, handle++);
                case OPEN_COMPLETE -> {
                    offers.put(handle, Path.of("/cache/one"));
                    open(files, kernel, open, handle++);
                }
                case OPEN_REPLACED -> {
                    offers.put(handle, Path.of("/cache/two"));
                    open(files, kernel, open, handle++);
                }
                case CLOSE_OLDEST -> close(files, kernel, open, true);
                case CLOSE_NEWEST -> close(files, kernel, open, false);
            }
        }
        while (!open.isEmpty()) {
            close(files, kernel, open, true);
        }
        assertThat(kernel.registered).as("backing files left after %s", steps).isEmpty();
        assertThat(files.handles()).isEmpty();
    }

    /** The content becomes whole, and others open it, while one is still being told that it is not. */
    @Test
    void who_is_overtaken_by_a_backed_open_is_backed_too() throws Exception {
        Kernel kernel = new Kernel();
        Map<Long, Path> offers = new HashMap<>();
        AtomicReference<@Nullable OpenFiles> files = new AtomicReference<>();
        files.set(new OpenFiles(
                new Offers(offers) {
                    @Override
                    public Optional<Path> backingFile(long handle) {
                        Optional<Path> asked = super.backingFile(handle);
                        if (asked.isEmpty()) {
                            offers.put(1L, Path.of("/cache/one"));
                            offers.put(2L, Path.of("/cache/one"));
                            open(Objects.requireNonNull(files.get()), kernel, new ArrayList<>(), 2);
                        }
                        return asked;
                    }
                },
                kernel));
        OpenFiles all = Objects.requireNonNull(files.get());

        OpenFiles.Opened opened = all.open(INODE, 1, OpenMode.READ);

        assertThat(opened.backed()).isTrue();
        kernel.opened(1, opened);
        for (long handle = 1; handle <= 2; handle++) {
            kernel.closed(handle);
            all.close(handle);
        }
        assertThat(kernel.registered).isEmpty();
    }

    @Test
    void a_file_that_the_kernel_does_not_take_is_given_back() throws Exception {
        Kernel kernel = new Kernel();
        kernel.refuses = true;
        Offers offers = new Offers(Map.of(1L, Path.of("/cache/one")));
        OpenFiles files = new OpenFiles(offers, kernel);

        assertThat(files.open(INODE, 1, OpenMode.READ_WRITE).backed()).isFalse();

        assertThat(offers.notTaken).containsExactly(1L);
    }

    /** Names the same file for a handle whenever it is asked. */
    private static class Offers implements BackingFiles {
        private final Map<Long, Path> files;
        final List<Long> notTaken = new ArrayList<>();

        Offers(Map<Long, Path> files) {
            this.files = files;
        }

        @Override
        public Optional<Path> backingFile(long handle) {
            return Optional.ofNullable(files.get(handle));
        }

        @Override
        public void notTaken(long handle) {
            notTaken.add(handle);
        }
    }

    private static void open(OpenFiles files, Kernel kernel, List<Long> open, long handle) {
        try {
            kernel.opened(handle, files.open(INODE, handle, OpenMode.READ_WRITE));
            open.add(handle);
        } catch (ForebayException.Changed conflict) {
            assertThat(kernel.backedBy)
                    .as("refused only while others use another file")
                    .isNotZero();
        } catch (ForebayException other) {
            throw new AssertionError(other);
        }
    }

    /** The kernel lets go before it tells us. */
    private static void close(OpenFiles files, Kernel kernel, List<Long> open, boolean oldest) {
        if (!open.isEmpty()) {
            long handle = oldest ? open.removeFirst() : open.removeLast();
            kernel.closed(handle);
            files.close(handle);
        }
    }

    /** The kernel's side of one inode: fails like it where an open does not fit to those that live. */
    private static final class Kernel implements BackingRegistry {
        final Set<Integer> registered = new HashSet<>();
        final Set<Long> cached = new HashSet<>();
        final Set<Long> backed = new HashSet<>();
        int backedBy;
        boolean refuses;
        private int nextId = 1;

        @Override
        public OptionalInt openBacking(Path file) {
            if (refuses) {
                return OptionalInt.empty();
            }
            registered.add(nextId);
            return OptionalInt.of(nextId++);
        }

        @Override
        public boolean isWrittenElsewhere(Path file) {
            return false;
        }

        @Override
        public void closeBacking(int backingId) {
            assertThat(registered.remove(backingId))
                    .as("backing id %d is registered", backingId)
                    .isTrue();
        }

        void opened(long handle, OpenFiles.Opened opened) {
            if (opened.backed()) {
                assertThat(registered).as("EIO: no such backing file").contains(opened.backingId());
                assertThat(cached).as("EIO: backed beside cached").isEmpty();
                assertThat(backedBy == 0 || backedBy == opened.backingId())
                        .as("EIO: another file")
                        .isTrue();
                backed.add(handle);
                backedBy = opened.backingId();
            } else {
                assertThat(backed).as("EIO: cached beside backed").isEmpty();
                cached.add(handle);
            }
        }

        void closed(long handle) {
            cached.remove(handle);
            if (backed.remove(handle) && backed.isEmpty()) {
                backedBy = 0;
            }
        }
    }
}
