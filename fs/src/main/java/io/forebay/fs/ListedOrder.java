package io.forebay.fs;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the order of a listing says of a name, so that nobody has to remember all names that came before: names come in
 * ascending order of their UTF-8 bytes, a folder "a" as "a/".
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
     * @return false if it came before: under the former prefix, at the end of the page before, or as a blob, which hides
     *     the folder of that name
     */
    boolean isNew(String name, boolean isFolder) {
        String key = key(name, isFolder);
        if (key.equals(latest) || (skipping && compare(key, latest) <= 0)) {
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

    /** By which names are ordered. */
    static String key(String name, boolean isFolder) {
        return isFolder ? name + "/" : name;
    }

    /** The order of UTF-8 bytes, which is that of code points: surrogates stand for those above all other chars. */
    static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left != right) {
                boolean leftIsHigher = Character.isSurrogate(left);
                if (leftIsHigher != Character.isSurrogate(right)) {
                    return leftIsHigher ? 1 : -1;
                }
                return left - right;
            }
        }
        return one.length() - other.length();
    }
}
