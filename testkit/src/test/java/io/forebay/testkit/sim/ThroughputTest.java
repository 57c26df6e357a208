package io.forebay.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** It is not what is measured: its figure is printed, and compared only with what no busy machine can miss. */
@ExtendWith(SimulatorExtension.class)
class ThroughputTest {
    private static final double LEAST_BYTES_PER_SECOND = 300e6;
    private static final long SIZE = 4L << 30;

    private final Simulator simulator;

    ThroughputTest(Simulator simulator) {
        this.simulator = simulator;
    }

    @Test
    void oneCurl(TestReporter reporter) throws Exception {
        simulator.declare("speed", "b", 1, SIZE);
        Process curl = new ProcessBuilder(
                        "curl", "-sSf", "-o", "/dev/null", "-w", "%{speed_download}", simulator.endpoint() + "/speed/b")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String speed = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(curl.exitValue()).isZero();
            reporter.publishEntry("bytes per second to curl", speed);
            assertThat(Double.parseDouble(speed)).isGreaterThan(LEAST_BYTES_PER_SECOND);
        } finally {
            curl.destroyForcibly();
        }
    }
}
