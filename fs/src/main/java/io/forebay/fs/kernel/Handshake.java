package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Errno;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first exchange with the kernel, before which it sends nothing else. */
final class Handshake {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private final KernelSettings settings;
    private final boolean privileged;
    private final int pageBytes;

    /** @param privileged whether we may register backing files */
    Handshake(KernelSettings settings, boolean privileged, int pageBytes) {
        this.settings = settings;
        this.privileged = privileged;
        this.pageBytes = pageBytes;
    }

    /** Waits for INIT and answers it. */
    Negotiation shake(FuseDevice device, Exchange exchange) throws ForebayException {
        while (true) {
            long length = device.read(exchange.requestRoom(), exchange.state());
            if (length < 0) {
                if (ReadOutcome.of(length) == ReadOutcome.AGAIN) {
                    continue;
                }
                throw SystemCallFailure.of("the kernel ended the mount before it began", (int) -length);
            }
            @Nullable Negotiation agreed = answer(exchange, exchange.begin(length, device));
            if (agreed != null) {
                LOG.debug(
                        "agreed with the kernel protocol={}.{} flags=0x{}",
                        Negotiation.MAJOR,
                        agreed.minor(),
                        Long.toHexString(agreed.flags()));
                return agreed;
            }
        }
    }

    private @Nullable Negotiation answer(Exchange exchange, @Nullable Request request) throws ForebayException {
        if (!(request instanceof Request.Init offer)) {
            exchange.refuse(Errno.EIO);
            return null;
        }
        if (offer.major() > Negotiation.MAJOR) {
            // The kernel comes back with a major version that both know.
            MemorySegment body = exchange.emptyBody(Wire.InitOut.SIZE);
            body.set(JAVA_INT, Wire.InitOut.MAJOR, Negotiation.MAJOR);
            exchange.answer(Wire.InitOut.SIZE);
            return null;
        }
        Negotiation agreed;
        try {
            agreed = Negotiation.of(offer, settings, privileged, pageBytes);
        } catch (ForebayException tooOld) {
            exchange.refuse(Errno.EINVAL);
            throw tooOld;
        }
        if (settings.trace()) {
            RequestPrinter.printInit(exchange.header(), offer, agreed);
        }
        agreed.encode(exchange.emptyBody(Wire.InitOut.SIZE));
        if (!exchange.answer(Wire.InitOut.SIZE)) {
            throw new ForebayException.Unsupported("the kernel did not take our answer to INIT");
        }
        return agreed;
    }
}
