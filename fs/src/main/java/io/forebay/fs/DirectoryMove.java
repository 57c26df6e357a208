package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Precondition;
import io.forebay.cache.RenameRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs of a directory that gets another name: all are copied, and when every copy is whole the originals are deleted.
 * A record on the cache disk names them before the first is copied, so that a later process can carry on.
 *
 * <p>Only the versions that the record names are touched. What somebody else has changed since it was written stays as he
 * left it, under the old name and under the new one; the log says so.
 */
final class DirectoryMove implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMove.class);

    private static final int PAGE_ENTRIES = 5_000;

    /** A blob as it was, and its copy. */
    record Copied(BlobProperties original, BlobProperties copy) {}

    private final Tree tree;
    private final RenameRecord record;
    /** What is there under the old name and under the new one, by what follows on the name of the directory. */
    private final Map<String, BlobProperties> sources;

    private final Map<String, BlobProperties> targets;
    /** Whether an earlier process began it, or this one, and failed. */
    private final boolean carriedOn;

    private final AtomicBoolean kept = new AtomicBoolean();

    private DirectoryMove(
            Tree tree,
            RenameRecord record,
            Map<String, BlobProperties> sources,
            Map<String, BlobProperties> targets,
            boolean carriedOn) {
        this.tree = tree;
        this.record = record;
        this.sources = sources;
        this.targets = targets;
        this.carriedOn = carriedOn;
    }

    /**
     * Writes down what is to move; nothing has when this returns.
     *
     * @param replaces whether there is an empty directory at {@code to}
     */
    static DirectoryMove begin(Tree tree, String from, String to, boolean replaces) throws ForebayException {
        Map<String, BlobProperties> sources = blobsOf(tree, from);
        List<RenameRecord.Part> parts = sources.entrySet().stream()
                .map(blob -> new RenameRecord.Part(
                        blob.getKey(), blob.getValue().etag(), blob.getKey().isEmpty() && replaces))
                .toList();
        RenameRecord record = tree.cache().beginRename(tree.store().displayName(), from, to, parts);
        return new DirectoryMove(tree, record, sources, Map.of(), false);
    }

    /** What is left to do of a move that was begun before. */
    static DirectoryMove carryOn(Tree tree, RenameRecord record) throws ForebayException {
        return new DirectoryMove(
                tree,
                record,
                blobsOf(tree, record.names().from()),
                blobsOf(tree, record.names().to()),
                true);
    }

    /** All below {@code directory}, and then its marker, unless it has none. */
    private static Map<String, BlobProperties> blobsOf(Tree tree, String directory) throws ForebayException {
        Map<String, BlobProperties> blobs = new LinkedHashMap<>();
        String continuation = null;
        do {
            ListPage page = tree.store().list(directory + "/", null, continuation, PAGE_ENTRIES, tree.deadline());
            for (ListEntry entry : page.entries()) {
                if (entry instanceof ListEntry.Blob(BlobProperties blob)) {
                    blobs.put(blob.name().substring(directory.length()), blob);
                }
            }
            continuation = page.continuation();
        } while (continuation != null);
        try {
            blobs.put("", tree.store().head(directory, tree.deadline()));
        } catch (ForebayException.NotFound _) {
            LOG.debug("a directory has no marker name={}", directory);
        }
        return blobs;
    }

    // ---- copying -----------------------------------------------------------------------------------------------

    /** {@link #copy}, and on failure the copies are removed again. */
    Map<String, Copied> copyOrGiveUp() throws ForebayException {
        try {
            return copy();
        } catch (ForebayException failure) {
            giveUp();
            throw failure;
        }
    }

    /**
     * Copies what is not known to be copied. The marker comes last, so that a marker that stands at the new name is not
     * touched before all the rest is whole.
     *
     * @return what may be deleted now, by the name of the original
     */
    Map<String, Copied> copy() throws ForebayException {
        Map<String, Copied> copies = new ConcurrentHashMap<>();
        InParallel.Step<Integer> step = number -> {
            RenameRecord.Part part = record.parts().get(number);
            BlobProperties original = original(part);
            BlobProperties copy = original == null ? null : copyOf(number, part, original);
            if (original != null && copy != null) {
                copies.put(original.name(), new Copied(original, copy));
            }
        };
        InParallel.forEach(numbers(false), step);
        InParallel.forEach(numbers(true), step);
        if (record.stage() == RenameRecord.Stage.COPYING) {
            record.reach(RenameRecord.Stage.COPIED);
        }
        return copies;
    }

    /** The parts that are markers of the directory itself, at most one, or all others. */
    private List<Integer> numbers(boolean marker) {
        return IntStream.range(0, record.parts().size())
                .filter(number -> record.parts().get(number).suffix().isEmpty() == marker)
                .boxed()
                .toList();
    }

    /** The version that is to move; null if it is there no more. */
    private @Nullable BlobProperties original(RenameRecord.Part part) {
        BlobProperties there = sources.get(part.suffix());
        if (there != null && !there.etag().equals(part.etag())) {
            keep(there, "it was changed since");
            return null;
        }
        return there;
    }

    private void keep(BlobProperties original, @Nullable String reason) {
        kept.set(true);
        LOG.warn(
                "kept the source of a rename, and what there is at its new name name={} to={} reason={}",
                original.name(),
                record.names().to(),
                reason);
    }

    /** The copy, made now if need be; null if there is something else in its place, so that the original has to stay. */
    private @Nullable BlobProperties copyOf(int number, RenameRecord.Part part, BlobProperties original)
            throws ForebayException {
        BlobProperties target = targets.get(part.suffix());
        Optional<Etag> copied = record.copyOf(number);
        if (copied.isPresent()) {
            if (target != null && target.etag().equals(copied.get())) {
                return target;
            }
            keep(original, "its copy was changed or removed since");
            return null;
        }
        if (record.stage() != RenameRecord.Stage.COPYING) {
            keep(original, "it was not copied, since somebody else has its new name");
            return null;
        }
        BlobProperties copy = copyNow(part, original, target);
        if (copy != null) {
            record.copied(number, copy.etag());
        }
        return copy;
    }

    private @Nullable BlobProperties copyNow(
            RenameRecord.Part part, BlobProperties original, @Nullable BlobProperties target) throws ForebayException {
        if (target == null) {
            return request(
                    part, original, part.replaces() && !carriedOn ? Precondition.none() : Precondition.ifAbsent());
        }
        if (isCopy(original, target)) {
            return target; // of an earlier process, which did not hear of it
        }
        boolean markers = isMarker(original) && isMarker(target);
        if (isBrokenOff(original, target) || (markers && part.replaces())) {
            return request(part, original, Precondition.ifMatch(target.etag()));
        }
        if (markers) {
            return target; // of two who make the same directory the first stands
        }
        keep(original, "somebody else has made its new name");
        return null;
    }

    private static boolean isMarker(BlobProperties blob) {
        return PosixAttributes.kindOf(blob) == FileKind.DIRECTORY && blob.lengthBytes() == 0;
    }

    private @Nullable BlobProperties request(RenameRecord.Part part, BlobProperties original, Precondition onTarget)
            throws ForebayException {
        String to = record.names().to() + part.suffix();
        try {
            return whole(original, requestOnce(original, to, onTarget));
        } catch (ForebayException.Changed | ForebayException.NotFound changed) {
            if (!carriedOn) {
                throw changed;
            }
            keep(original, changed.getMessage());
            return null;
        }
    }

    private BlobProperties requestOnce(BlobProperties original, String to, Precondition onTarget)
            throws ForebayException {
        try {
            return send(original, to, onTarget);
        } catch (ForebayException.Unavailable lost) {
            return afterLostAnswer(original, to, lost);
        }
    }

    private BlobProperties send(BlobProperties original, String to, Precondition onTarget) throws ForebayException {
        return tree.storeToChange()
                .copy(
                        original.name(),
                        Precondition.ifMatch(original.etag()),
                        original.headers().labels(),
                        to,
                        onTarget,
                        tree.transferDeadline(original.lengthBytes()));
    }

    /** The copy that was asked for may be there, in part or as a whole: then it was the condition that failed. */
    private BlobProperties afterLostAnswer(BlobProperties original, String to, ForebayException.Unavailable lost)
            throws ForebayException {
        try {
            BlobProperties there = tree.store().head(to, tree.deadline());
            if (isCopy(original, there)) {
                return there;
            }
            if (isBrokenOff(original, there)) {
                return send(original, to, Precondition.ifMatch(there.etag()));
            }
        } catch (ForebayException.NotFound | ForebayException.Unavailable unknown) {
            lost.addSuppressed(unknown);
        }
        throw lost;
    }

    private static BlobProperties whole(BlobProperties original, BlobProperties copy) throws ForebayException {
        if (copy.lengthBytes() != original.lengthBytes()) {
            throw new ForebayException.Corrupt("the copy of '" + original.name() + "' has " + copy.lengthBytes()
                    + " bytes instead of " + original.lengthBytes() + "; the original was kept");
        }
        return copy;
    }

    /**
     * Whether {@code target}, of which no record says who made it, is what a copy would be. A time of modification in
     * nanoseconds tells it from all that somebody else may have put there; without one the bytes have to.
     */
    private boolean isCopy(BlobProperties original, BlobProperties target) throws ForebayException {
        return target.lengthBytes() == original.lengthBytes()
                && target.headers().describeSame(original.headers())
                && (PosixAttributes.namesTime(original.metadata()) || new SameBytes(tree, original, target).compare());
    }

    /** A large copy that Azure did not bring to its end. */
    private static boolean isBrokenOff(BlobProperties original, BlobProperties target) {
        return target.lengthBytes() == 0
                && original.lengthBytes() > 0
                && target.headers().describeSame(original.headers());
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    /** What is on the local disk has its new name: what is left are the originals. */
    void moved() throws ForebayException {
        record.reach(RenameRecord.Stage.MOVED);
    }

    /** {@code copied} is to stay, since it is being changed here. */
    void keepSource(Copied copied) {
        keep(copied.original(), "it is being changed");
    }

    /**
     * Deletes what was copied; an original that was changed meanwhile is kept. After that there is nothing to carry on.
     *
     * @return whether nothing had to be kept
     */
    boolean deleteSources(Map<String, Copied> copies) throws ForebayException {
        InParallel.forEach(copies.values(), copied -> delete(copied.original()));
        end();
        return !kept.get();
    }

    private void delete(BlobProperties blob) throws ForebayException {
        try {
            tree.storeToChange().delete(blob.name(), Precondition.ifMatch(blob.etag()), tree.deadline());
        } catch (ForebayException.NotFound _) {
            LOG.debug("somebody else removed it name={}", blob.name());
        } catch (ForebayException.Changed changed) {
            kept.set(true);
            LOG.warn("kept what a rename was to remove name={} reason={}", blob.name(), changed.getMessage());
        }
    }

    /** The rename has failed: what is left of it is undone, if not now then by the next process. */
    private void giveUp() {
        boolean interrupted = Thread.interrupted(); // who has given up waiting wants no half of a tree, either
        try {
            note(RenameRecord.Stage.GIVEN_UP);
            carryOn(tree, record).undo();
        } catch (ForebayException failure) {
            LOG.warn(
                    "the copies of a rename that failed are not removed, the next mount tries again from={} to={}"
                            + " reason={}",
                    record.names().from(),
                    record.names().to(),
                    failure.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without it a later process carries the rename on, and does not undo it: either way nothing is lost. */
    private void note(RenameRecord.Stage stage) {
        try {
            record.reach(stage);
        } catch (ForebayException failure) {
            LOG.warn("the record of a rename is out of date reason={}", failure.getMessage());
        }
    }

    /** Removes the copies of what is there as it was. Then there is nothing to carry on. */
    void undo() throws ForebayException {
        InParallel.forEach(numbers(false), this::removeCopy);
        InParallel.forEach(numbers(true), this::removeCopy);
        end();
    }

    private void removeCopy(int number) throws ForebayException {
        RenameRecord.Part part = record.parts().get(number);
        BlobProperties original = original(part);
        BlobProperties target = targets.get(part.suffix());
        if (original == null || target == null || part.replaces()) {
            return; // what stood there before the rename has to stand there after it
        }
        Optional<Etag> copied = record.copyOf(number);
        boolean ours = copied.isPresent()
                ? copied.get().equals(target.etag())
                : isBrokenOff(original, target) || isCopy(original, target);
        if (ours) {
            delete(target);
        }
    }

    private void end() {
        try {
            record.end();
        } catch (ForebayException failure) {
            LOG.warn(
                    "the record of a rename stays, the next mount finds nothing left to do from={} to={} reason={}",
                    record.names().from(),
                    record.names().to(),
                    failure.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            record.close();
        } catch (ForebayException failure) {
            LOG.debug("the record of a rename was not closed reason={}", failure.getMessage());
        }
    }
}
