package io.forebay.fs;

/**
 * What {@code statfs} shows.
 *
 * @param totalBytes capacity
 * @param freeBytes what is left of it
 * @param maxNameBytes longest name of a directory entry
 */
public record SpaceStatistics(long totalBytes, long freeBytes, int maxNameBytes) {}
