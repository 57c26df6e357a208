package io.forebay.fs.kernel;

import io.forebay.base.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
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
    private final EarlyInterrupts early = new EarlyInterrupts();
    private final CallerWatch callers;
    private final Clock clock;

    Interruptions(CallerWatch callers, Clock clock) {
        this.callers = callers;
        this.clock = clock;
    }

    /** @param channel the only one that takes the answer to this request */
    private record UnderWay(Header header, Request request, Exchange exchange, ReplyChannel channel) {}

    /** Takes note of a request that may wait, and was read from {@code channel}. */
    void begin(Request request, Exchange exchange, ReplyChannel channel) {
        UnderWay begun = new UnderWay(exchange.header(), request, exchange, channel);
        underWay.put(begun.header().unique(), begun);
        if (early.remove(begun.header().unique())) {
            letGo(begun);
        }
    }

    /** The request has its answer. */
    void end(long unique) {
        underWay.remove(unique);
    }

    /** A gauge: requests that are waiting now. */
    int waiting() {
        return underWay.size();
    }

    /** Serves an INTERRUPT of the request {@code target}, which another thread may have read and not begun yet. */
    void interrupt(long target) {
        early.add(target);
        @Nullable UnderWay interrupted = underWay.get(target);
        if (interrupted != null && early.remove(target)) {
            letGo(interrupted);
        }
    }

    private void letGo(UnderWay interrupted) {
        if (changesNothing(interrupted.request())) {
            Thread.startVirtualThread(() -> watch(interrupted));
        }
    }

    private void watch(UnderWay interrupted) {
        long unique = interrupted.header().unique();
        try {
            while (underWay.containsKey(unique)) {
                if (callers.isDying(interrupted.header().pid())) {
                    interrupted.exchange().abandon(unique, interrupted.channel());
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
                    Request.Getxattr _,
                    Request.Listxattr _,
                    Request.Readlink _,
                    Request.Read _,
                    Request.Lseek _,
                    Request.Opendir _,
                    Request.Readdir _,
                    Request.Statfs _ -> true;
            case Request.Open open -> !open.mode().truncate();
            default -> false;
        };
    }

    /**
     * INTERRUPTs that nobody has taken up. Those of requests that were answered meanwhile stay, until newer ones push
     * them out; a unique is not used twice, so they do no harm.
     */
    private static final class EarlyInterrupts {
        private static final int LIMIT = 1024;

        private final LinkedHashSet<Long> targets = new LinkedHashSet<>();

        synchronized void add(long target) {
            if (targets.add(target) && targets.size() > LIMIT) {
                targets.removeFirst();
            }
        }

        synchronized boolean remove(long target) {
            return targets.remove(target);
        }
    }
}
