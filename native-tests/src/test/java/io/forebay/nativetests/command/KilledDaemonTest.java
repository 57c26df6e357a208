package io.forebay.nativetests.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A daemon that is killed while eight processes write: each of them gets an error soon, one command cleans up, and the
 * next mount shows whole files only, every published one among them. That holds whether a file is acknowledged when it is in
 * the store, or when it is on the local disk; then the next mount uploads what is there.
 *
 * <p>{@code -Dforebay.killed.rounds=N} does the latter N times with one store and one cache, {@code -Dforebay.killed.seed=S}
 * from another start.
 */
class KilledDaemonTest {
    private static final int WRITERS = 8;
    private static final int LARGEST_FILE_BYTES = 600_000;

    /** How many files of older rounds a round looks at: all of them would make the rounds longer and longer. */
    private static final int OLDER_FILES_A_ROUND = 200;

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(60);
    private static final Duration ERROR_LIMIT = Duration.ofSeconds(15);
    private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(10);

    /** Writes files of one line over and over, publishes each by a rename, notes what was published, ends at an error. */
    private static final String WRITER = """
            mount=$1; writer=$2; published=$3; bytes=$4
            file=0
            while :; do
                size=$((bytes + file))
                name=w$writer-$file-$size
                yes "writer $writer file $file" | head -c $size >"$mount/$name.tmp"
                mv "$mount/$name.tmp" "$mount/$name"
                echo "$name" >>"$published"
                file=$((file + 1))
            done
            """;

    @RegisterExtension
    final Machine machine = new Machine();

    /** The one command that cleans up. */
    enum CleanUp {
        FOREBAY_UNMOUNT,
        FUSERMOUNT,
        UMOUNT;

        Command command(Forebay user, Path mountPoint) {
            return switch (this) {
                case FOREBAY_UNMOUNT -> user.command("unmount", mountPoint.toString());
                case FUSERMOUNT -> Command.of("fusermount3", "-uz", mountPoint.toString());
                case UMOUNT -> Command.of("umount", "-l", mountPoint.toString());
            };
        }
    }

    static Stream<Arguments> everyWay() {
        return Stream.of(Door.values())
                .flatMap(door -> Stream.of(CleanUp.values()).map(cleanUp -> Arguments.of(door, cleanUp)));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void leavesAMountPointThatOneCommandCleans(Door door, CleanUp cleanUp) throws Exception {
        long seed = (door.name() + cleanUp.name()).hashCode();
        Random random = new Random(seed);
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.fresh("mnt");
        List<String> options = ForebayMount.optionsFor(store, machine.fresh("cache"), "--door=" + door.flag());
        ForebayMount mount = ForebayMount.at(mountPoint, user, options);
        Path published = Files.createFile(machine.fresh("published"));

        List<Process> writers = startWriters(user, mountPoint, published, random);
        Await.until(
                BEGIN_LIMIT,
                "every writer has published two files (seed " + seed + ")",
                () -> countOf(published).stream().allMatch(count -> count >= 2));
        // Anywhere in what they do; nothing waits for this.
        Thread.sleep(random.nextInt(300));
        mount.killDaemon();

        awaitErrors(writers, seed);
        assertThat(MountTable.isMounted(mountPoint)).as("dead, and still there").isTrue();
        cleanUp.command(user, mountPoint).within(CLEAN_UP_LIMIT).succeed();
        assertThat(MountTable.isMounted(mountPoint)).isFalse();
        machine.expectNothingLeft();

        try (ForebayMount again = ForebayMount.at(mountPoint, user, options)) {
            expectWholeFiles(again.root(), Files.readAllLines(published));
        }
        machine.expectNothingLeft();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingToWhomItAcknowledged(Door door) throws Exception {
        int rounds = Integer.getInteger("forebay.killed.rounds", 2);
        long seed = Long.getLong("forebay.killed.seed", 1);
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        Path mountPoint = machine.fresh("mnt");
        List<String> options =
                ForebayMount.optionsFor(store, machine.fresh("cache"), "--door=" + door.flag(), "--write-back=local");
        List<String> everPublished = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Random random = new Random(seed + round);
            ForebayMount mount = ForebayMount.at(mountPoint, user, options);
            expectPublished(mount.root(), newestAndSomeOf(everPublished, round, random), round);
            Path folder = Files.createDirectory(mount.root().resolve("round-" + round));
            Path published = Files.createFile(machine.fresh("published"));
            List<Process> writers = startWriters(user, folder, published, random);
            Await.until(
                    BEGIN_LIMIT,
                    "every writer has published a file (seed " + seed + ", round " + round + ")",
                    () -> countOf(published).stream().allMatch(count -> count >= 1));
            // Anywhere in what they and the uploads do; nothing waits for this.
            Thread.sleep(random.nextInt(1_500));
            mount.killDaemon();
            awaitErrors(writers, seed + round);
            CleanUp.FOREBAY_UNMOUNT
                    .command(user, mountPoint)
                    .within(CLEAN_UP_LIMIT)
                    .succeed();
            int of = round;
            Files.readAllLines(published).forEach(name -> everPublished.add("round-" + of + "/" + name));
        }
        try (ForebayMount again = ForebayMount.at(mountPoint, user, options)) {
            expectPublished(again.root(), everPublished, rounds);
        }
        List<String> elsewhere =
                ForebayMount.optionsFor(store, machine.fresh("cache"), "--door=" + door.flag(), "--read-only");
        try (ForebayMount other = ForebayMount.at(mountPoint, user, elsewhere)) {
            expectPublished(other.root(), everPublished, rounds);
        }
        machine.expectNothingLeft();
    }

    /** All of the latest round, and some that are older; the last look is at all. */
    private static List<String> newestAndSomeOf(List<String> published, int round, Random random) {
        List<String> looked = new ArrayList<>();
        List<String> older = new ArrayList<>();
        published.forEach(name -> (isOfRound(round - 1, name) ? looked : older).add(name));
        Collections.shuffle(older, random);
        looked.addAll(older.subList(0, Math.min(OLDER_FILES_A_ROUND, older.size())));
        return looked;
    }

    private static boolean isOfRound(int round, String published) {
        return published.startsWith("round-" + round + "/");
    }

    /** Those of the latest round byte by byte, the others by their length. */
    private static void expectPublished(Path mount, List<String> published, int round) throws IOException {
        for (String name : published) {
            Path file = mount.resolve(name);
            String own = file.getFileName().toString();
            assertThat(file).as("what was published").exists();
            if (isOfRound(round - 1, name)) {
                expectWhole(own, Files.readAllBytes(file), file);
            } else {
                assertThat(Files.size(file)).as("length of %s", file).isEqualTo(Integer.parseInt(own.split("-")[2]));
            }
        }
    }

    private static List<Process> startWriters(Forebay user, Path mountPoint, Path published, Random random)
            throws IOException {
        List<Process> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int bytes = 1 + random.nextInt(LARGEST_FILE_BYTES);
            writers.add(user.inMyEnvironment(Command.shell(WRITER, mountPoint, writer, published, bytes))
                    .startUnheard());
        }
        return writers;
    }

    private static List<Integer> countOf(Path published) throws IOException {
        List<String> names = Files.readAllLines(published);
        return Stream.iterate(0, writer -> writer < WRITERS, writer -> writer + 1)
                .map(writer -> (int) names.stream()
                        .filter(name -> name.startsWith("w" + writer + "-"))
                        .count())
                .toList();
    }

    /** A writer that waits for ever in the kernel would also not be killed; so it is looked at while it does. */
    private static void awaitErrors(List<Process> writers, long seed) throws InterruptedException {
        boolean ended = Await.holds(ERROR_LIMIT, () -> writers.stream().noneMatch(Process::isAlive));
        if (!ended) {
            String stuck = String.join(
                    "\n", writers.stream().map(KilledDaemonTest::describe).toList());
            throw new AssertionError("writers hang (seed " + seed + "):\n" + stuck);
        }
        assertThat(writers.stream().map(Process::exitValue)).as("exit codes").allMatch(code -> code != 0);
    }

    private static String describe(Process writer) {
        StringBuilder text = new StringBuilder();
        Stream.concat(Stream.of(writer.toHandle()), writer.descendants()).forEach(process -> text.append(process.pid())
                .append(' ')
                .append(Forebay.commandLineOf(process))
                .append(kernelFile(process, "stat"))
                .append(kernelFile(process, "wchan"))
                .append(kernelFile(process, "stack"))
                .append('\n'));
        return text.toString();
    }

    private static String kernelFile(ProcessHandle process, String name) {
        try {
            return " " + name + ": "
                    + Files.readString(Path.of("/proc", Long.toString(process.pid()), name))
                            .strip();
        } catch (IOException | UncheckedIOException gone) {
            return "";
        }
    }

    private static void expectWholeFiles(Path mount, List<String> published) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(mount)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                names.add(name);
                byte[] bytes = Files.readAllBytes(file);
                // The shell opens a file, and so closes it once before anything is written.
                if (!name.endsWith(".tmp") || bytes.length > 0) {
                    expectWhole(name.replace(".tmp", ""), bytes, file);
                }
            }
        }
        assertThat(names).as("published files").containsAll(published);
    }

    /** The name tells what is in it: the same line over and over, up to a length. */
    private static void expectWhole(String name, byte[] bytes, Path file) {
        String[] numbers = name.substring(1).split("-");
        byte[] line = ("writer " + numbers[0] + " file " + numbers[1] + "\n").getBytes(US_ASCII);
        assertThat(bytes.length).as("length of %s", file).isEqualTo(Integer.parseInt(numbers[2]));
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] != line[at % line.length]) {
                throw new AssertionError(file + " differs at byte " + at + " of " + bytes.length);
            }
        }
    }
}
