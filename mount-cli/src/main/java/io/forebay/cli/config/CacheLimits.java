package io.forebay.cli.config;

import io.forebay.base.ByteSize;
import java.time.Duration;
import java.util.Optional;

/**
 * When the cache gives up content that nobody has open.
 *
 * @param size the most that it holds; empty for what the cache finds fit
 * @param highMark at how many hundredths of that eviction begins
 * @param lowMark and at how many it ends
 * @param minFree what stays free of each disk; empty for what the cache finds fit
 * @param timeToLive what was not used for so long goes; empty for never
 */
public record CacheLimits(
        Optional<ByteSize> size,
        int highMark,
        int lowMark,
        Optional<ByteSize> minFree,
        Optional<Duration> timeToLive) {}
