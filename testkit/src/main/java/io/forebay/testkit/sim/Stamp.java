package io.forebay.testkit.sim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What makes a version of a blob that version.
 *
 * @param etag quoted; no two stamps of a process have the same
 * @param instant to the second
 */
record Stamp(String etag, Instant instant) {
    /** Gives stamps that all differ. */
    static final class Source {
        private final AtomicLong count = new AtomicLong(System.nanoTime() & 0xffff_ffff_ffffL);

        Stamp next() {
            String etag = String.format(Locale.ROOT, "\"0x8D%013X\"", count.incrementAndGet());
            return new Stamp(etag, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
    }
}
