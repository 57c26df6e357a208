package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a person decides about files that somebody else has changed in the store while they were changed here. */
final class Conflicts {
    private final Tree tree;
    private final FileContents contents;
    private final WriteBack writeBack;

    Conflicts(Tree tree, FileContents contents, WriteBack writeBack) {
        this.tree = tree;
        this.contents = contents;
        this.writeBack = writeBack;
    }

    UploadSteering.Conflict describe(Inode inode) throws ForebayException {
        Attributes here = inode.attributes();
        Etag replaced = inode.etag();
        UploadSteering.Version ours = new UploadSteering.Version(
                here.sizeBytes(), instantOf(here.modifyNanos()), replaced == null ? "" : replaced.value());
        BlobProperties there = inStore(inode);
        return new UploadSteering.Conflict(
                inode.blobName(),
                ours,
                Optional.ofNullable(there)
                        .map(blob -> new UploadSteering.Version(
                                blob.lengthBytes(),
                                instantOf(PosixAttributes.of(blob, tree.settings())
                                        .modifyNanos()),
                                blob.etag().value())));
    }

    private static Instant instantOf(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
    }

    /** Null if the store has no blob of that name. */
    private @Nullable BlobProperties inStore(Inode inode) throws ForebayException {
        try {
            return tree.store().head(inode.blobName(), tree.deadline());
        } catch (ForebayException.NotFound _) {
            return null;
        }
    }

    /** Uploads what is here over what is in the store now. */
    void retry(Inode inode, SteeringProgress progress) throws ForebayException {
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            requireName(inode, claim);
            BlobProperties there = inStore(inode);
            inode.endDoubt();
            inode.replaces(there == null ? null : there.etag());
            if (there == null) {
                tree.uncommitted().add(inode);
            }
            contents.keeping().keepAgain(inode);
        }
        writeBack.retry(inode, progress);
    }

    /** Gives up what is here: the name leads to what is in the store. */
    void discard(Inode inode) throws ForebayException {
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            Inode.Place place = requireName(inode, claim);
            if (inStore(inode) == null) {
                throw new ForebayException.NotFound(
                        "the store has no version of it any more; retry, or remove the file to give it up");
            }
            place.parent().markIncomplete(); // first, or its name would be taken for one that is not there
            if (!contents.discard(inode)) {
                throw new ForebayException.Unavailable("somebody has it open");
            }
            writeBack.forget(inode);
            tree.uncommitted().remove(inode);
            tree.names().forget(place.parent(), place.name());
            tree.inodes().unlink(inode);
            tree.inodes().unpin(inode, 1); // the one that its changes held
            tree.changes().nameChanged(place.parent().id(), place.name());
        }
    }

    private static Inode.Place requireName(Inode inode, PathClaims.@Nullable Claim claim)
            throws ForebayException.NotFound {
        Inode.Place place = inode.place();
        if (claim == null || place == null) {
            throw new ForebayException.NotFound("it was removed meanwhile");
        }
        return place;
    }
}
