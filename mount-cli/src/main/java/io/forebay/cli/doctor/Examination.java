package io.forebay.cli.doctor;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.mount.FuseDevice;
import io.forebay.fs.kernel.KernelOffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a machine.
 *
 * @param machine where {@code proc} and {@code sys} are
 * @param fuse its FUSE, as a mount finds it
 * @param root whether we are root
 * @param caches where content would be cached, at least one
 * @param java what runs us
 */
public record Examination(Path machine, FuseDevice fuse, boolean root, List<CacheFolder> caches, JavaRuntime java) {
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+\\S+\\s+(\\d+)\\s.*");

    /** Pages of 4 KiB in a request of 1 MiB. */
    private static final long PAGES_OF_A_REQUEST = 256;

    /** Each open file takes one, and a directory of small files that is read in parallel some thousand. */
    private static final long FEW_OPEN_FILES = 8192;

    /** More than any of the kernel's small files has. */
    private static final int MOST_BYTES = 16 << 10;

    /** All that there is to say, in the order in which a mount needs it. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        String release = text("proc/sys/kernel/osrelease").orElse("unknown");
        findings.add(Finding.good("kernel", "Linux " + release));
        findings.add(device());
        findings.addAll(kernel(release));
        text("proc/sys/fs/fuse/max_pages_limit").ifPresent(pages -> findings.add(requestSize(Long.parseLong(pages))));
        text("sys/module/fuse/parameters/enable_uring").ifPresent(enabled -> findings.add(ioUring(enabled)));
        findings.add(program());
        findings.add(library());
        findings.add(sharing());
        openFiles().ifPresent(limit -> findings.add(openFiles(limit)));
        caches.forEach(cache -> findings.add(cache.room()));
        findings.add(java.version());
        findings.add(java.startUp());
        return List.copyOf(findings);
    }

    private Finding device() {
        try {
            fuse.checkDevice();
            return Finding.good("/dev/fuse", "can be opened");
        } catch (ForebayException refused) {
            return Finding.bars("/dev/fuse", refused.getMessage());
        }
    }

    private List<Finding> kernel(String release) {
        try {
            KernelOffer offer = caches.getFirst().trial().run();
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.good("mount", "a trial mount answered, made by " + (root ? "root" : "fusermount3")));
            findings.add(Finding.good("protocol", "FUSE " + offer.protocol()));
            findings.add(caches.getFirst().passthrough(offer.passthrough()));
            for (CacheFolder other : caches.subList(1, caches.size())) {
                findings.add(other.passthrough(other.trial().run().passthrough()));
            }
            return findings;
        } catch (ForebayException refused) {
            return List.of(
                    notMounted(refused),
                    Finding.good("protocol", "FUSE " + usualProtocol(release) + ", guessed from the kernel's version"));
        }
    }

    private Finding notMounted(ForebayException refused) {
        if (refused instanceof ForebayException.Unsupported && fuse.hasLibrary()) {
            return Finding.less(
                    "mount",
                    "only through the door jnr-fuse: " + refused.getMessage(),
                    "large requests and passthrough",
                    "a newer kernel");
        }
        return Finding.bars("mount", refused.getMessage());
    }

    private static String usualProtocol(String release) {
        Matcher numbers = RELEASE.matcher(release);
        return numbers.matches()
                ? KernelOffer.usualProtocol(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : "of an unknown version";
    }

    private static Finding requestSize(long pages) {
        String here = "at most " + Math.min(pages, PAGES_OF_A_REQUEST) * 4 + " KiB";
        return pages >= PAGES_OF_A_REQUEST
                ? Finding.good("requests", here)
                : Finding.less(
                        "requests",
                        here,
                        "reads and writes in fewer, larger steps",
                        "sysctl fs.fuse.max_pages_limit=256");
    }

    private static Finding ioUring(String enabled) {
        return Finding.good("io_uring", (enabled.equals("Y") ? "on" : "off") + "; Forebay does not use it yet");
    }

    private Finding program() {
        Optional<Path> program = fuse.program("fusermount3").or(() -> fuse.program("fusermount"));
        if (program.isPresent()) {
            return Finding.good("fusermount3", program.get().toString());
        }
        return root
                ? Finding.less("fusermount3", "missing", "mounts of users other than root", INSTALL_FUSERMOUNT)
                : new Finding(
                        "fusermount3",
                        Finding.State.BARS,
                        "missing, and only root can mount without it",
                        Optional.of(new Finding.Remedy("any mount by this user", INSTALL_FUSERMOUNT)));
    }

    private static final String INSTALL_FUSERMOUNT = "apt-get install fuse3, or dnf install fuse3";

    private Finding library() {
        return fuse.hasLibrary()
                ? Finding.good("libfuse 2", "installed")
                : Finding.less(
                        "libfuse 2",
                        "missing",
                        "--door=jnr-fuse, which kernels before 5.4 need",
                        "apt-get install libfuse2 (or libfuse2t64), or dnf install fuse-libs");
    }

    private Finding sharing() {
        return root || fuse.sharingAllowed()
                ? Finding.good("allow_other", "allowed")
                : Finding.less(
                        "allow_other",
                        "not for this user",
                        "mounts that other users can see",
                        "the line user_allow_other in /etc/fuse.conf");
    }

    /** The hard limit, to which a Java machine raises its own. */
    private OptionalLong openFiles() {
        return text("proc/self/limits")
                .orElse("")
                .lines()
                .map(OPEN_FILES::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .findFirst();
    }

    private static Finding openFiles(long limit) {
        return limit >= FEW_OPEN_FILES
                ? Finding.good("open files", "at most " + limit)
                : Finding.less(
                        "open files",
                        "at most " + limit,
                        "more files open in the mount at once",
                        "raise ulimit -Hn, or LimitNOFILE= in a systemd unit");
    }

    /** What one of the kernel's small files says; nothing where it is not there. */
    private Optional<String> text(String file) {
        // In one piece: the kernel's numbers have no second byte for whoever reads the first one alone.
        try (InputStream in = Files.newInputStream(machine.resolve(file))) {
            return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
