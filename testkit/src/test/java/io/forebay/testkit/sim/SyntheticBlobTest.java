package io.forebay.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blobs that nobody wrote: what is in them, how many there can be, and that they are blobs like others. */
@ExtendWith(SimulatorExtension.class)
class SyntheticBlobTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final Pattern NAME = Pattern.compile("<Name>([^<]*)</Name>");
    private static final Pattern MARKER = Pattern.compile("<NextMarker>([^<]*)</NextMarker>");

    private final Simulator simulator;
    private final String container;

    SyntheticBlobTest(Simulator simulator) throws Exception {
        this.simulator = simulator;
        this.container = simulator.newContainer();
    }

    @Test
    void anyRangeOfAHugeBlobIsTheFunctionOfItsNameAndOffset() throws Exception {
        long size = 64 * GIBIBYTE;
        simulator.declare(container, "huge.bin", 1, size);
        Random random = new Random(4);
        try (RawClient client = new RawClient(simulator)) {
            for (int i = 0; i < 200; i++) {
                int length = 1 + random.nextInt(i < 190 ? 100_000 : 5_000_000);
                long offset = random.nextLong(size - length);
                byte[] read = client.get(
                        RawClient.path(container, "huge.bin"), "Range: bytes=" + offset + "-" + (offset + length - 1));
                assertThat(read).isEqualTo(SyntheticContent.bytes("huge.bin", offset, length));
                assertThat(read[length / 2]).isEqualTo(SyntheticContent.byteAt("huge.bin", offset + length / 2));
            }
        }
    }

    @Test
    void offsetsAndNamesCanBeToldApart() {
        byte[] page = SyntheticContent.bytes("a", 0, 4096);
        for (long step = 4096; step <= GIBIBYTE; step *= 2) {
            assertThat(SyntheticContent.bytes("a", step, 4096)).isNotEqualTo(page);
        }
        assertThat(SyntheticContent.bytes("b", 0, 4096)).isNotEqualTo(page);
    }

    @Test
    void contentDoesNotCompress() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(SyntheticContent.bytes("a", 0, 3_000_000));
        } finally {
            deflater.end();
        }
        assertThat(packed.size()).isGreaterThan(2_990_000);
    }

    @Test
    void aMillionNamesAreListedPageByPageInLittleMemory() throws Exception {
        try (Simulator small = Simulator.start(SimulatorOptions.DEFAULT.withHeapMebibytes(48));
                RawClient client = new RawClient(small)) {
            small.declare("million", "set/part-%07d.bin", 1_000_000, 102_400);
            String marker = "";
            int count = 0;
            do {
                String page = client.text("/" + Simulator.ACCOUNT
                        + "/million?restype=container&comp=list&prefix=set%2F&delimiter=%2F&marker=" + marker);
                Matcher name = NAME.matcher(page);
                while (name.find()) {
                    assertThat(name.group(1)).isEqualTo(String.format("set/part-%07d.bin", count++));
                }
                Matcher next = MARKER.matcher(page);
                marker = next.find() ? next.group(1) : "";
            } while (!marker.isEmpty());
            assertThat(count).isEqualTo(1_000_000);
            assertThat(small.counts().requests(Operation.LIST_BLOBS)).isEqualTo(200);
            assertThat(peakMebibytes(small.processId())).isLessThan(250);
        }
    }

    private static long peakMebibytes(long processId) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/" + processId + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new AssertionError("no peak in /proc");
    }

    @Test
    void aSyntheticBlobCanBeReplacedAndDeletedLikeAnyOther() throws Exception {
        simulator.declare(container, "s-%02d", 5, 10);
        try (RawClient client = new RawClient(simulator)) {
            String etag =
                    client.ask("HEAD", RawClient.path(container, "s-01"), "").header("etag");
            assertThat(client.ask("HEAD", RawClient.path(container, "s-01"), "").header("etag"))
                    .isEqualTo(etag);
            assertThat(client.ask("DELETE", RawClient.path(container, "s-01"), "", "If-Match: \"other\"")
                            .status())
                    .isEqualTo(412);
            assertThat(client.ask("DELETE", RawClient.path(container, "s-01"), "", "If-Match: " + etag)
                            .status())
                    .isEqualTo(202);
            client.ask("PUT", RawClient.path(container, "s-03"), "mine", "x-ms-blob-type: BlockBlob");
            assertThat(client.ask("HEAD", RawClient.path(container, "s-01"), "").status())
                    .isEqualTo(404);
            assertThat(client.text(RawClient.path(container, "s-03"))).isEqualTo("mine");
            String page = client.text(
                    "/" + Simulator.ACCOUNT + "/" + container + "?restype=container&comp=list&maxresults=4");
            assertThat(NAME.matcher(page).results().map(found -> found.group(1)))
                    .containsExactly("s-00", "s-02", "s-03", "s-04");
        }
    }

    @Test
    void whatIsDiscardedReadsAsSynthetic() throws Exception {
        try (Simulator discarding = Simulator.start(SimulatorOptions.DEFAULT.discarding());
                RawClient client = new RawClient(discarding)) {
            String own = discarding.newContainer();
            String path = RawClient.path(own, "w");
            client.ask("PUT", path + "?comp=block&blockid=AAAA", "x".repeat(1000));
            client.ask("PUT", path + "?comp=block&blockid=BBBB", "x".repeat(500));
            client.ask(
                    "PUT",
                    path + "?comp=blocklist",
                    "<BlockList><Latest>BBBB</Latest><Latest>AAAA</Latest></BlockList>");
            assertThat(client.get(path)).isEqualTo(SyntheticContent.bytes("w", 0, 1500));
            assertThat(discarding.counts().receivedBytes()).isGreaterThan(1500);
        }
    }
}
