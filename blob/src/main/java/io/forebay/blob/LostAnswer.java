package io.forebay.blob;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.Changed;
import io.forebay.base.error.ForebayException.NotFound;
import io.forebay.base.error.ForebayException.Unavailable;
import io.forebay.base.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds out whether it was us: a conditional change got no answer, was repeated, and then failed on its precondition.
 *
 * @param store where to look
 * @param name the blob
 * @param changed what the repeated attempt said
 * @param deadline by when to know
 */
record LostAnswer(BlobStore store, String name, Changed changed, Deadline deadline) {
    /** What is said when nothing there can tell. */
    static Unavailable open(Changed changed) {
        return new Unavailable(
                changed.getMessage()
                        + "; the answer to an earlier attempt was lost, so it may have been this very call",
                changed);
    }

    /** The outcome of a put, by comparing headers and bytes. */
    BlobProperties ofPut(BlobBody body, BlobHeaders headers, Precondition precondition) throws ForebayException {
        BlobProperties there = sameHeaders(headers);
        if (there.lengthBytes() != body.lengthBytes()) {
            throw changed;
        }
        if (body.lengthBytes() > 0) {
            return sameBytes(there, body);
        }
        return settledWithoutContent(there, precondition);
    }

    /** The outcome of a commit, by comparing headers and the ids of the blocks. */
    BlobProperties ofCommit(List<BlockId> blocks, BlobHeaders headers, Precondition precondition)
            throws ForebayException {
        BlobProperties there = sameHeaders(headers);
        List<BlockId> found = settled(() -> store.committedBlocks(name, deadline)).stream()
                .map(Block::id)
                .toList();
        // The list and the properties were asked for one after the other; they must be of one version.
        if (!found.equals(blocks) || !sameHeaders(headers).etag().equals(there.etag())) {
            throw changed;
        }
        return blocks.isEmpty() ? settledWithoutContent(there, precondition) : there;
    }

    private static boolean mustBeFirst(Precondition precondition) {
        return precondition instanceof Precondition.IfAbsent;
    }

    private BlobProperties settledWithoutContent(BlobProperties there, Precondition precondition) throws Unavailable {
        if (mustBeFirst(precondition)) {
            throw open(changed);
        }
        return there;
    }

    private BlobProperties sameHeaders(BlobHeaders headers) throws ForebayException {
        BlobProperties there = settled(() -> store.head(name, deadline));
        if (!there.headers().describeSame(headers)) {
            throw changed;
        }
        return there;
    }

    private BlobProperties sameBytes(BlobProperties there, BlobBody body) throws ForebayException {
        ByteRange all = new ByteRange(0, there.lengthBytes());
        try (InputStream own = body.open()) {
            settled(() ->
                    store.read(name, all, Precondition.ifMatch(there.etag()), piece -> compare(own, piece), deadline));
        } catch (ForebayException known) {
            throw known;
        } catch (IOException unreadable) {
            throw new Unavailable(
                    open(changed).getMessage() + ", and its bytes cannot be compared: " + unreadable.getMessage(),
                    unreadable);
        }
        return there;
    }

    private void compare(InputStream own, ByteBuffer piece) throws IOException {
        byte[] expected = own.readNBytes(piece.remaining());
        if (!ByteBuffer.wrap(expected).equals(piece)) {
            throw changed;
        }
        piece.position(piece.limit());
    }

    /** Looks, and takes a blob that is gone or changed meanwhile for what the repeated attempt said. */
    private <T> T settled(Attempts.Attempt<T> look) throws ForebayException {
        try {
            return look.run();
        } catch (NotFound | Changed notOurs) {
            throw changed;
        }
    }
}
