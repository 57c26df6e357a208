package io.forebay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process takes of the machine. */
final class Resources {
    private static final int SETTLE_SECONDS = 30;
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private Resources() {}

    /** Of all its threads, since it began. */
    static Duration cpuTime(ProcessHandle process) throws IOException {
        return process.info().totalCpuDuration().orElseThrow(() -> new IOException("the mount has ended"));
    }

    /** Its own memory and its pages of mapped files. */
    static double residentMebibytes(ProcessHandle process) throws IOException {
        return status(process, "VmRSS:");
    }

    /** Without the pages of mapped files, which the kernel can take back: those of Java's own libraries above all. */
    static double ownMebibytes(ProcessHandle process) throws IOException {
        return status(process, "RssAnon:");
    }

    /** The most that was ever resident. */
    static double peakMebibytes(ProcessHandle process) throws IOException {
        return status(process, "VmHWM:");
    }

    private static double status(ProcessHandle process, String field) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES_PER_MEBIBYTE;
            }
        }
        throw new IOException("there is no " + field + " in " + status);
    }

    /** Waits for a second in which the process used no time. */
    static void awaitIdle(ProcessHandle process) throws IOException {
        Duration before = cpuTime(process);
        for (int second = 0; second < SETTLE_SECONDS; second++) {
            Waiting.pause(Duration.ofSeconds(1));
            Duration now = cpuTime(process);
            if (now.equals(before)) {
                return;
            }
            before = now;
        }
        throw new IOException("an unused mount does not become idle within " + SETTLE_SECONDS + " s");
    }
}
