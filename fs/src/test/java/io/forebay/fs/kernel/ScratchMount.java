package io.forebay.fs.kernel;

import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.FailureReport;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Mounts a {@link ScratchTree} in a process of its own, for measurements by hand.
 *
 * <p>Arguments: the mount point, a folder for content, then any of {@code local}, {@code backs}, {@code direct},
 * {@code memory} (reads are answered from memory),
 * {@code slow} (looking for {@code "file"} takes 1.5 s), {@code zero} (the kernel remembers nothing), {@code trace} and {@code readers=N}.
 */
final class ScratchMount {
    private ScratchMount() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments).subList(2, arguments.length);
        Path content = Files.createDirectories(Path.of(arguments[1]));
        ScratchTree tree = options.contains("memory") ? new InMemory(content) : new ScratchTree(content);
        tree.local = options.contains("local");
        tree.backs = options.contains("backs");
        if (options.contains("slow")) {
            tree.beforeLookup = () -> {
                try {
                    Thread.sleep(1500);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            };
        }
        int readers = options.stream()
                .filter(option -> option.startsWith("readers="))
                .mapToInt(option -> Integer.parseInt(option.substring("readers=".length())))
                .findFirst()
                .orElse(2);
        KernelSettings defaults = KernelSettings.defaults(readers);
        KernelSettings settings = new KernelSettings(
                true,
                options.contains("direct"),
                options.contains("trace"),
                readers,
                defaults.maxRequestsUnderWay(),
                defaults.maxBackground(),
                defaults.maxTransferBytes(),
                defaults.readAheadBytes(),
                defaults.drainLimit());
        Duration timeout = Duration.ofSeconds(options.contains("zero") ? 0 : 3600);
        DoorSettings doorSettings =
                new DoorSettings("scratch", false, true, false, true, timeout, timeout, Duration.ZERO);
        KernelDoor door =
                new KernelDoor(tree, doorSettings, settings, new FailureReport(new Metrics()), Clock.system());
        door.serve(Path.of(arguments[0]), () -> System.err.println("mounted"));
    }

    /** Answers reads with the same mebibyte for ever. */
    private static final class InMemory extends ScratchTree {
        private final ByteBuffer mebibyte = ByteBuffer.allocateDirect(1 << 20);

        InMemory(Path folder) {
            super(folder);
        }

        @Override
        public int read(long handle, long offset, ByteBuffer target) {
            int length = target.remaining();
            target.put(mebibyte.slice(0, length));
            return length;
        }
    }
}
