package io.forebay.blob.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.time.Clock;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that changes blobs is killed with SIGKILL at random moments, again and again on the same folder. Each time,
 * every change that it had acknowledged is there, every one that it had begun is there wholly or not at all, and no file
 * of the container is ever half of one.
 */
class CrashTest {
    /** More rounds find rarer moments: {@code -Dforebay.crash.rounds=500}. */
    private static final int ROUNDS = Integer.getInteger("forebay.crash.rounds", 25);

    private static final long SEED = Long.getLong("forebay.crash.seed", 20_250_101);
    private static final int MAX_CHANGES_BEFORE_KILL = 60;

    /** Some changes take as long as that, so a kill falls anywhere within one. */
    private static final int MAX_NANOS_BEFORE_KILL = 12_000_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(3_600)
    void whatWasAcknowledgedIsThereAndNothingIsHalf() throws Exception {
        DirectoryAccount.make(folder).close();
        Random random = new Random(SEED);
        Map<String, String> states = new HashMap<>();
        int acknowledged = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Run run = killedRun(round, states, random);
            acknowledged += run.acknowledged;
            assertEveryPlainFileIsWhole();
            try (DirectoryAccount account = DirectoryAccount.open(folder, Clock.system())) {
                states = statesAfter(run, account, "seed " + SEED + ", round " + round);
            }
        }
        assertThat(acknowledged).as("acknowledged changes").isGreaterThan(ROUNDS);
        try (DirectoryAccount account = DirectoryAccount.open(folder, new AheadClock(Duration.ofDays(8)))) {
            assertThat(account.stateEntries("incoming")).isEmpty();
            assertThat(account.stateEntries("staging")).isEmpty();
            assertThat(account.stateEntries("records")).hasSizeLessThanOrEqualTo(states.size());
        }
    }

    /** What one process said before it was killed. */
    private static final class Run {
        final Map<String, String> known;
        final Map<String, String> begun = new HashMap<>();
        int acknowledged;

        Run(Map<String, String> known) {
            this.known = new HashMap<>(known);
        }

        void heard(String line) {
            String[] words = line.split(" ");
            if (words[0].equals("begin")) {
                begun.put(words[1], words[2]);
            } else {
                String state = begun.remove(words[1]);
                assertThat(state).as(line).isNotNull();
                known.put(words[1], String.valueOf(state));
                acknowledged++;
            }
        }
    }

    private Run killedRun(int round, Map<String, String> states, Random random) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(folder.toString(), "" + round));
        states.forEach((name, state) -> arguments.addAll(List.of(name, state)));
        Run run = new Run(states);
        int changes = 1 + random.nextInt(MAX_CHANGES_BEFORE_KILL);
        try (ChildJvm child = ChildJvm.start(CrashingWriter.class, arguments.toArray(String[]::new))) {
            String line;
            while (run.acknowledged < changes && (line = child.line()) != null) {
                run.heard(line);
            }
            LockSupport.parkNanos(random.nextInt(MAX_NANOS_BEFORE_KILL));
            child.kill();
            while ((line = child.line()) != null) {
                run.heard(line);
            }
            assertThat(child.exitCode()).as("exit code of a killed process").isEqualTo(128 + 9);
        }
        return run;
    }

    private void assertEveryPlainFileIsWhole() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(DirectoryAccount.CONTAINER))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(SelfDescribingContent.numberOf(Files.readAllBytes(file)))
                        .as("number in %s", file)
                        .isPresent();
            }
        }
    }

    private static Map<String, String> statesAfter(Run run, DirectoryAccount account, String when) throws IOException {
        Map<String, String> states = new HashMap<>();
        for (String name : account.names("", null)) {
            states.put(name, stateOf(name, account));
        }
        for (String name : CrashingWriter.NAMES.stream().flatMap(List::stream).toList()) {
            List<String> allowed = new ArrayList<>();
            allowed.add(run.known.getOrDefault(name, CrashingWriter.ABSENT));
            if (run.begun.containsKey(name)) {
                allowed.add(run.begun.get(name));
            }
            assertThat(states.getOrDefault(name, CrashingWriter.ABSENT))
                    .as("%s after %s", name, when)
                    .isIn(allowed);
        }
        assertThat(CrashingWriter.NAMES.stream().flatMap(List::stream)).containsAll(states.keySet());
        return states;
    }

    private static String stateOf(String name, DirectoryAccount account) throws IOException {
        BlobProperties head = account.head(name);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        account.store()
                .read(
                        name,
                        new ByteRange(0, head.lengthBytes()),
                        Precondition.ifMatch(head.etag()),
                        bytes -> {
                            byte[] piece = new byte[bytes.remaining()];
                            bytes.get(piece);
                            content.writeBytes(piece);
                        },
                        DirectoryAccount.soon());
        String number = SelfDescribingContent.numberOf(content.toByteArray())
                .map(String::valueOf)
                .orElse("half");
        return number + "/" + head.metadata().get("label").orElse("none");
    }
}
