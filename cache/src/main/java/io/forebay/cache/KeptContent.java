package io.forebay.cache;

/**
 * Content that an earlier process left on local disk and that is not in the store yet.
 *
 * @param file what is to become of it
 * @param content whole and dirty; the caller closes it
 * @param durable whether bytes and note are known to be on stable storage
 */
public record KeptContent(PendingFile file, CachedContent content, boolean durable) {}
