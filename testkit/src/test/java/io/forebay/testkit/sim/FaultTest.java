package io.forebay.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which a request goes wrong, as a socket sees it. */
@ExtendWith(SimulatorExtension.class)
class FaultTest {
    private static final int SIZE = 300_000;
    private static final String NAME = "data";

    private final Simulator simulator;
    private final String container;
    private final String path;

    FaultTest(Simulator simulator) throws Exception {
        this.simulator = simulator;
        this.container = simulator.newContainer();
        this.path = RawClient.path(container, NAME);
        simulator.declare(container, NAME, 1, SIZE);
    }

    @BeforeEach
    void countAnew() throws Exception {
        simulator.resetCounts();
    }

    @AfterEach
    void nothingGoesWrongAnyMore() throws Exception {
        simulator.clearFaults();
    }

    private RawClient client() throws Exception {
        return new RawClient(simulator);
    }

    @ParameterizedTest
    @CsvSource({"STATUS_500, 500, InternalError", "STATUS_503, 503, ServerBusy", "STATUS_429, 429, ServerBusy"})
    void anAnswerThatIsAnError(FaultKind kind, int status, String code) throws Exception {
        simulator.fault(FaultRule.of(kind).times(1).retryAfterSeconds(7));
        try (RawClient client = client()) {
            RawClient.Head head = client.ask("GET", path, "");
            assertThat(head.status()).isEqualTo(status);
            assertThat(head.header("x-ms-error-code")).isEqualTo(code);
            assertThat(head.header("retry-after")).isEqualTo("7");
            assertThat(client.get(path)).as("the next one, same connection").hasSize(SIZE);
        }
        assertThat(simulator.counts().requests(Operation.GET_BLOB, Integer.toString(status)))
                .isOne();
        assertThat(simulator.counts().requests(Operation.GET_BLOB, "200")).isOne();
    }

    @Test
    void aRefusedPutLeavesNothingAndItsBodyIsReadAway() throws Exception {
        simulator.fault(
                FaultRule.of(FaultKind.STATUS_503).on(Operation.PUT_BLOB).times(1));
        String other = RawClient.path(container, "other");
        try (RawClient client = client()) {
            assertThat(client.ask("PUT", other, "content", "x-ms-blob-type: BlockBlob")
                            .status())
                    .isEqualTo(503);
            assertThat(client.ask("HEAD", other, "").status()).isEqualTo(404);
        }
    }

    @Test
    void aResetBeforeTheAnswerHasDoneNothing() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.RESET).on(Operation.DELETE_BLOB));
        try (RawClient client = client()) {
            client.send("DELETE", path, "");
            assertThatThrownBy(client::readHead).isInstanceOf(SocketException.class);
        }
        try (RawClient client = client()) {
            assertThat(client.ask("HEAD", path, "").status()).isEqualTo(200);
        }
        assertThat(simulator.counts().requests(Operation.DELETE_BLOB, "reset")).isOne();
    }

    @Test
    void aLostAnswerHasDoneAll() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.LOST_ANSWER).on(Operation.DELETE_BLOB));
        try (RawClient client = client()) {
            client.send("DELETE", path, "");
            assertThatThrownBy(client::readHead).isInstanceOf(SocketException.class);
        }
        try (RawClient client = client()) {
            assertThat(client.ask("HEAD", path, "").status()).isEqualTo(404);
        }
    }

    @Test
    void aResetWithinTheBody() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.RESET_IN_BODY).afterBytes(100_000));
        try (RawClient client = client()) {
            client.send("GET", path, "");
            assertThat(client.readHead().length()).isEqualTo(SIZE);
            assertThatThrownBy(() -> client.read(SIZE)).isInstanceOf(SocketException.class);
        }
        assertThat(simulator.counts().sentBytes()).isEqualTo(100_000);
    }

    @Test
    void aBodyThatEndsEarly() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.TRUNCATE).afterBytes(100_000));
        try (RawClient client = client()) {
            client.send("GET", path, "");
            RawClient.Head head = client.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.length()).isEqualTo(SIZE);
            assertThat(client.read(SIZE)).isEqualTo(SyntheticContent.bytes(NAME, 0, 100_000));
        }
    }

    @Test
    void silenceBeforeTheAnswer() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.SILENCE).lasting(Duration.ofMillis(300)));
        try (RawClient client = client()) {
            long began = System.nanoTime();
            assertThat(client.get(path)).hasSize(SIZE);
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(300_000_000);
        }
    }

    @Test
    void silenceWithinTheBody() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.SILENCE).afterBytes(100_000).lasting(Duration.ofMillis(300)));
        try (RawClient client = client()) {
            client.send("GET", path, "");
            client.readHead();
            client.read(100_000);
            long began = System.nanoTime();
            assertThat(client.read(SIZE - 100_000)).isEqualTo(SyntheticContent.bytes(NAME, 100_000, SIZE - 100_000));
            assertThat(System.nanoTime() - began).isGreaterThan(200_000_000);
        }
    }

    @Test
    void oneWrongByte() throws Exception {
        simulator.fault(FaultRule.of(FaultKind.WRONG_BYTES).afterBytes(123_456).times(1));
        byte[] right = SyntheticContent.bytes(NAME, 0, SIZE);
        try (RawClient client = client()) {
            byte[] read = client.get(path);
            assertThat(read[123_456]).isNotEqualTo(right[123_456]);
            read[123_456] = right[123_456];
            assertThat(read).isEqualTo(right);
            assertThat(client.get(path)).as("the next one").isEqualTo(right);
        }
    }

    @Test
    void onlyTheNthThatFits() throws Exception {
        simulator.declare(container, "fault-%02d", 10, 10);
        simulator.fault(FaultRule.of(FaultKind.STATUS_500)
                .on(Operation.GET_BLOB)
                .named("fault-*")
                .nth(3));
        try (RawClient client = client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.ask("GET", path, "").status()).isEqualTo(200);
                String fitting = RawClient.path(container, "fault-0" + i);
                assertThat(client.ask("HEAD", fitting, "").status()).isEqualTo(200);
                assertThat(client.ask("GET", fitting, "").status()).isEqualTo(i == 2 ? 500 : 200);
            }
        }
    }

    @Test
    void aSeedRepeatsWhatIsRandom() throws Exception {
        assertThat(randomFaults(5)).isEqualTo(randomFaults(5)).isNotEqualTo(randomFaults(6));
        assertThat(randomFaults(5).chars().filter(c -> c == '5').count()).isBetween(20L, 80L);
    }

    /** The first digits of the answers to 100 requests of which about half fail. */
    private static String randomFaults(long seed) throws Exception {
        try (Simulator own = Simulator.start(SimulatorOptions.DEFAULT.withSeed(seed));
                RawClient client = new RawClient(own)) {
            own.declare("c", NAME, 1, 10);
            own.fault(FaultRule.of(FaultKind.STATUS_503).probability(0.5));
            StringBuilder digits = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                digits.append(client.ask("GET", RawClient.path("c", NAME), "").status() / 100);
            }
            return digits.toString();
        }
    }
}
