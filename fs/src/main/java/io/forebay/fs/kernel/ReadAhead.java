package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the kernel reads ahead of a program that reads on and on: the protocol can lower its 128 KiB, root can raise it. */
final class ReadAhead {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");

    private ReadAhead() {}

    /**
     * Sets it for one mount, where we may.
     *
     * @param device number of the mount, {@code "0:45"}
     */
    static void set(String device, int bytes) {
        Path file = BACKING_DEVICES.resolve(device).resolve("read_ahead_kb");
        try {
            Files.writeString(file, Integer.toString(bytes / 1024));
        } catch (IOException refused) {
            LOG.debug("read-ahead not set file={} reason={}", file, refused.getMessage());
        }
    }
}
