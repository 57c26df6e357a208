package io.forebay.fs.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process sees mounted where, from {@code /proc/self/mountinfo}. Looking there touches no mount. */
final class MountTable {
    private static final Logger LOG = LoggerFactory.getLogger(MountTable.class);

    private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
    private static final int DEVICE_FIELD = 2;
    private static final int TARGET_FIELD = 4;

    private MountTable() {}

    /** The device number, {@code "0:45"}, of what is mounted at {@code target}, on top if there are several. */
    static Optional<String> deviceAt(String target) {
        try {
            return deviceAt(target, Files.readAllLines(MOUNT_INFO));
        } catch (IOException unreadable) {
            LOG.debug("mount table cannot be read reason={}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** @param lines of a {@code mountinfo} */
    static Optional<String> deviceAt(String target, List<String> lines) {
        return lines.stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > TARGET_FIELD
                        && unescape(fields[TARGET_FIELD]).equals(target))
                .map(fields -> fields[DEVICE_FIELD])
                .reduce((lower, upper) -> upper);
    }

    /** The kernel writes blanks, tabs, newlines and backslashes as three octal digits. */
    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
