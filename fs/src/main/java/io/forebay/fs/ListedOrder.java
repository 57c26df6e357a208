package io.forebay.fs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * What the order of a listing says of a name, so that nobody has to remember all names that came before: a store lists
 * names in ascending order of their UTF-8 bytes, a folder "a" as "a/".
 */
final class ListedOrder {
    /** Blobs whose names the latest begins with, the longest last: each may still turn up as a folder, too. */
    private final Deque<String> blobsOnTheWay = new ArrayDeque<>();

    private String latest = "";
    private boolean skipping;

    /** A new listing begins. */
    void restart() {
        blobsOnTheWay.clear();
        latest = "";
        skipping = false;
    }

    /** The listing begins again under another prefix: what came before comes once more. */
    void skipWhatWasSeen() {
        skipping = true;
    }

    /**
     * Takes note of the next name.
     *
     * @return false if it came before: under the former prefix, or as a blob, which hides the folder of that name
     */
    boolean isNew(String name, boolean isFolder) {
        String key = isFolder ? name + "/" : name;
        if (skipping && compare(key, latest) <= 0) {
            return false;
        }
        skipping = false;
        latest = key;
        while (!blobsOnTheWay.isEmpty() && !key.startsWith(blobsOnTheWay.getLast())) {
            blobsOnTheWay.removeLast();
        }
        if (isFolder) {
            return !blobsOnTheWay.contains(name);
        }
        blobsOnTheWay.addLast(name);
        return true;
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
