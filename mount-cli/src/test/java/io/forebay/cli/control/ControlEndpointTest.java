package io.forebay.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.cli.mount.DaemonProcess;
import io.forebay.cli.mount.MountRecord;
import io.forebay.fs.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final DaemonProcess ENDED = new DaemonProcess(Integer.MAX_VALUE, 1);

    @TempDir
    private Path folder;

    private final FakeSteering steering = new FakeSteering();
    private final FakeUploads uploads = new FakeUploads();
    private final Metrics metrics = new Metrics();
    private ControlSockets sockets = new ControlSockets(Path.of("/nowhere"));
    private @Nullable ControlEndpoint endpoint;

    @BeforeEach
    void open() {
        sockets = ControlSockets.beside(folder);
        endpoint = new ControlEndpoint(
                sockets, DaemonProcess.current(), () -> new Steering(steering, uploads), metrics, Clock.system());
        endpoint.open();
    }

    @AfterEach
    void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }

    @Test
    void nobodyElseCanReachIt() throws Exception {
        Path socket = sockets.of(DaemonProcess.current());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets.folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void aReportArrivesAsItWasGiven() throws ForebayException {
        metrics.add(Metric.STORE_READ_BYTES, 42);

        ControlClient.Report report = client().report(List.of(""), 99);

        assertThat(report.cache()).isEqualTo(steering.report(whole(), 99));
        assertThat(report.counters()).containsEntry("store_read_bytes", 42L);
    }

    private static Selection whole() throws ForebayException {
        return Selection.of(List.of(""));
    }

    @Test
    void whatIsOnTheLocalDiskOnlyArrivesAsItWasGiven() throws ForebayException {
        assertThat(client().uploads(List.of(""), 7)).isEqualTo(uploads.report(whole(), 7));
        assertThat(client().conflict("a b")).isEqualTo(uploads.conflict("a b"));
        assertThat(client().conflict("gone").theirs()).isEmpty();
        assertThatThrownBy(() -> client().conflict("none"))
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessage("'none' is not in conflict");
    }

    @Test
    void whatWasDecidedArrives() throws ForebayException {
        client().work(ControlClient.Work.RETRY, List.of("a", "b"), _ -> {});
        client().work(ControlClient.Work.FLUSH, List.of("d"), _ -> {});
        ControlClient.Outcome discarded = client().work(ControlClient.Work.DISCARD, List.of("c"), _ -> {});

        assertThat(discarded.refusal()).isEqualTo("stopped");
        assertThat(uploads.asked).containsExactly("retry [a, b]", "flush 1", "discard [c]");
    }

    @Test
    void manyPathsArrive() throws ForebayException {
        List<String> paths =
                IntStream.range(0, 20_000).mapToObj(i -> "a name " + i).toList();

        ControlClient.Outcome outcome = client().work(ControlClient.Work.CHECK, paths, _ -> {});

        assertThat(outcome.refusal()).isNull();
        assertThat(steering.parts).isEqualTo(20_000);
    }

    @Test
    void pinningAndReleasingReachTheCache() throws ForebayException {
        client().work(ControlClient.Work.PIN, List.of("a"), _ -> {});
        assertThat(steering.parts).isEqualTo(11);
        client().work(ControlClient.Work.UNPIN, List.of("a", "b"), _ -> {});
        assertThat(steering.parts).isEqualTo(22);
    }

    @Test
    void whoGoesAwayStopsTheWork() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                client().work(ControlClient.Work.WARMUP, List.of("a"), _ -> {});
            } catch (ForebayException stop) {
                end.complete(stop);
            }
        });
        assertThat(steering.working.await(30, TimeUnit.SECONDS)).isTrue();

        waiting.interrupt();

        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(ForebayException.Interrupted.class);
        assertThat(steering.stopped.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theEndOfTheMountStopsTheWorkAndTakesTheSocketAway() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                client().work(ControlClient.Work.WARMUP, List.of("a"), _ -> {});
            } catch (ForebayException gone) {
                end.complete(gone);
            }
        });
        assertThat(steering.working.await(30, TimeUnit.SECONDS)).isTrue();

        close();

        assertThat(steering.stopped.getCount())
                .as("stopped before close returns")
                .isZero();
        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(sockets.of(DaemonProcess.current())).doesNotExist();
    }

    @Test
    void aDefectIsRefusedAndCounted() throws ForebayException {
        ControlClient.Outcome outcome = client().work(ControlClient.Work.EVICT, List.of("a"), _ -> {});

        assertThat(outcome.refusal()).contains("a defect");
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS)).isEqualTo(1);
    }

    @Test
    void whatIsNoRequestIsRefusedWithASentence() throws Exception {
        assertThat(answerTo("request protocol=3 command=warmup most=1\n")).contains("another+version");
        assertThat(answerTo("request protocol=2 command=format most=1\nend\n")).contains("format");
        assertThat(answerTo("GET / HTTP/1.1\r\n")).startsWith("refused reason=");
        assertThat(answerTo("x".repeat(40_000) + "\n")).contains("longer+than+allowed");
        assertThat(answerTo("request protocol=2 command=check most=1\npath name=..%2Fup\nend\n"))
                .contains("refused", "no+path");
    }

    private String answerTo(String text) throws Exception {
        try (SocketChannel channel = sockets.connect(DaemonProcess.current())) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (Wire wire = new Wire(channel)) {
                    StringBuilder lines = new StringBuilder();
                    for (Message message = wire.receive(); message != null; message = wire.receive()) {
                        lines.append(message.line()).append('\n');
                    }
                    answer.complete(lines.toString());
                } catch (IOException failed) {
                    answer.completeExceptionally(failed);
                }
            });
            return answer.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void moreConnectionsThanItTakesAreToldSo() throws Exception {
        List<SocketChannel> silent =
                IntStream.range(0, 16).mapToObj(_ -> connected()).collect(Collectors.toList());
        try {
            assertThatThrownBy(() -> client().report(List.of(""), 1)).hasMessageContaining("busy with other commands");
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    private SocketChannel connected() {
        try {
            return sockets.connect(DaemonProcess.current());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aMountThatDoesNotAnswerIsGivenUp() throws Exception {
        Path silent = sockets.of(new DaemonProcess(1, 1));
        try (ServerSocketChannel nobodyAccepts = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            nobodyAccepts.bind(UnixDomainSocketAddress.of(silent));
            ControlClient client = new ControlClient(sockets, record(new DaemonProcess(1, 1)), Duration.ofMillis(100));

            assertThatThrownBy(() -> client.report(List.of(""), 1))
                    .isInstanceOf(ForebayException.Unavailable.class)
                    .hasMessageContaining("/mnt/train (pid 1) does not answer");
        }
    }

    @Test
    void aMountWhoseProcessHasEndedIsDead() {
        assertThatThrownBy(() -> new ControlClient(sockets, record(ENDED), PATIENCE).report(List.of(""), 1))
                .hasMessageContaining("is dead", "forebay unmount /mnt/train");
    }

    @Test
    void socketsOfProcessesThatEndedAreRemovedByTheNextMount() throws Exception {
        Path left = Files.createFile(sockets.of(ENDED));
        Path foreign = Files.createFile(sockets.folder().resolve("something.socket"));
        close();

        new ControlEndpoint(
                        sockets,
                        DaemonProcess.current(),
                        () -> new Steering(steering, uploads),
                        metrics,
                        Clock.system())
                .open();

        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void aMountWithoutAPlaceForItsSocketGoesOnWithoutIt() throws Exception {
        Path longFolder = Files.createDirectories(folder.resolve("x".repeat(100)));
        ControlSockets tooLong = ControlSockets.beside(longFolder);
        ControlEndpoint unreachable = new ControlEndpoint(
                tooLong, DaemonProcess.current(), () -> new Steering(steering, uploads), metrics, Clock.system());

        unreachable.open();
        unreachable.close();

        ControlClient client = new ControlClient(tooLong, record(DaemonProcess.current()), PATIENCE);
        assertThatThrownBy(() -> client.report(List.of(""), 1)).hasMessageContaining("XDG_RUNTIME_DIR");
    }

    private ControlClient client() {
        return new ControlClient(sockets, record(DaemonProcess.current()), PATIENCE);
    }

    private static MountRecord record(DaemonProcess process) {
        return new MountRecord(
                Path.of("/mnt/train"), process, "store", "fake", Path.of("/cache"), Optional.empty(), Optional.empty());
    }
}
