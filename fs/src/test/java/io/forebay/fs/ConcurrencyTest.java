package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Many threads at few names. Nobody else uses the container, so that nobody may ever see a conflict. */
final class ConcurrencyTest extends TreeTest {
    private static final int THREADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("a", "b", "c", "a/a", "a/b", "b/a", "b/c", "a/a/b");

    /** A part of one thread's work. */
    @FunctionalInterface
    private interface Work {
        void run(int thread) throws ForebayException;
    }

    /** Runs {@code work} on all threads, and fails with their stacks when they do not end in time. */
    private static void together(Work work) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(number -> Thread.ofPlatform().name("worker-" + number).start(() -> {
                    try {
                        work.run(number);
                    } catch (ForebayException | RuntimeException | Error failure) {
                        failures.add(failure);
                    }
                }))
                .toList();
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())));
        }
        String stuck = threads.stream()
                .filter(Thread::isAlive)
                .map(thread -> thread.getName() + "\n    "
                        + Arrays.stream(thread.getStackTrace())
                                .map(StackTraceElement::toString)
                                .collect(Collectors.joining("\n    ")))
                .collect(Collectors.joining("\n"));
        threads.forEach(Thread::interrupt);
        assertThat(stuck).as("threads that hang").isEmpty();
        failures.forEach(failure -> fail("a thread failed", failure));
    }

    /** Requests take a moment, so that others get in between. */
    private void slowStore() {
        tree.store.beforeEffect((_, _) -> pause());
        tree.store.beforeAnswer((_, _) -> pause());
    }

    private static void pause() {
        int micros = ThreadLocalRandom.current().nextInt(200);
        if (micros < 100) {
            LockSupport.parkNanos(micros * 1_000L);
        }
    }

    @RepeatedTest(5)
    void mixed_operations_end_and_leave_a_tree_that_is_what_the_store_has() throws Exception {
        slowStore();
        together(number -> {
            SplittableRandom random = new SplittableRandom(number * 31L + System.nanoTime());
            for (int i = 0; i < 400; i++) {
                tolerantly(() -> operate(random));
            }
        });
        tree.store.beforeEffect(NOTHING);
        tree.store.beforeAnswer(NOTHING);

        assertThat(tree.fs.commitAll()).isEmpty();
        assertThat(tree.fs.tree().claims().namesInUse()).isZero();
        Map<String, String> here = contents(tree);
        PathTree other = tree.secondMount();
        assertThat(contents(other)).isEqualTo(here);
        other.close();
        tree.forgetWhatIsKnown();
        assertThat(contents(tree)).isEqualTo(here);
    }

    /** What can rightly happen to somebody who shares names with others; a conflict, a bad handle or an error cannot. */
    private static void tolerantly(Meanwhile operation) throws ForebayException {
        try {
            operation.run();
        } catch (ForebayException.NotFound
                | ForebayException.AlreadyExists
                | ForebayException.NotADirectory
                | ForebayException.IsADirectory
                | ForebayException.NotEmpty
                | ForebayException.InvalidArgument expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        } catch (ForebayException.Changed replaced) {
            assertThat(replaced)
                    .as("between the lookup and the open, and never later")
                    .hasMessageMatching(".*was (removed or replaced|replaced by something else)");
        }
    }

    private void operate(RandomGenerator random) throws ForebayException {
        String path = NAMES.get(random.nextInt(NAMES.size()));
        String other = NAMES.get(random.nextInt(NAMES.size()));
        switch (random.nextInt(14)) {
            case 0, 1 -> writeAll(tree.create(path), (char) random.nextInt('a', 'z'));
            case 2 -> writeAll(tree.open(path, new OpenMode(true, true, true, false)), (char) random.nextInt('a', 'z'));
            case 3 -> writeAll(tree.open(path, OpenMode.READ_WRITE), (char) random.nextInt('a', 'z'));
            case 4 -> readAll(path);
            case 5 -> tree.mkdir(path);
            case 6 -> tree.unlink(path);
            case 7 -> tree.rmdir(path);
            case 8, 9 -> tree.rename(path, other);
            case 10 -> tree.names(path.contains("/") ? "a" : "");
            case 11 -> tree.set(path, AttributeChange.permissions(random.nextInt(512)));
            case 12 -> tree.set(path, AttributeChange.size(random.nextInt(3) * 100L));
            default -> {
                if (random.nextInt(20) == 0) {
                    tree.forgetWhatIsKnown();
                }
                tree.stat(path);
            }
        }
    }

    private void writeAll(long handle, char fill) throws ForebayException {
        try {
            tree.write(handle, 0, String.valueOf(fill).repeat(100));
        } finally {
            tree.close(handle);
        }
    }

    private void readAll(String path) throws ForebayException {
        long handle = tree.open(path, OpenMode.READ);
        try {
            tree.read(handle, 0, 1_000);
        } finally {
            tree.close(handle);
        }
    }

    private static Map<String, String> contents(PathTree tree) throws ForebayException {
        Map<String, String> contents = new TreeMap<>();
        collect(tree, "", contents);
        return contents;
    }

    private static void collect(PathTree tree, String directory, Map<String, String> contents) throws ForebayException {
        for (Map.Entry<String, Attributes> entry : tree.list(directory).entrySet()) {
            String path = directory.isEmpty() ? entry.getKey() : directory + "/" + entry.getKey();
            String mode = Integer.toOctalString(tree.stat(path).mode());
            if (entry.getValue().kind() == FileKind.DIRECTORY) {
                contents.put(path, mode);
                collect(tree, path, contents);
            } else {
                contents.put(path, mode + " " + tree.text(path));
            }
        }
    }

    @Test
    void files_published_by_rename_are_whole_whoever_reads_them() throws Exception {
        tree.put("published", "0:0 ".repeat(50));
        slowStore();
        together(number -> {
            for (int i = 0; i < 100; i++) {
                String text = (number + ":" + i + " ").repeat(50);
                if (number < 4) {
                    String temporary = "tmp-" + number;
                    tree.put(temporary, text);
                    tree.rename(temporary, "published");
                } else {
                    assertWhole(published());
                }
            }
        });
        assertWhole(tree.text("published"));
        assertBlobs("published");
    }

    /** It is there at every moment; whoever opens what was replaced since it was looked up looks again. */
    private String published() throws ForebayException {
        while (true) {
            long handle;
            try {
                handle = tree.open("published", OpenMode.READ);
            } catch (ForebayException.Changed replaced) {
                continue;
            }
            try {
                return tree.readText(handle);
            } finally {
                tree.close(handle);
            }
        }
    }

    private static void assertWhole(String text) {
        String first = text.substring(0, text.indexOf(' ') + 1);
        assertThat(text).isEqualTo(first.repeat(50));
    }

    @Test
    void appends_of_many_are_all_there_once() throws Exception {
        slowStore();
        tree.put("log", "");
        OpenMode append = new OpenMode(false, true, false, true);
        together(number -> {
            for (int i = 0; i < 50; i++) {
                long handle = tree.open("log", append);
                try {
                    tree.write(handle, 0, String.format(java.util.Locale.ROOT, "%d:%03d\n", number, i));
                } finally {
                    tree.close(handle);
                }
            }
        });

        List<String> expected = new ArrayList<>();
        for (int number = 0; number < THREADS; number++) {
            for (int i = 0; i < 50; i++) {
                expected.add(String.format(java.util.Locale.ROOT, "%d:%03d", number, i));
            }
        }
        assertThat(tree.remoteText("log").lines()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void only_one_of_many_creates_a_name() throws Exception {
        slowStore();
        ConcurrentLinkedQueue<Integer> winners = new ConcurrentLinkedQueue<>();
        together(number -> {
            for (int i = 0; i < 30; i++) {
                String file = "file" + i;
                String directory = "directory" + i;
                tolerantly(() -> {
                    tree.close(tree.create(file));
                    winners.add(number);
                });
                tolerantly(() -> {
                    tree.mkdir(directory);
                    winners.add(number);
                });
            }
        });

        assertThat(winners).hasSize(60);
        assertThat(tree.names("")).hasSize(60);
    }

    @Test
    void readers_never_notice_that_a_directory_above_is_moved_or_attributes_change() throws Exception {
        String text = "0123456789".repeat(100_000);
        tree.mkdir("d0");
        tree.put("d0/f", text);
        tree.forgetWhatIsKnown();
        long[] handles = new long[THREADS];
        PathTree other = tree.secondMount();
        for (int number = 0; number < THREADS; number++) {
            handles[number] = other.open("d0/f", OpenMode.READ);
        }
        other.store.beforeEffect((_, _) -> pause());
        other.store.beforeAnswer((_, _) -> pause());
        together(number -> {
            if (number == 0) {
                for (int i = 0; i < 20; i++) {
                    other.rename("d" + i, "d" + (i + 1));
                    other.set("d" + (i + 1) + "/f", AttributeChange.permissions(i));
                }
            }
            for (int i = 0; i < 16; i++) {
                byte[] bytes = other.read(handles[number], (i * 7 + number) % 16 * 62_500L, 10);
                assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("0123456789");
            }
            other.close(handles[number]);
        });
        assertThat(other.text("d20/f")).isEqualTo(text);
        other.close();
        tree.forgetWhatIsKnown();
    }

    /** Half of the threads write as a kernel does that was lent the file, the others make the tree look and commit. */
    @Test
    void whatever_a_borrower_writes_while_others_look_and_commit_arrives() throws Exception {
        int length = 200_000;
        for (OpenMode mode : List.of(OpenMode.WRITE, OpenMode.READ_WRITE)) {
            slowStore();
            String name = mode.read() ? "mappable" : "plain";
            long handle = tree.create(name, mode);
            Path file = tree.fs.backingFile(handle).orElseThrow();
            AtomicInteger writing = new AtomicInteger(THREADS / 2);
            together(number -> {
                if (number % 2 == 0) {
                    writeAtRandom(file, length);
                    writing.decrementAndGet();
                }
                while (writing.get() > 0) {
                    tree.fs.fsync(handle);
                    tree.stat(name);
                }
            });
            tree.close(handle);
            assertThat(tree.store.bytes(name)).isEqualTo(tree.readAll(name));
            assertThat(tree.stat(name).sizeBytes()).isEqualTo(tree.store.bytes(name).length);
        }
    }

    private static void writeAtRandom(Path file, int length) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[random.nextInt(1, 100)];
                random.nextBytes(bytes);
                channel.write(ByteBuffer.wrap(bytes), random.nextInt(length));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
