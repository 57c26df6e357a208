package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final ReadAhead readAhead = new ReadAhead(CacheSettings.DEFAULTS);

    @Test
    void theWindowDoublesWithSequentialReadingUpToItsLimit() {
        assertThat(readAhead.note(0, 128 * KIB).demandBytes()).isEqualTo(256 * KIB);
        assertThat(readAhead.note(128 * KIB, 128 * KIB).demandBytes()).isEqualTo(256 * KIB);
        assertThat(readAhead.note(256 * KIB, 256 * KIB).demandBytes()).isEqualTo(512 * KIB);
        assertThat(readAhead.note(512 * KIB, 512 * KIB).demandBytes()).isEqualTo(MIB);
        for (int at = 1; at < 20; at++) {
            readAhead.note((long) at * MIB, MIB);
        }
        assertThat(readAhead.note(20L * MIB, MIB)).isEqualTo(new ReadAhead.Window(8 * MIB, 8 * MIB, 21L * MIB));
    }

    @Test
    void randomReadsHaveNoWindow() {
        for (long offset : new long[] {900, 100, 500, 300, 700}) {
            ReadAhead.Window window = readAhead.note(offset * MIB, 4 * KIB);
            assertThat(window.demandBytes()).isZero();
            assertThat(window.aheadBytes()).isZero();
        }
    }

    @Test
    void twoReadersInOneFileAreTwoStreams() {
        for (int step = 0; step < 16; step++) {
            readAhead.note((long) step * MIB, MIB);
            readAhead.note((500L + step) * MIB, MIB);
        }
        assertThat(readAhead.note(16L * MIB, MIB).aheadBytes()).isEqualTo(8 * MIB);
        assertThat(readAhead.note(516L * MIB, MIB).aheadBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void requestsThatOvertakeOneAnotherAreStillOneStream() {
        readAhead.note(0, 128 * KIB);
        readAhead.note(256 * KIB, 128 * KIB);
        assertThat(readAhead.note(128 * KIB, 128 * KIB).aheadBytes()).isPositive();
    }
}
