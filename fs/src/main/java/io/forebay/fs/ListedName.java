package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a listing of a directory said of one of its names.
 *
 * @param blob null for a prefix: a directory, with or without a marker
 */
record ListedName(String name, @Nullable BlobProperties blob) {
    /**
     * The names on a page that can be entries of {@code directory}, in the page's order: blob names can have segments that no
     * entry can.
     *
     * @param prefix that was listed, with the delimiter
     */
    static List<ListedName> on(ListPage page, Inode directory, String prefix) {
        List<ListedName> names = new ArrayList<>();
        for (ListEntry entry : page.entries()) {
            String name = entry.name().substring(prefix.length());
            ListedName listed =
                    switch (entry) {
                        case ListEntry.Blob(var blob) -> new ListedName(name, blob);
                        case ListEntry.Prefix _ -> new ListedName(name.substring(0, name.length() - 1), null);
                    };
            if (listed.canBeEntryOf(directory)) {
                names.add(listed);
            }
        }
        return names;
    }

    private boolean canBeEntryOf(Inode directory) {
        try {
            Tree.blobName(directory, name);
            return true;
        } catch (ForebayException unusable) {
            return false;
        }
    }

    FileKind kind() {
        return blob == null ? FileKind.DIRECTORY : PosixAttributes.kindOf(blob);
    }

    String key() {
        return ListedOrder.key(name, blob == null);
    }
}
