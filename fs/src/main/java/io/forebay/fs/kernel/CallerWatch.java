package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells from {@code /proc} whether a thread that waits in the kernel is about to die of a signal. */
final class CallerWatch {
    private static final long SIGKILL = bit(9);
    /** Signals that end a program with a core dump, for which the kernel does not set SIGKILL in its threads. */
    private static final long DUMPING =
            bit(3) | bit(4) | bit(5) | bit(6) | bit(7) | bit(8) | bit(11) | bit(24) | bit(25) | bit(31);

    private final Path processes;

    /** @param processes {@code /proc}, or what stands for it */
    CallerWatch(Path processes) {
        this.processes = processes;
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** @param thread as the kernel numbers it; 0 for one in a name space that we cannot see, which never dies */
    boolean isDying(int thread) {
        if (thread == 0) {
            return false;
        }
        try {
            return isDying(Files.readAllLines(
                    processes.resolve(Integer.toString(thread)).resolve("status")));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** @param status the lines of {@code /proc/N/status} */
    static boolean isDying(List<String> status) {
        Map<String, Long> masks = new HashMap<>();
        for (String line : status) {
            if (line.startsWith("Sig") || line.startsWith("ShdPnd")) {
                String[] parts = line.split(":\\s*", 2);
                if (parts.length == 2 && !parts[0].equals("SigQ")) {
                    masks.put(parts[0], Long.parseUnsignedLong(parts[1].strip(), 16));
                }
            }
        }
        long pending = masks.getOrDefault("SigPnd", 0L) | masks.getOrDefault("ShdPnd", 0L);
        long survived =
                masks.getOrDefault("SigBlk", 0L) | masks.getOrDefault("SigIgn", 0L) | masks.getOrDefault("SigCgt", 0L);
        // A fatal signal without a dump shows as SIGKILL pending in every thread of the process.
        return (pending & SIGKILL) != 0 || (pending & DUMPING & ~survived) != 0;
    }
}
