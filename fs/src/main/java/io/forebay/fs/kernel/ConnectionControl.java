package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switches that the kernel shows in {@code /sys} for one FUSE mount. All of them are optional extras. */
final class ConnectionControl {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionControl.class);

    private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
    private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");

    private final String device;

    /** @param device number of the mount, {@code "0:45"} */
    ConnectionControl(String device) {
        this.device = device;
    }

    /** Lets sequential readers be read ahead for as far as that; the kernel's own limit is 128 KiB. */
    void readAhead(int bytes) {
        write(BACKING_DEVICES.resolve(device).resolve("read_ahead_kb"), Integer.toString(bytes / 1024));
    }

    /** Ends the connection: every request under way and every later one fails. */
    void abort() {
        String minor = device.substring(device.indexOf(':') + 1);
        write(CONNECTIONS.resolve(minor).resolve("abort"), "1");
    }

    private static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException refused) {
            LOG.debug("kernel switch not set file={} reason={}", file, refused.getMessage());
        }
    }
}
