package io.forebay.testkit.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** HTTP as clients of every kind speak it, and the rules of Blob storage that no store of ours asks for. */
@ExtendWith(SimulatorExtension.class)
class WireTest {
    private static final String BLOCK_BLOB = "x-ms-blob-type: BlockBlob";

    private final Simulator simulator;
    private final String container;
    private final String path;

    WireTest(Simulator simulator) throws Exception {
        this.simulator = simulator;
        this.container = simulator.newContainer();
        this.path = RawClient.path(container, "b");
    }

    @Test
    void aClientThatExpectsToBeAskedIsAsked() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.write("PUT " + path + " HTTP/1.1\r\nHost: h\r\n" + BLOCK_BLOB
                    + "\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);
            client.write("12345");
            assertThat(client.readHead().status()).isEqualTo(201);
            assertThat(client.text(path)).isEqualTo("12345");
        }
    }

    @Test
    void aRefusalBeforeTheBodyEndsTheConnectionOfAClientThatWaits() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.write("PUT " + RawClient.path("nowhere", "b") + " HTTP/1.1\r\nHost: h\r\n" + BLOCK_BLOB
                    + "\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            RawClient.Head head = client.readHead();
            assertThat(head.status()).isEqualTo(404);
            assertThat(head.header("connection")).isEqualTo("close");
            assertThat(client.read(head.length() + 1)).hasSize((int) head.length());
        }
    }

    @Test
    void chunkedBodiesAndPipelinedRequests() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.write("PUT " + path + " HTTP/1.1\r\nHost: h\r\n" + BLOCK_BLOB
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"
                    + "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(201);
            assertThat(new String(client.read(client.readHead().length()), UTF_8))
                    .isEqualTo("abc0123456789");
        }
    }

    @Test
    void rangesAndConditions() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            String etag = client.ask("PUT", path, "0123456789", BLOCK_BLOB).header("etag");
            RawClient.Head part = client.ask("GET", path, "", "Range: bytes=0-99", "x-ms-range: bytes=7-99");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.header("content-range")).isEqualTo("bytes 7-9/10");
            assertThat(client.text(path)).isEqualTo("0123456789");
            assertThat(client.ask("GET", path, "", "x-ms-range: bytes=10-").status())
                    .isEqualTo(416);
            assertThat(client.ask("GET", path, "", "If-None-Match: " + etag).status())
                    .isEqualTo(304);
            assertThat(client.ask("GET", path, "", "If-Match: \"x\"").status()).isEqualTo(412);
            RawClient.Head head = client.ask("HEAD", path, "");
            assertThat(head.length()).isEqualTo(10);
            String changed = head.header("last-modified");
            assertThat(client.ask("GET", path, "", "If-Modified-Since: " + changed)
                            .status())
                    .isEqualTo(304);
            assertThat(client.ask("GET", path, "", "If-Unmodified-Since: " + changed)
                            .status())
                    .isEqualTo(200);
            RawClient.Head again = client.ask("PUT", path, "x", BLOCK_BLOB, "If-None-Match: *");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.header("x-ms-error-code")).isEqualTo("BlobAlreadyExists");
        }
    }

    @Test
    void checksumsAreComparedAndGiven() throws Exception {
        byte[] md5 = MessageDigest.getInstance("MD5").digest("content".getBytes(UTF_8));
        String written = Base64.getEncoder().encodeToString(md5);
        try (RawClient client = new RawClient(simulator)) {
            assertThat(client.ask("PUT", path, "another", BLOCK_BLOB, "Content-MD5: " + written)
                            .header("x-ms-error-code"))
                    .isEqualTo("Md5Mismatch");
            assertThat(client.ask("HEAD", path, "").status()).isEqualTo(404);
            assertThat(client.ask("PUT", path, "content", BLOCK_BLOB, "Content-MD5: " + written)
                            .status())
                    .isEqualTo(201);
            assertThat(client.ask("GET", path, "").header("content-md5")).isEqualTo(written);
            assertThat(client.ask("GET", path, "", "Range: bytes=0-6", "x-ms-range-get-content-md5: true")
                            .header("content-md5"))
                    .isEqualTo(written);
        }
    }

    @Test
    void blocksFromABlobOfItsOwn() throws Exception {
        String source = "x-ms-copy-source: " + simulator.endpoint() + "/" + container + "/b?sig=secret";
        try (RawClient client = new RawClient(simulator)) {
            String etag = client.ask("PUT", path, "0123456789", BLOCK_BLOB).header("etag");
            String made = RawClient.path(container, "made");
            String block = made + "?comp=block&blockid=AAAA";
            assertThat(client.ask("PUT", block, "", source, "x-ms-source-if-match: \"x\"")
                            .header("x-ms-error-code"))
                    .isEqualTo("SourceConditionNotMet");
            assertThat(client.ask(
                                    "PUT",
                                    block,
                                    "",
                                    source,
                                    "x-ms-source-range: bytes=3-5",
                                    "x-ms-source-if-match: " + etag)
                            .status())
                    .isEqualTo(201);
            client.ask("PUT", made + "?comp=blocklist", "<BlockList><Uncommitted>AAAA</Uncommitted></BlockList>");
            assertThat(client.text(made)).isEqualTo("345");
            assertThat(client.text(made + "?comp=blocklist&blocklisttype=all"))
                    .contains("<CommittedBlocks><Block><Name>AAAA</Name><Size>3</Size></Block></CommittedBlocks>");
        }
    }

    @Test
    void requestsAreCountedByWhatBecameOfThem() throws Exception {
        simulator.resetCounts();
        try (RawClient client = new RawClient(simulator)) {
            client.ask("PUT", path, "12345", BLOCK_BLOB);
            client.ask("GET", path, "");
            client.ask("GET", path, "", "Range: bytes=1-2");
            client.ask("GET", path + "missing", "");
        }
        Counts counts = simulator.counts();
        assertThat(counts.requests()).isEqualTo(4);
        assertThat(counts.requests(Operation.PUT_BLOB, "201")).isOne();
        assertThat(counts.requests(Operation.GET_BLOB)).isEqualTo(3);
        assertThat(counts.requests(Operation.GET_BLOB, "404")).isOne();
        assertThat(counts.receivedBytes()).isEqualTo(5);
        assertThat(counts.bodyBytes(Operation.GET_BLOB)).isGreaterThan(7);
        assertThat(counts.peakRequests()).isOne();
    }

    @Test
    void aWrongRuleIsRefusedWithAReason() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", "/$sim/faults", "kind=nonsense");
            RawClient.Head head = client.readHead();
            assertThat(head.status()).isEqualTo(400);
            assertThat(new String(client.read(head.length()), UTF_8)).contains("there is no fault 'nonsense'");
        }
    }

    @Test
    void curlReadsOverTls(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        try (Simulator encrypted = Simulator.start(SimulatorOptions.DEFAULT.withEncryption())) {
            encrypted.declare("c", "b", 1, 5_000_000);
            String url = encrypted.endpoint() + "/c/b";
            run("curl", "-sSf", "--cacert", encrypted.certificate().toString(), "-o", out.toString(), url);
        }
        assertThat(out).hasBinaryContent(SyntheticContent.bytes("b", 0, 5_000_000));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
