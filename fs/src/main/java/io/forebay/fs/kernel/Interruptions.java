package io.forebay.fs.kernel;

import io.forebay.base.time.Clock;
import io.forebay.fs.Errno;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers go that are being killed while they wait for the store.
 *
 * <p>The kernel sends INTERRUPT once, at the first signal that reaches a waiting thread, whatever signal it is. Programs
 * do not expect a file on disk to answer EINTR because a timer ticked or a child ended, so a caller is let go only when
 * it is dying; after an INTERRUPT it is watched until then, or until it has its answer.
 *
 * <p>Only requests that change nothing are let go: what was asked for otherwise happens or not, but not later, behind
 * the back of whoever comes next. The thread that works on the request is not interrupted: that would close the file
 * channels that it shares with others. It goes on to its deadline, and undoes what nobody learns of.
 */
final class Interruptions {
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(100);

    private final ConcurrentMap<Long, UnderWay> underWay = new ConcurrentHashMap<>();
    private final CallerWatch callers;
    private final Clock clock;

    Interruptions(CallerWatch callers, Clock clock) {
        this.callers = callers;
        this.clock = clock;
    }

    private record UnderWay(Header header, Request request, Exchange exchange) {}

    /** Takes note of a request that may wait. */
    void begin(Request request, Exchange exchange) {
        Header header = exchange.header();
        underWay.put(header.unique(), new UnderWay(header, request, exchange));
    }

    /** The request has its answer. */
    void end(long unique) {
        underWay.remove(unique);
    }

    /** A gauge: requests that are waiting now. */
    int waiting() {
        return underWay.size();
    }

    /**
     * Serves an INTERRUPT.
     *
     * @param unique of the INTERRUPT itself
     * @param target of the request that it is about
     */
    void interrupt(long unique, long target, ReplyChannel channel) {
        @Nullable UnderWay interrupted = underWay.get(target);
        if (interrupted == null) {
            // Answered already, or another thread has read it and not begun: the kernel knows, and asks again if so.
            Messages.sendError(channel, unique, Errno.EAGAIN);
        } else if (changesNothing(interrupted.request())) {
            Thread.startVirtualThread(() -> watch(interrupted, channel));
        }
    }

    private void watch(UnderWay interrupted, ReplyChannel channel) {
        long unique = interrupted.header().unique();
        try {
            while (underWay.containsKey(unique)) {
                if (callers.isDying(interrupted.header().pid())) {
                    interrupted.exchange().abandon(unique, channel);
                    return;
                }
                clock.sleep(WATCH_INTERVAL);
            }
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean changesNothing(Request request) {
        return switch (request) {
            case Request.Lookup _,
                    Request.Getattr _,
                    Request.Readlink _,
                    Request.Read _,
                    Request.Opendir _,
                    Request.Readdir _,
                    Request.Statfs _ -> true;
            case Request.Open open -> !open.mode().truncate();
            default -> false;
        };
    }
}
