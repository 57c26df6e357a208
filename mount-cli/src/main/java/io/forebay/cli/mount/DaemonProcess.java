package io.forebay.cli.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A process that serves a mount, told from a later one that happens to have its number.
 *
 * @param pid its number
 * @param startTicks when it was started, in the kernel's clock ticks since boot
 */
public record DaemonProcess(long pid, long startTicks) {
    /** Field 22 of /proc/PID/stat, counted from the third, the first behind the program's name. */
    private static final int START_TICKS_BEHIND_NAME = 22 - 3;

    /** This process. */
    public static DaemonProcess current() {
        long pid = ProcessHandle.current().pid();
        return new DaemonProcess(pid, startTicksOf(pid).orElse(0));
    }

    /** Whether it runs; a process that ended but was not yet waited for does not. */
    public boolean isAlive() {
        OptionalLong now = startTicksOf(pid);
        return now.isPresent() && now.getAsLong() == startTicks;
    }

    private static OptionalLong startTicksOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean zombie = behindName[0].equals("Z");
            return zombie ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(behindName[START_TICKS_BEHIND_NAME]));
        } catch (IOException ended) {
            return OptionalLong.empty();
        }
    }
}
