package io.forebay.testkit.azurite;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bodies go through the store without ever being in memory: a JVM whose heap could not hold one of them moves four. */
@ExtendWith(AzuriteExtension.class)
class AzureInASmallHeapTest {
    private static final long LIMIT_SECONDS = 110;

    @Test
    void fourBodiesOf64MebibytesGoThroughAHeapOf40(Azurite azurite, @TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        SmallHeapTransfer.class.getName(),
                        azurite.endpoint().toString(),
                        azurite.newContainer(),
                        "4",
                        "64"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("it ends in time; it said: %s", Files.readString(output))
                    .isTrue();
            assertThat(process.exitValue())
                    .as("it succeeds; it said: %s", Files.readString(output))
                    .isZero();
            assertThat(Files.readString(output)).contains("read-staged-MiB-per-second=");
        } finally {
            process.destroyForcibly();
        }
    }
}
