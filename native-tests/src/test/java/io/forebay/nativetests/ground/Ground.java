package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder on which the tests stand, and what can be done to the file system behind it. */
public interface Ground extends AutoCloseable {
    /** Names it in reports: {@code plain}, {@code directory/jnr-fuse}. */
    String name();

    /** An existing folder of the file system under test; each test makes a sub-folder of its own in it. */
    Path root();

    /** Why this ground cannot do {@code capability}; empty if it can. */
    Optional<String> lacks(Capability capability);

    /** Takes the file system away and puts it back. Whatever was closed before must be there afterwards. */
    void remount() throws IOException, InterruptedException;

    /** The same tree once more, at another place, where nothing can be changed. */
    ReadOnlyView readOnlyView() throws IOException, InterruptedException;

    /** Frees whoever waits for an answer that does not come, by force; {@link #revive} must follow. */
    void abandon() throws IOException, InterruptedException;

    /** Makes the ground usable again if the test before has broken it; does nothing otherwise. */
    void revive() throws IOException, InterruptedException;

    /** What the file system can say about itself after a failure: its log, its threads. */
    String evidence();

    @Override
    void close() throws IOException;

    /** A tree that can be read only, until it is closed. */
    interface ReadOnlyView extends AutoCloseable {
        /** What {@link Ground#root()} is here. */
        Path root();

        @Override
        void close() throws IOException;
    }
}
