package io.forebay.nativetests.scenario;

import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.MountedGround;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.ground.Stores;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is partly here becomes whole while it is open. Who moves its bytes, the kernel or the daemon, is decided
 * anew again and again; nobody who reads or writes notices: no error, no zeros, no old bytes, in whatever order it is
 * opened, read, mapped, written and closed.
 */
class EveryOrderTest {
    /** More than a small file, which is whole after the first read, and is never lent to who only reads it. */
    private static final int FILE_BYTES = 1_200_000;
    /** Far from the start, so that reading it does not look like the beginning of a stream. */
    private static final int PART_AT = 300_000;

    private static final int PART_BYTES = 4_096;
    private static final int EXHAUSTIVE_DEPTH = 5;
    private static final int RANDOM_ORDERS = 150;
    private static final int RANDOM_DEPTH = 24;
    private static final Duration UPLOAD_LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Stores stores = new Stores();

    @TempDir
    private Path work;

    private @Nullable MountedGround mounted;

    @BeforeEach
    void mount() throws Exception {
        // Every name is asked for: those that appear in the store one after the other are to be seen at once.
        mounted =
                new MountedGround(work, stores.open(StoreKind.DIRECTORY, work), Door.KERNEL, "--attr-cache-timeout=0");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.close();
        }
    }

    private MountedGround ground() {
        if (mounted == null) {
            throw new IllegalStateException("not mounted");
        }
        return mounted;
    }

    /** What one of the users of a file does next. */
    private enum Step {
        READ_PART,
        READ_ALL,
        MAP_AND_READ,
        WRITE,
        MAP_AND_WRITE,
        TRUNCATE,
        CLOSE
    }

    private static final List<Step> READING = List.of(Step.READ_PART, Step.READ_ALL, Step.CLOSE);

    /** A step of a user; the first of a user opens the file before. */
    private record Move(int user, Step step) {}

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void twoReadersInEveryOrder() throws Exception {
        List<List<Move>> orders = new ArrayList<>();
        collect(new ArrayList<>(), orders);
        assertThat(orders).hasSizeGreaterThan(3_000);
        for (int i = 0; i < orders.size(); i++) {
            run("order" + i, orders.get(i), i);
        }
    }

    private static void collect(List<Move> begun, List<List<Move>> orders) {
        if (begun.size() == EXHAUSTIVE_DEPTH) {
            orders.add(List.copyOf(begun));
            return;
        }
        for (int user = 0; user < 2; user++) {
            if (user == 1 && begun.isEmpty()) {
                continue; // the same orders with the users exchanged
            }
            for (Step step : READING) {
                begun.add(new Move(user, step));
                collect(begun, orders);
                begun.removeLast();
            }
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void readersMappersAndWritersInRandomOrders() throws Exception {
        for (long seed = 1; seed <= RANDOM_ORDERS; seed++) {
            Random random = new Random(seed);
            List<Move> order = new ArrayList<>();
            for (int i = 0; i < RANDOM_DEPTH; i++) {
                Step[] steps = Step.values();
                order.add(new Move(random.nextInt(4), steps[random.nextInt(steps.length)]));
            }
            run("seed" + seed, order, seed);
        }
    }

    /** Users 0 and 1 open for reading, 2 for reading and writing, 3 for writing; each opens when it has to. */
    private void run(String name, List<Move> order, long seed) throws Exception {
        Store store = ground().store();
        byte[] content = new byte[FILE_BYTES];
        new Random(seed).nextBytes(content);
        store.putBlob(name, content);
        try (Model model = new Model(ground().root().resolve(name), content, new Random(seed))) {
            for (Move move : order) {
                try {
                    model.apply(move);
                } catch (IOException | AssertionError failure) {
                    throw new AssertionError(name + " at " + move + " of " + order, failure);
                }
            }
            content = model.content;
        }
        byte[] expected = content;
        if (order.stream().allMatch(move -> READING.contains(move.step()))) {
            assertThat(Arrays.equals(store.blobBytes(name), expected)).isTrue();
        } else {
            Await.until(UPLOAD_LIMIT, name + " in the store is what was written: " + order, () -> {
                return Arrays.equals(store.blobBytes(name), expected);
            });
        }
        Files.delete(ground().root().resolve(name));
    }

    /** One file, what is in it, and who has it open. */
    private static final class Model implements AutoCloseable {
        private final Path file;
        private final Random random;
        private final @Nullable FileChannel[] users = new FileChannel[4];
        byte[] content;

        Model(Path file, byte[] content, Random random) {
            this.file = file;
            this.content = content;
            this.random = random;
        }

        void apply(Move move) throws IOException {
            FileChannel user = open(move.user());
            boolean reads = move.user() != 3;
            boolean writes = move.user() >= 2;
            switch (move.step()) {
                case READ_PART -> {
                    if (reads) {
                        expect(user, Math.min(PART_AT, content.length), PART_BYTES);
                    }
                }
                case READ_ALL -> {
                    if (reads) {
                        expect(user, 0, content.length + 10);
                    }
                }
                case MAP_AND_READ -> {
                    if (reads) {
                        mapAndRead(user);
                    }
                }
                case WRITE -> {
                    if (writes) {
                        write(user);
                    }
                }
                case MAP_AND_WRITE -> {
                    if (reads && writes && content.length > 0) {
                        mapAndWrite(user);
                    }
                }
                case TRUNCATE -> {
                    if (writes) {
                        content = Arrays.copyOf(content, random.nextInt(FILE_BYTES));
                        user.truncate(content.length);
                        extend(user);
                    }
                }
                case CLOSE -> {
                    user.close();
                    users[move.user()] = null;
                }
            }
            assertThat(Files.size(file)).as("size").isEqualTo(content.length);
        }

        private FileChannel open(int user) throws IOException {
            FileChannel known = users[user];
            if (known != null) {
                return known;
            }
            FileChannel opened =
                    switch (user) {
                        case 2 -> FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                        case 3 -> FileChannel.open(file, StandardOpenOption.WRITE);
                        default -> FileChannel.open(file, StandardOpenOption.READ);
                    };
            users[user] = opened;
            return opened;
        }

        private void expect(FileChannel user, int offset, int length) throws IOException {
            ByteBuffer actual = ByteBuffer.allocate(length);
            int count = 0;
            while (count >= 0 && actual.hasRemaining()) {
                count = user.read(actual, offset + (long) actual.position());
            }
            byte[] expected = Arrays.copyOfRange(content, offset, Math.min(content.length, offset + length));
            same(Arrays.copyOf(actual.array(), actual.position()), expected, offset);
        }

        private void mapAndRead(FileChannel user) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mapping = user.map(READ_ONLY, 0, content.length, arena);
                same(mapping.toArray(ValueLayout.JAVA_BYTE), content, 0);
            }
        }

        private void write(FileChannel user) throws IOException {
            byte[] bytes = new byte[1 + random.nextInt(200_000)];
            random.nextBytes(bytes);
            int offset = random.nextInt(content.length + 1);
            content = Arrays.copyOf(content, Math.max(content.length, offset + bytes.length));
            System.arraycopy(bytes, 0, content, offset, bytes.length);
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                user.write(source, offset + (long) source.position());
            }
        }

        private void mapAndWrite(FileChannel user) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mapping = user.map(READ_WRITE, 0, content.length, arena);
                int offset = random.nextInt(content.length);
                int length = Math.min(content.length - offset, 1 + random.nextInt(200_000));
                byte value = (byte) random.nextInt();
                mapping.asSlice(offset, length).fill(value);
                Arrays.fill(content, offset, offset + length, value);
            }
        }

        /** {@link FileChannel#truncate} only cuts. */
        private void extend(FileChannel user) throws IOException {
            if (user.size() < content.length) {
                user.write(ByteBuffer.allocate(1), content.length - 1L);
            }
        }

        private static void same(byte[] actual, byte[] expected, int offset) {
            int difference = Arrays.mismatch(actual, expected);
            if (difference >= 0) {
                throw new AssertionError("read " + actual.length + " bytes at " + offset + " instead of "
                        + expected.length + ", first difference at " + (offset + difference));
            }
        }

        @Override
        public void close() throws IOException {
            for (FileChannel user : users) {
                if (user != null) {
                    user.close();
                }
            }
        }
    }

    @Test
    void manyProcessesWhileItBecomesWhole() throws Exception {
        for (int round = 0; round < 10; round++) {
            byte[] content = new byte[24 << 20];
            new Random(round).nextBytes(content);
            String name = "round" + round;
            ground().store().putBlob(name, content);
            Path original = Files.write(work.resolve(name), content);
            Command.shell("""
                            for i in 1 2 3 4 5 6 7 8; do
                                (dd if="$1" bs=4k skip=$((i * 500)) count=1 of=/dev/null status=none
                                 cmp "$1" "$2" && cmp -i $((i * 1000000)) "$1" "$2") &
                                jobs="$jobs $!"
                            done
                            for job in $jobs; do wait $job || exit 1; done
                            """, ground().root().resolve(name), original).succeed();
            Files.delete(original);
        }
    }

    @Test
    void whoReadsAWholeFileDoesNotDisturbTheDaemon() throws Exception {
        byte[] content = new byte[64 << 20];
        new Random(1).nextBytes(content);
        Path file = Files.write(ground().root().resolve("file"), content);
        long before = charactersReadBy(ground().mount().daemon());

        assertThat(Arrays.equals(Files.readAllBytes(file), content)).isTrue();

        assertThat(charactersReadBy(ground().mount().daemon()) - before)
                .as("bytes that the daemon read while the file was read")
                .isLessThan(1 << 20);
    }

    /** What a process read by read(2) and its like, from the kernel's own count. */
    private static long charactersReadBy(ProcessHandle process) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "io"));
        return Long.parseLong(lines.getFirst().substring("rchar: ".length()));
    }

    @Test
    void theSizeIsRightWhileAnotherProcessWrites() throws Exception {
        Command.shell("""
                        cd "$1"
                        size=0
                        exec 3>file
                        for i in $(seq 50); do
                            head -c 12345 /dev/zero >&3
                            size=$((size + 12345))
                            [ "$(stat -c %s file)" = $size ] && [ "$(wc -c <file)" = $size ] || exit 1
                        done
                        """, ground().root()).succeed();
    }

    @Test
    void aFileThatIsReplacedInTheStoreIsNewForWhoOpensItAndOldForWhoHasItOpen() throws Exception {
        Path file = Files.writeString(ground().root().resolve("file"), "old content");
        Await.until(UPLOAD_LIMIT, "the file is in the store", () -> ground().store()
                .blobNames()
                .contains("file"));
        try (FileChannel early = FileChannel.open(file, StandardOpenOption.READ)) {
            ground().store().putBlob("file", "new".getBytes(UTF_8));
            Await.until(Duration.ofSeconds(30), "who opens it now reads the new content", () -> Files.readString(file)
                    .equals("new"));
            ByteBuffer bytes = ByteBuffer.allocate(100);
            early.read(bytes, 0);
            assertThat(new String(bytes.array(), 0, bytes.position(), UTF_8)).isEqualTo("old content");
        }
    }
}
