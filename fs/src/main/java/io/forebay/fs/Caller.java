package io.forebay.fs;

/**
 * On whose behalf a request is made; new inodes belong to them.
 *
 * @param uid user
 * @param gid group
 */
public record Caller(int uid, int gid) {}
