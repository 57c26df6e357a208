package io.forebay.testkit.sim;

/**
 * How a {@link Simulator} is started.
 *
 * @param limits from the beginning
 * @param keepsBytes whether what is written is kept, or only how much it was
 * @param encrypted whether it speaks https, with a certificate made for it that nobody else trusts
 * @param heapMebibytes the most that its process may keep, of what is written above all
 * @param seed of jitter and of faults with a probability
 */
public record SimulatorOptions(Limits limits, boolean keepsBytes, boolean encrypted, int heapMebibytes, long seed) {
    /** No limits, http, and room for what a test writes. */
    public static final SimulatorOptions DEFAULT = new SimulatorOptions(Limits.NONE, true, false, 512, 1);

    public SimulatorOptions limited(Limits other) {
        return new SimulatorOptions(other, keepsBytes, encrypted, heapMebibytes, seed);
    }

    /** Keeps only how much was written: for writing more than memory holds. */
    public SimulatorOptions discarding() {
        return new SimulatorOptions(limits, false, encrypted, heapMebibytes, seed);
    }

    public SimulatorOptions withEncryption() {
        return new SimulatorOptions(limits, keepsBytes, true, heapMebibytes, seed);
    }

    public SimulatorOptions withHeapMebibytes(int other) {
        return new SimulatorOptions(limits, keepsBytes, encrypted, other, seed);
    }

    public SimulatorOptions withSeed(long other) {
        return new SimulatorOptions(limits, keepsBytes, encrypted, heapMebibytes, other);
    }
}
