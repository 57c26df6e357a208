package io.forebay.blob;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param entries blobs and prefixes, each kind in ascending order of names
 * @param continuation hand it to the next call; null on the last page
 */
public record ListPage(List<ListEntry> entries, @Nullable String continuation) {
    public ListPage {
        entries = List.copyOf(entries);
    }
}
