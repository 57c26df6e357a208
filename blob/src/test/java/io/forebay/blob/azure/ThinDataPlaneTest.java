package io.forebay.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.ScriptedServer.Answer;
import io.forebay.blob.azure.plane.PlaneClient.ConnectionCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the thin plane does with its connections: a known state is kept, any other is closed, and none is lost. */
class ThinDataPlaneTest {
    private static final int LENGTH = 300_000;
    private static final ConnectionCounts NONE = new ConnectionCounts(0, 0);
    private static final ConnectionCounts ONE_KEPT = new ConnectionCounts(0, 1);
    private static final String ETAG = "ETag: \"0x1\"";
    private static final String MODIFIED = "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT";
    private static final Answer CREATED =
            exchange -> exchange.send("HTTP/1.1 201 Created", ETAG, MODIFIED, "Content-Length: 0");
    private static final Answer BUSY = exchange -> exchange.send(
            "HTTP/1.1 429 Too Many Requests",
            "x-ms-error-code: ServerBusy",
            "x-ms-request-id: 17",
            "x-ms-retry-after-ms: 250",
            "Content-Length: 0");

    private final byte[] content = content();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    private static byte[] content() {
        byte[] content = new byte[LENGTH];
        new Random(3).nextBytes(content);
        return content;
    }

    private static Deadline soon() {
        return in(Duration.ofSeconds(30));
    }

    private static Deadline in(Duration limit) {
        return Deadline.after(limit, Clock.system());
    }

    private static AzureBlobStore store(ScriptedServer server) throws Exception {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        return new AzureBlobStore(AzureStoreSettings.of(
                server.endpoint(), "account", "container", new AzureCredential.SharedKey("account", key)));
    }

    private void take(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        taken.writeBytes(bytes);
    }

    private Etag readAll(AzureBlobStore store) throws ForebayException {
        taken.reset();
        return store.read("b", new ByteRange(0, LENGTH), Precondition.none(), this::take, soon());
    }

    private static void head(ScriptedServer.Exchange exchange, String length) throws IOException {
        exchange.send(
                "HTTP/1.1 206 Partial Content",
                ETAG,
                MODIFIED,
                "Content-Range: bytes 0-" + (LENGTH - 1) + "/" + LENGTH,
                length);
    }

    private Answer whole() {
        return exchange -> {
            head(exchange, "Content-Length: " + LENGTH);
            exchange.send(content);
        };
    }

    private Answer part(int bytes, Answer then) {
        return exchange -> {
            head(exchange, "Content-Length: " + LENGTH);
            exchange.send(Arrays.copyOf(content, bytes));
            then.to(exchange);
        };
    }

    private static void assertUnavailable(ThrowingCall call, String words) {
        assertThatThrownBy(call::run)
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageContaining(words);
    }

    private interface ThrowingCall {
        void run() throws Exception;
    }

    @Test
    void aConnectionIsKeptAndUsedAgain() throws Exception {
        try (ScriptedServer server = new ScriptedServer(whole(), whole(), CREATED, CREATED);
                AzureBlobStore store = store(server)) {
            assertThat(readAll(store)).isEqualTo(new Etag("0x1"));
            assertThat(readAll(store)).isEqualTo(new Etag("0x1"));
            assertThat(taken.toByteArray()).isEqualTo(content);
            store.stageBlock("b", BlockId.of(1, 0), BlobBody.of(content), soon());
            store.put("b", BlobBody.of(new byte[0]), BlobHeaders.NONE, Precondition.none(), soon());
            assertThat(server.connections()).isEqualTo(1);
            assertThat(store.connections()).isEqualTo(ONE_KEPT);
        }
    }

    @Test
    void aRefusalCostsNoConnectionAndKeepsItsPause() throws Exception {
        Answer busyInChunks = exchange -> {
            exchange.send("HTTP/1.1 503 Busy", "Retry-After: 7", "Transfer-Encoding: chunked");
            exchange.send("5\r\nabcde\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
        try (ScriptedServer server = new ScriptedServer(BUSY, busyInChunks, whole());
                AzureBlobStore store = store(server)) {
            for (Duration pause : List.of(Duration.ofMillis(250), Duration.ofSeconds(7))) {
                assertThatThrownBy(() -> readAll(store))
                        .isInstanceOfSatisfying(
                                ForebayException.Unavailable.class,
                                busy -> assertThat(busy.retryAfter()).contains(pause));
            }
            readAll(store);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(store.connections()).isEqualTo(ONE_KEPT);
        }
    }

    @Test
    void brokenBodiesAreUnavailableAndTheirConnectionsClosed() throws Exception {
        for (Answer end : List.<Answer>of(ScriptedServer.Exchange::close, ScriptedServer.Exchange::reset)) {
            try (ScriptedServer server = new ScriptedServer(part(100_000, end));
                    AzureBlobStore store = store(server)) {
                assertUnavailable(() -> readAll(store), "cannot read");
                assertThat(taken.toByteArray()).isEqualTo(Arrays.copyOf(content, taken.size()));
                assertThat(store.connections()).isEqualTo(NONE);
            }
        }
    }

    @Test
    void silenceEndsAtTheDeadlineAndLeavesNoConnection() throws Exception {
        Answer hang = part(100_000, ScriptedServer.Exchange::hangUntilTheClientGoesAway);
        try (ScriptedServer server = new ScriptedServer(hang);
                AzureBlobStore store = store(server)) {
            ByteRange all = new ByteRange(0, LENGTH);
            assertUnavailable(
                    () -> store.read("b", all, Precondition.none(), this::take, in(Duration.ofMillis(700))),
                    "no answer before the deadline");
            assertThat(server.clientGone().await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void aKeptConnectionThatTheServerClosedIsReplaced() throws Exception {
        Answer thenClose = exchange -> {
            whole().to(exchange);
            exchange.close();
        };
        try (ScriptedServer server = new ScriptedServer(thenClose, thenClose, whole());
                AzureBlobStore store = store(server)) {
            for (int round = 0; round < 3; round++) {
                readAll(store);
                assertThat(taken.toByteArray()).isEqualTo(content);
            }
            assertThat(server.connections()).isEqualTo(3);
            assertThat(store.connections()).isEqualTo(ONE_KEPT);
        }
    }

    @Test
    void aRequestLostOnAKeptConnectionIsRepeatedOnceUnlessItIsConditional() throws Exception {
        Answer lost = ScriptedServer.Exchange::reset;
        try (ScriptedServer server = new ScriptedServer(whole(), lost, whole(), lost, CREATED, lost);
                AzureBlobStore store = store(server)) {
            readAll(store);
            readAll(store);
            assertThat(taken.toByteArray()).isEqualTo(content);
            store.stageBlock("b", BlockId.of(1, 0), BlobBody.of(content), soon());
            assertUnavailable(
                    () -> store.put("b", BlobBody.of(content), BlobHeaders.NONE, Precondition.ifAbsent(), soon()),
                    "cannot write");
            assertThat(server.requests()).hasSize(6);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void aRequestLostTwiceIsNotRepeatedAgain() throws Exception {
        Answer lost = ScriptedServer.Exchange::reset;
        try (ScriptedServer server = new ScriptedServer(whole(), lost, lost, whole());
                AzureBlobStore store = store(server)) {
            readAll(store);
            assertUnavailable(() -> readAll(store), "cannot read");
            assertThat(server.requests()).hasSize(3);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void endlessAndMalformedHeadsAreNotWaitedFor() throws Exception {
        Answer hugeHeader = exchange -> exchange.send("HTTP/1.1 200 OK", "X-Long: " + "x".repeat(100_000));
        Answer manyHeaders = exchange -> {
            String[] lines = new String[1_001];
            for (int index = 0; index < lines.length; index++) {
                lines[index] = "h" + index + ": x";
            }
            lines[0] = "HTTP/1.1 200 OK";
            exchange.send(lines);
        };
        Answer notHttp = exchange -> exchange.send("SSH-2.0-OpenSSH_9.9");
        Answer twoLengths =
                exchange -> exchange.send("HTTP/1.1 200 OK", ETAG, "Content-Length: 1", "Content-Length: 2");
        Answer folded = exchange -> exchange.send("HTTP/1.1 200 OK", ETAG, " Content-Length: 1");
        Answer nonsense = exchange -> exchange.send("HTTP/1.1 200 OK", ETAG, "Content-Length: -1");
        for (Answer each : List.of(hugeHeader, manyHeaders, notHttp, twoLengths, folded, nonsense)) {
            try (ScriptedServer server = new ScriptedServer(each);
                    AzureBlobStore store = store(server)) {
                assertUnavailable(() -> readAll(store), "cannot read");
                assertThat(taken.size()).isZero();
                assertThat(store.connections()).isEqualTo(NONE);
            }
        }
    }

    @Test
    void aBodyMayComeInChunksOrUntilTheEnd() throws Exception {
        Answer chunked = exchange -> {
            head(exchange, "Transfer-Encoding: chunked");
            for (int at = 0; at < LENGTH; at += 100_000) {
                exchange.send("186a0;x=y\r\n".getBytes(StandardCharsets.US_ASCII));
                exchange.send(Arrays.copyOfRange(content, at, at + 100_000));
                exchange.send("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            exchange.send("0\r\nTrailer: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
        Answer untilTheEnd = exchange -> {
            head(exchange, "X-Nothing: said");
            exchange.send(content);
            exchange.close();
        };
        try (ScriptedServer server = new ScriptedServer(chunked, untilTheEnd);
                AzureBlobStore store = store(server)) {
            readAll(store);
            assertThat(taken.toByteArray()).isEqualTo(content);
            assertThat(store.connections()).isEqualTo(ONE_KEPT);
            readAll(store);
            assertThat(taken.toByteArray()).isEqualTo(content);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void chunksBeyondTheRangeNeverReachTheSink() throws Exception {
        Answer tooLong = exchange -> {
            head(exchange, "Transfer-Encoding: chunked");
            exchange.send("fffff\r\n".getBytes(StandardCharsets.US_ASCII));
            exchange.send(new byte[0xfffff]);
        };
        try (ScriptedServer server = new ScriptedServer(tooLong);
                AzureBlobStore store = store(server)) {
            assertThatThrownBy(() -> readAll(store)).isInstanceOf(ForebayException.Corrupt.class);
            assertThat(taken.size()).isLessThanOrEqualTo(LENGTH);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void interimAnswersArePassedOver() throws Exception {
        Answer interim = exchange -> {
            exchange.send("HTTP/1.1 100 Continue");
            exchange.send("HTTP/1.1 103 Early Hints", "Link: x");
            CREATED.to(exchange);
        };
        try (ScriptedServer server = new ScriptedServer(interim);
                AzureBlobStore store = store(server)) {
            store.stageBlock("b", BlockId.of(1, 0), BlobBody.of(content), soon());
            assertThat(store.connections()).isEqualTo(ONE_KEPT);
        }
    }

    @Test
    void bytesBehindTheBodyCloseTheConnection() throws Exception {
        Answer more = exchange -> {
            head(exchange, "Content-Length: " + LENGTH);
            byte[] longer = Arrays.copyOf(content, LENGTH + 1);
            exchange.send(longer);
        };
        try (ScriptedServer server = new ScriptedServer(more, whole());
                AzureBlobStore store = store(server)) {
            readAll(store);
            assertThat(taken.toByteArray()).isEqualTo(content);
            readAll(store);
            assertThat(taken.toByteArray()).isEqualTo(content);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aSinkThatRefusesEndsTheReadWithItsOwnFailure() throws Exception {
        ForebayException full = new ForebayException.NoSpace("the disk is full");
        ByteSink refusing = _ -> {
            throw full;
        };
        try (ScriptedServer server = new ScriptedServer(whole());
                AzureBlobStore store = store(server)) {
            ByteRange all = new ByteRange(0, LENGTH);
            assertThatThrownBy(() -> store.read("b", all, Precondition.none(), refusing, soon()))
                    .isSameAs(full);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void anInterruptEndsAReadInTheMiddle() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Answer hang = part(100_000, ScriptedServer.Exchange::hangUntilTheClientGoesAway);
        try (ScriptedServer server = new ScriptedServer(hang);
                AzureBlobStore store = store(server);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ForebayException> ended = threads.submit(() -> {
                try {
                    store.read("b", new ByteRange(0, LENGTH), Precondition.none(), _ -> begun.countDown(), soon());
                    throw new AssertionError("it ended well");
                } catch (ForebayException failure) {
                    return failure;
                }
            });
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            threads.shutdownNow();
            assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(ForebayException.Interrupted.class);
            assertThat(store.connections()).isEqualTo(NONE);
        }
    }

    @Test
    void sixtyFourReadsRunSideBySide() throws Exception {
        Answer[] answers = new Answer[64];
        CountDownLatch allAsked = new CountDownLatch(answers.length);
        Arrays.fill(answers, (Answer) exchange -> {
            allAsked.countDown();
            assert allAsked.await(20, TimeUnit.SECONDS) : "they do not run side by side";
            whole().to(exchange);
        });
        try (ScriptedServer server = new ScriptedServer(answers);
                AzureBlobStore store = store(server);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> reads = new ArrayList<>();
            for (int index = 0; index < answers.length; index++) {
                reads.add(threads.submit(() -> {
                    ByteArrayOutputStream own = new ByteArrayOutputStream();
                    store.read(
                            "b",
                            new ByteRange(0, LENGTH),
                            Precondition.none(),
                            piece -> {
                                byte[] bytes = new byte[piece.remaining()];
                                piece.get(bytes);
                                own.writeBytes(bytes);
                            },
                            soon());
                    return own.toByteArray();
                }));
            }
            for (Future<byte[]> each : reads) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(content);
            }
            assertThat(store.connections()).isEqualTo(new ConnectionCounts(0, answers.length));
        }
    }

    @Test
    void whatNoHeaderCanCarryIsRefusedBeforeItIsSent() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                AzureBlobStore store = store(server)) {
            BlobHeaders split = new BlobHeaders("text/plain\r\nx-ms-blob-type: PageBlob", Metadata.of(Map.of()));
            assertThatThrownBy(() -> store.put("b", BlobBody.of(content), split, Precondition.none(), soon()))
                    .isInstanceOf(ForebayException.InvalidArgument.class);
            assertThat(server.requests()).isEmpty();
        }
    }
}
