package io.forebay.cache;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Etag;
import java.util.List;
import java.util.Optional;

/**
 * What is to become of content that is on local disk only.
 *
 * @param store the store that it is for, as {@link io.forebay.blob.BlobStore#displayName} has it
 * @param name of the blob that it is to be
 * @param replaces the version that it takes the place of; empty if there must be no blob of that name
 * @param headers what is to travel with it
 * @param sinceMillis since when it waits, in milliseconds since 1970
 * @param state whether it waits for its turn, or for a person
 * @param sent what else the blob may be by now that is of our doing, since requests are under way or their answers were lost
 */
public record PendingFile(
        String store,
        String name,
        Optional<Etag> replaces,
        BlobHeaders headers,
        long sinceMillis,
        State state,
        List<SentVersion> sent) {
    public PendingFile {
        sent = List.copyOf(sent);
    }

    /** One of which nothing was sent. */
    public PendingFile(
            String store, String name, Optional<Etag> replaces, BlobHeaders headers, long sinceMillis, State state) {
        this(store, name, replaces, headers, sinceMillis, state, List.of());
    }

    /** What it waits for. */
    public enum State {
        /** To be uploaded. */
        WAITING,
        /** Somebody else has changed the blob: a person decides which of the two is to stay. */
        CONFLICT
    }

    /** It is to be that blob now, and to take the place of that version. */
    public PendingFile movedTo(String otherName, Optional<Etag> otherReplaces) {
        return new PendingFile(store, otherName, otherReplaces, headers, sinceMillis, state, sent);
    }
}
