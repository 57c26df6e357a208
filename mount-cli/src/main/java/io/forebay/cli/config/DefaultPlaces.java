package io.forebay.cli.config;

import java.nio.file.Path;

/**
 * Where files go when nobody says where.
 *
 * @param caches holds one cache folder for each mount point
 * @param logs holds one log file for each mount point
 */
public record DefaultPlaces(Path caches, Path logs) {
    Path cacheOf(Path mountPoint) {
        return caches.resolve(fileName(mountPoint));
    }

    Path logOf(Path mountPoint) {
        return logs.resolve(fileName(mountPoint) + ".log");
    }

    /**
     * A mount point as one file name that people recognise: {@code /mnt/a_b} becomes {@code mnt_a__b}. A path that is too
     * long for that keeps its end, and a hash keeps it apart from others with that end.
     */
    public static String fileName(Path mountPoint) {
        String name = mountPoint.toString().substring(1).replace("_", "__").replace('/', '_');
        int mostCharacters = 100;
        return name.length() <= mostCharacters
                ? name
                : Integer.toHexString(name.hashCode()) + "_" + name.substring(name.length() - mostCharacters);
    }
}
