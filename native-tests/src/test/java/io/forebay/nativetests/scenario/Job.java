package io.forebay.nativetests.scenario;

import java.nio.file.Path;

/**
 * Something that people do on a file system.
 *
 * @param name in the report
 * @param work does it in an empty folder
 * @param result looks at what came of it, without changing anything: the same text wherever it was done
 */
record Job(String name, Work work, Result result) {
    /** What is timed. */
    @FunctionalInterface
    interface Work {
        void in(Path folder) throws Exception;
    }

    /** What is compared. */
    @FunctionalInterface
    interface Result {
        String of(Path folder) throws Exception;
    }
}
