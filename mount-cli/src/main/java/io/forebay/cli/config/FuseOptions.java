package io.forebay.cli.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What {@code -o} said.
 *
 * @param readOnly ro
 * @param allowOther allow_other
 * @param allowRoot allow_root
 * @param nonempty whether the mount point may have entries, which the mount then hides
 * @param uid the owner of what has none of its own
 * @param gid its group
 * @param umask bits that it may not have
 * @param timeoutsGiven whether one of the timeouts was said; else the kernel may trust what the tree trusts, for as long
 * @param attributeTimeout how long the kernel may trust attributes
 * @param entryTimeout how long it may trust names
 * @param negativeTimeout how long it may trust that a name is missing
 */
public record FuseOptions(
        boolean readOnly,
        boolean allowOther,
        boolean allowRoot,
        boolean nonempty,
        OptionalInt uid,
        OptionalInt gid,
        OptionalInt umask,
        boolean timeoutsGiven,
        Duration attributeTimeout,
        Duration entryTimeout,
        Duration negativeTimeout) {
    /** libfuse's own default: long enough to answer one command's stats from the kernel, too short to be noticed. */
    static final Duration KERNEL_TRUST = Duration.ofSeconds(1);

    private static final Set<String> MEANINGLESS = Set.of(
            "dev",
            "nodev",
            "suid",
            "nosuid",
            // The kernel always checks permissions here.
            "default_permissions",
            "delay_connect",
            "auto",
            "noauto",
            "user",
            "nouser",
            "exec",
            "noexec",
            "defaults",
            "_netdev");

    public FuseOptions {
        if (allowOther && allowRoot) {
            throw new IllegalArgumentException("allow_other and allow_root exclude each other; keep one of them");
        }
    }

    /**
     * Reads a list with commas.
     *
     * @throws IllegalArgumentException that names everything in it that is not an option
     */
    static FuseOptions parse(String list) {
        Reading reading = new Reading();
        for (String item : list.split(",")) {
            if (!item.isBlank()) {
                reading.take(item.strip());
            }
        }
        if (!reading.mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", reading.mistakes));
        }
        return reading.done();
    }

    /** What has been read so far; later words win over earlier ones, as with mount(8). */
    private static final class Reading {
        private final List<String> mistakes = new ArrayList<>();
        private final Set<String> words = new HashSet<>();
        private OptionalInt uid = OptionalInt.empty();
        private OptionalInt gid = OptionalInt.empty();
        private OptionalInt umask = OptionalInt.empty();
        private boolean timeoutsGiven;
        private Duration attributeTimeout = KERNEL_TRUST;
        private Duration entryTimeout = KERNEL_TRUST;
        private Duration negativeTimeout = Duration.ZERO;

        void take(String item) {
            int equals = item.indexOf('=');
            String name = equals < 0 ? item : item.substring(0, equals);
            String value = equals < 0 ? "" : item.substring(equals + 1);
            try {
                take(item, name, value);
            } catch (NumberFormatException notANumber) {
                mistakes.add("'" + item + "' needs a number behind " + name + "=");
            }
        }

        private void take(String item, String name, String value) {
            switch (name) {
                case "allow_other", "allow_root", "nonempty", "ro" -> word(item, name, value);
                case "rw" -> words.remove("ro");
                case "uid" -> uid = OptionalInt.of(Integer.parseUnsignedInt(value));
                case "gid" -> gid = OptionalInt.of(Integer.parseUnsignedInt(value));
                case "umask" -> umask = OptionalInt.of(octal(value));
                case "attr_timeout" -> attributeTimeout = timeout(value);
                case "entry_timeout" -> entryTimeout = timeout(value);
                case "negative_timeout" -> negativeTimeout = timeout(value);
                default -> unknown(item, name);
            }
        }

        private Duration timeout(String value) {
            timeoutsGiven = true;
            return seconds(value);
        }

        /** A word stands alone, or with {@code =true} or {@code =false} as BlobFuse2 takes it. */
        private void word(String item, String name, String value) {
            switch (value) {
                case "", "true" -> words.add(name);
                case "false" -> words.remove(name);
                default -> mistakes.add("'" + item + "' takes no value");
            }
        }

        private void unknown(String item, String name) {
            if (!MEANINGLESS.contains(name)) {
                mistakes.add("'" + item + "' is not a mount option that Forebay knows; leave it out");
            }
        }

        private static int octal(String text) {
            int bits = Integer.parseInt(text, 8);
            if (bits < 0 || bits > 0777) {
                throw new NumberFormatException(text);
            }
            return bits;
        }

        /** Seconds, possibly with a fraction, as libfuse takes them. */
        private static Duration seconds(String text) {
            double seconds = Double.parseDouble(text);
            if (!(seconds >= 0 && seconds <= Integer.MAX_VALUE)) {
                throw new NumberFormatException(text);
            }
            return Duration.ofMillis(Math.round(seconds * 1000));
        }

        FuseOptions done() {
            return new FuseOptions(
                    words.contains("ro"),
                    words.contains("allow_other"),
                    words.contains("allow_root"),
                    words.contains("nonempty"),
                    uid,
                    gid,
                    umask,
                    timeoutsGiven,
                    attributeTimeout,
                    entryTimeout,
                    negativeTimeout);
        }
    }
}
