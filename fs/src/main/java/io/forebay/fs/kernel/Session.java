package io.forebay.fs.kernel;

import io.forebay.base.time.Clock;
import io.forebay.fs.Errno;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with the kernel between INIT and the end of the mount. Each reader thread reads requests from its own
 * queue and answers at once what waits for nothing; what may wait gets a virtual thread, and the memory it arrived in.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final RequestService service;
    private final Interruptions interruptions;
    private final Admission admission;
    private final ExchangePool pool;
    private final Clock clock;
    private final boolean trace;
    private final AtomicReference<ReadOutcome> ending = new AtomicReference<>(ReadOutcome.ENDED);

    Session(
            RequestService service,
            Interruptions interruptions,
            Admission admission,
            ExchangePool pool,
            Clock clock,
            boolean trace) {
        this.service = service;
        this.interruptions = interruptions;
        this.admission = admission;
        this.pool = pool;
        this.clock = clock;
        this.trace = trace;
    }

    /**
     * Starts one reader thread for each element.
     *
     * @param devices queues of one mount; one of them may occur more than once
     * @return reaches zero when all readers have ended
     */
    CountDownLatch start(List<FuseDevice> devices) {
        CountDownLatch running = new CountDownLatch(devices.size());
        int number = 0;
        for (FuseDevice device : devices) {
            // Daemon threads: a process that is asked to exit does not stay for a mount that others keep busy.
            Thread.ofPlatform()
                    .name("forebay-kernel-" + number++)
                    .daemon()
                    .start(() -> readUntilTheEnd(device, running));
        }
        return running;
    }

    /** Why the readers ended. */
    ReadOutcome ending() {
        return ending.get();
    }

    private void readUntilTheEnd(FuseDevice device, CountDownLatch running) {
        Exchange exchange = pool.take();
        try {
            while (true) {
                long length = device.read(exchange.requestRoom(), exchange.state());
                if (length >= 0) {
                    exchange = serve(device, exchange, length);
                    continue;
                }
                ReadOutcome outcome = ReadOutcome.of(length);
                if (outcome != ReadOutcome.AGAIN) {
                    end(outcome, -length);
                    return;
                }
            }
        } finally {
            pool.giveBack(exchange);
            running.countDown();
        }
    }

    private void end(ReadOutcome outcome, long errno) {
        if (outcome == ReadOutcome.BROKEN) {
            LOG.error("the kernel ended the conversation errno={}", errno);
            ending.set(outcome);
        }
    }

    /** Serves what is in {@code exchange}, and returns one for the next request. */
    private Exchange serve(ReplyChannel channel, Exchange exchange, long length) {
        @Nullable Request request = exchange.begin(length, channel);
        switch (request) {
            case null -> LOG.warn("request without a header dropped length={}", length);
            case Request.Interrupt interrupt -> {
                interruptions.interrupt(interrupt.target());
                trace(request, exchange, clock.nanoTime());
            }
            default -> {
                if (!admission.admits(exchange.header())) {
                    exchange.refuse(Errno.EACCES);
                    trace(request, exchange, clock.nanoTime());
                } else if (service.isLocal(request)) {
                    serve(request, exchange, clock.nanoTime());
                } else {
                    serveWaiting(request, exchange, channel);
                    return pool.take();
                }
            }
        }
        return exchange;
    }

    private void serveWaiting(Request request, Exchange exchange, ReplyChannel channel) {
        long unique = exchange.header().unique();
        long readAt = clock.nanoTime();
        interruptions.begin(request, exchange, channel);
        Thread.startVirtualThread(() -> {
            try {
                serve(request, exchange, readAt);
            } finally {
                interruptions.end(unique);
                pool.giveBack(exchange);
            }
        });
    }

    private void serve(Request request, Exchange exchange, long readAt) {
        service.serve(request, exchange);
        trace(request, exchange, readAt);
    }

    private void trace(Request request, Exchange exchange, long readAt) {
        if (trace) {
            RequestPrinter.print(request, exchange, clock.nanoTime() - readAt);
        }
    }
}
