package io.forebay.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** How far work on many files has come; written by those who do it, read by those who watch. Safe for many threads. */
public final class SteeringProgress {
    /** Enough to see what is wrong, at some 200 bytes each. */
    private static final int MAX_FAILURES = 1_000;

    private final List<Failure> failures = new ArrayList<>();
    private final Set<LongSupplier> underWay = ConcurrentHashMap.newKeySet();

    /** Guarded by this, like what follows. */
    private long foundFiles;

    private long foundBytes;
    private boolean foundAll;
    private long presentFiles;
    private long presentBytes;
    private long doneFiles;
    private long doneBytes;
    private long failedFiles;

    /**
     * A file with which something went wrong.
     *
     * @param path from the root of the tree
     */
    public record Failure(String path, String reason) {}

    /**
     * How things stand.
     *
     * @param foundFiles how many files there are, as far as is known
     * @param foundBytes their bytes
     * @param foundAll whether that is all
     * @param presentFiles those with which nothing had to be done
     * @param presentBytes bytes with which nothing had to be done
     * @param doneFiles those with which it was done
     * @param doneBytes bytes with which it was done, those of files that are half done among them
     * @param failedFiles those with which it could not be done
     */
    public record State(
            long foundFiles,
            long foundBytes,
            boolean foundAll,
            long presentFiles,
            long presentBytes,
            long doneFiles,
            long doneBytes,
            long failedFiles) {
        /** Whether everything that was found is as it was to be. */
        public boolean isComplete() {
            return foundAll && failedFiles == 0 && presentFiles + doneFiles == foundFiles;
        }
    }

    synchronized void found(long bytes) {
        foundFiles++;
        foundBytes += bytes;
    }

    synchronized void foundAll() {
        foundAll = true;
    }

    /** Nothing has to be done with one file of so many bytes. */
    synchronized void present(long bytes) {
        presentFiles++;
        presentBytes += bytes;
    }

    /** Nothing has to be done with these bytes of a file. */
    synchronized void presentInPart(long bytes) {
        presentBytes += bytes;
    }

    synchronized void done(long bytes) {
        doneFiles++;
        doneBytes += bytes;
    }

    synchronized void failed(String path, String reason) {
        failedFiles++;
        if (failures.size() < MAX_FAILURES) {
            failures.add(new Failure(path, reason));
        }
    }

    /** Work on a file begins that knows how many of its bytes are done. */
    void begin(LongSupplier doneSoFar) {
        underWay.add(doneSoFar);
    }

    void end(LongSupplier doneSoFar) {
        underWay.remove(doneSoFar);
    }

    public State state() {
        long halfDone = 0;
        for (LongSupplier one : underWay) {
            halfDone += one.getAsLong();
        }
        synchronized (this) {
            return new State(
                    foundFiles,
                    foundBytes,
                    foundAll,
                    presentFiles,
                    presentBytes,
                    doneFiles,
                    doneBytes + halfDone,
                    failedFiles);
        }
    }

    /** What went wrong, the first so many of it. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }
}
