package io.forebay.fs;

import java.time.Duration;
import java.util.Map;

/**
 * What is promised to whom who writes, and how what is not in the store yet gets there.
 *
 * @param durability of every file but those below
 * @param byPrefix the durability of files whose path in the container begins so; of several the longest counts
 * @param delay how long a file that was closed waits for a rename, a removal or more, before it is uploaded
 * @param openInterval how often a file is uploaded that stays open for writing and is synced
 * @param uploads how many files are uploaded at once
 * @param firstRetry after a failure; each further one waits twice as long
 * @param lastRetry the longest wait after a failure; there is no last try
 */
public record WriteBackSettings(
        Durability durability,
        Map<String, Durability> byPrefix,
        Duration delay,
        Duration openInterval,
        int uploads,
        Duration firstRetry,
        Duration lastRetry) {
    /** 64 small files at 20 ms each are 3,200 a second, and fewer than the connections of a store (128). */
    public static final WriteBackSettings DEFAULTS = new WriteBackSettings(
            Durability.BLOB,
            Map.of(),
            Duration.ofMillis(250),
            Duration.ofSeconds(30),
            64,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));

    public WriteBackSettings {
        byPrefix = Map.copyOf(byPrefix);
        if (uploads < 1) {
            throw new IllegalArgumentException("at least one file must be uploaded at a time");
        }
        if (delay.isNegative() || !openInterval.isPositive() || !firstRetry.isPositive() || !lastRetry.isPositive()) {
            throw new IllegalArgumentException("times of write-back must not be negative");
        }
    }

    /** These with others promises. */
    public WriteBackSettings with(Durability usual, Map<String, Durability> exceptions) {
        return new WriteBackSettings(usual, exceptions, delay, openInterval, uploads, firstRetry, lastRetry);
    }

    /** The durability of the file that is or will be blob {@code name}. */
    Durability of(String name) {
        Durability found = durability;
        int length = -1;
        for (Map.Entry<String, Durability> exception : byPrefix.entrySet()) {
            if (name.startsWith(exception.getKey()) && exception.getKey().length() > length) {
                found = exception.getValue();
                length = exception.getKey().length();
            }
        }
        return found;
    }
}
