package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.DoorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel of this machine offers to the kernel door, found out by a trial mount.
 *
 * <p>The trial mount is taken out of the tree right after it was made, before the kernel is spoken to: it is held by a
 * descriptor alone, so it ends with this process at the latest, however that ends.
 *
 * @param minor of protocol 7
 * @param flags what the kernel can do, both words, the second in the upper half
 * @param passthrough whether it would read and write files of the cache itself
 * @param ownQueues whether each reader thread can have a queue of its own
 */
public record KernelOffer(int minor, long flags, Passthrough passthrough, boolean ownQueues) {
    private static final int EPERM = 1;
    private static final int ELOOP = 40;
    private static final long OVER_IO_URING = 1L << 41;

    /** Whether the kernel reads and writes local files itself. */
    public enum Passthrough {
        /** A trial file was taken. */
        WORKS,
        /** Linux has it since 6.9. */
        NOT_OFFERED,
        /** It is for root. */
        NOT_PERMITTED,
        /** The folder is on a file system that is itself stacked upon another, such as overlayfs. */
        STACKED,
        /** The kernel does not say why. */
        REFUSED
    }

    /**
     * Makes a trial mount. It may wait for {@code fusermount3}, for some seconds where that hangs.
     *
     * @param mountPoint an empty folder of ours
     * @param backingFile a file where content would be cached
     * @throws ForebayException if this machine does not let us mount, or its kernel is too old
     */
    public static KernelOffer probe(Path mountPoint, Path backingFile) throws ForebayException {
        FuseDevice device = Attachment.attach(new MountRequest(mountPoint, TRIAL, KernelSettings.MAX_TRANSFER_BYTES));
        int root = Posix.open(mountPoint.toString(), Posix.O_PATH | Posix.O_CLOEXEC);
        try {
            Attachment.detach(mountPoint);
            return ask(device, backingFile);
        } finally {
            device.close();
            if (root >= 0) {
                Posix.close(root);
            }
        }
    }

    private static final DoorSettings TRIAL = new DoorSettings(
            "forebay-doctor", true, false, false, true, false, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static KernelOffer ask(FuseDevice device, Path backingFile) throws ForebayException {
        try (ExchangePool pool = new ExchangePool(1, KernelSettings.MAX_TRANSFER_BYTES)) {
            Exchange exchange = pool.take();
            try {
                Request.Init offer = offer(device, exchange);
                accept(offer, exchange);
                boolean offered = InitFlag.PASSTHROUGH.in(offer.flags());
                return new KernelOffer(
                        offer.minor(),
                        offer.flags(),
                        offered ? passthrough(device.register(backingFile)) : Passthrough.NOT_OFFERED,
                        ownQueues(device));
            } finally {
                pool.giveBack(exchange);
            }
        }
    }

    private static Request.Init offer(FuseDevice device, Exchange exchange) throws ForebayException {
        while (true) {
            long length = device.read(exchange.requestRoom(), exchange.state());
            if (length >= 0 && exchange.begin(length, device) instanceof Request.Init offer) {
                return offer;
            }
            if (length >= 0 || ReadOutcome.of(length) != ReadOutcome.AGAIN) {
                throw new ForebayException.Unavailable("the kernel did not begin the trial mount");
            }
        }
    }

    /** Takes all that we know of, whoever we are: what we may use of it shows when it is used. */
    private static void accept(Request.Init offer, Exchange exchange) throws ForebayException {
        KernelSettings settings = KernelSettings.defaults(1);
        Negotiation agreed = Negotiation.of(offer, settings, true, MountCalls.pageBytes());
        agreed.encode(exchange.emptyBody(Wire.InitOut.SIZE));
        if (!exchange.answer(Wire.InitOut.SIZE)) {
            throw new ForebayException.Unsupported("the kernel did not take our answer to INIT");
        }
    }

    private static Passthrough passthrough(int idOrNegativeErrno) {
        if (idOrNegativeErrno > 0) {
            return Passthrough.WORKS;
        }
        return switch (-idOrNegativeErrno) {
            case EPERM -> Passthrough.NOT_PERMITTED;
            case ELOOP -> Passthrough.STACKED;
            default -> Passthrough.REFUSED;
        };
    }

    private static boolean ownQueues(FuseDevice device) {
        Optional<FuseDevice> clone = device.cloned();
        clone.ifPresent(FuseDevice::close);
        return clone.isPresent();
    }

    /** The protocol, as it is written. */
    public String protocol() {
        return Negotiation.MAJOR + "." + minor;
    }

    /** Whether requests could travel by io_uring: Linux 6.14, once it is switched on. */
    public boolean overIoUring() {
        return (flags & OVER_IO_URING) != 0;
    }

    /** What a kernel of that release speaks at least, where no trial mount can be made; distributions may add to it. */
    public static String usualProtocol(int major, int minor) {
        int release = major * 1000 + minor;
        if (release >= 6_014) {
            return "7.42";
        }
        if (release >= 6_009) {
            return "7.40";
        }
        if (release >= 5_010) {
            return "7.32";
        }
        return release >= 5_004 ? "7.31" : "older than 7.31";
    }
}
