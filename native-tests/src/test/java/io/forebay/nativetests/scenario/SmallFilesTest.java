package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.testkit.sim.Limits;
import io.forebay.testkit.sim.Operation;
import io.forebay.testkit.sim.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of many small blobs, as training data is kept, in a store that is 20 ms away; requests are counted. */
final class SmallFilesTest {
    private static final int FILES = 1000;
    private static final int BYTES = 20_000;
    private static final int THREADS = 4;

    /** To find the mount and its folder, the first few names, and the listing, twice at most. */
    private static final int FEW = 20;

    @TempDir
    Path work;

    private Simulator store;
    private String container;
    private Forebay user;
    private ForebayMount mount;

    @BeforeEach
    void mount() throws Exception {
        store = Simulator.start();
        container = store.newContainer();
        store.declare(container, "d/%06d", FILES, BYTES);
        store.limit(Limits.far(20, 60_000_000));
        user = new Forebay(
                Files.createDirectory(work.resolve("home")), Map.of("AZURE_STORAGE_ACCESS_KEY", Simulator.KEY));
        mount = mountWith();
    }

    private ForebayMount mountWith(String... more) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(
                ForebayMount.optionsFor(store, container, work.resolve("cache"), "--attr-cache-timeout=60"));
        options.addAll(List.of(more)); // of two of a kind the last one counts
        return ForebayMount.at(work.resolve("mnt"), user, options);
    }

    @AfterEach
    void unmount() throws Exception {
        try {
            mount.close();
        } finally {
            user.killAll();
            store.close();
        }
    }

    private static String name(int number) {
        return String.format("%06d", number);
    }

    /** To the store itself, which checks no signature. */
    private HttpRequest.Builder request(int number) {
        return HttpRequest.newBuilder(URI.create(store.endpoint() + "/" + container + "/d/" + name(number)));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isBetween(200, 299);
            return answer;
        }
    }

    private void readAll(long seed) throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        try (ExecutorService readers = Executors.newFixedThreadPool(THREADS)) {
            List<Future<byte[]>> reads = new ArrayList<>();
            for (int number : order) {
                reads.add(readers.submit(() -> Files.readAllBytes(mount.root().resolve("d/" + name(number)))));
            }
            for (Future<byte[]> read : reads) {
                assertThat(read.get()).hasSize(BYTES);
            }
        }
    }

    @Test
    void aShuffledEpochCostsARequestAFileAndTheNextOneNone() throws Exception {
        readAll(1);
        assertThat(store.counts().requests(Operation.GET_BLOB)).isEqualTo(FILES);
        assertThat(store.counts().requests()).isLessThanOrEqualTo(FILES + FEW);
        assertThat(store.counts().peakRequests())
                .as("many at once, for four threads")
                .isGreaterThan(3 * THREADS);

        store.resetCounts();
        readAll(2);
        assertThat(store.counts().requests()).isZero();
    }

    @Test
    void whatWasFetchedAheadIsWhatTheStoreHas() throws Exception {
        readAll(3);
        for (int number : new int[] {0, 1, 499, 998, 999}) {
            assertThat(Files.readAllBytes(mount.root().resolve("d/" + name(number))))
                    .isEqualTo(send(request(number).GET()).body());
        }
    }

    @Test
    void aFileThatAnotherClientReplacedIsReadAnewAfterTheValidity() throws Exception {
        mount.close();
        mount = mountWith("--attr-cache-timeout=1");
        readAll(4);
        Path file = mount.root().resolve("d/" + name(500));
        byte[] other = "x".repeat(BYTES).getBytes(StandardCharsets.US_ASCII);
        byte[] before = Files.readAllBytes(file);

        send(request(500).header("x-ms-blob-type", "BlockBlob").PUT(HttpRequest.BodyPublishers.ofByteArray(other)));

        byte[] seen = readUnlessReplacedMeanwhile(file, before);
        long endNanos = System.nanoTime() + 20_000_000_000L;
        while (!Arrays.equals(seen, other)) {
            assertThat(seen).as("one version or the other").isEqualTo(before);
            assertThat(System.nanoTime() - endNanos).as("time is up").isNegative();
            seen = readUnlessReplacedMeanwhile(file, before);
        }
    }

    /** Who opened the old version in the very moment in which it is found out that there is a new one is told so. */
    private static byte[] readUnlessReplacedMeanwhile(Path file, byte[] before) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException stale) {
            assertThat(stale).hasMessageContaining("Stale file handle");
            return before;
        }
    }

    @Test
    void namesFromAnIndexAreListedNotAskedForOneByOne() throws Exception {
        for (int i = 0; i < FILES; i++) {
            assertThat(Files.size(mount.root().resolve("d/" + name(i)))).isEqualTo(BYTES);
        }
        for (int i = 0; i < 500; i++) {
            assertThat(mount.root().resolve("d/absent-" + i)).doesNotExist();
        }
        assertThat(store.counts().requests()).isLessThanOrEqualTo(FEW);
    }

    @Test
    void aListingWithAttributesCostsARequestAndTheNextOneNone() throws Exception {
        Path folder = mount.root().resolve("d");
        assertThat(folder).isDirectory();
        store.resetCounts();
        listWithAttributes(folder);
        assertThat(store.counts().requests()).isEqualTo(1);

        store.resetCounts();
        listWithAttributes(folder);
        assertThat(store.counts().requests()).isZero();
    }

    private static void listWithAttributes(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                assertThat(Files.readAttributes(entry, BasicFileAttributes.class)
                                .size())
                        .isEqualTo(BYTES);
            }
        }
    }

    @Test
    void nothingIsFetchedAheadWhereThatIsNotWanted() throws Exception {
        mount.close();
        mount = mountWith("--no-directory-prefetch");
        store.resetCounts();
        for (int number : new int[] {5, 900, 17, 444, 3, 2, 1}) {
            Files.readAllBytes(mount.root().resolve("d/" + name(number)));
        }
        mount.close();
        assertThat(store.counts().requests(Operation.GET_BLOB)).isEqualTo(7);
    }
}
