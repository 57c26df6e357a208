package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes, in the background, the files that a dead process left and that no slot claims: content that was being
 * written, or whose removal was cut short. It touches nothing whose name is not one of a cache's own files.
 */
final class OrphanSweep {
    static final String CONTENT_SUFFIX = ".content";
    static final String PAGES_SUFFIX = ".pages";

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");
    /** A slot is not negative: 31 bits. */
    private static final Pattern FILE = Pattern.compile("([0-7][0-9a-f]{7})\\.(content|pages)");

    private final Path contents;
    private final DiskSlots slots;
    private final DiskHealth health;
    private final Thread thread;
    private volatile boolean stopped;

    OrphanSweep(Path contents, DiskSlots slots, DiskHealth health) {
        this.contents = contents;
        this.slots = slots;
        this.health = health;
        this.thread = Thread.ofVirtual().name("cache sweep").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Returns when it touches nothing any more. */
    void stop() {
        stopped = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        if (!Files.isDirectory(contents)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(contents)) {
            int removed = 0;
            for (Path folder : folders) {
                if (FOLDER.matcher(String.valueOf(folder.getFileName())).matches()) {
                    removed += sweep(folder);
                }
            }
            if (removed > 0) {
                LOG.info("leftovers of an earlier process were removed folder={} files={}", contents, removed);
            }
        } catch (DirectoryIteratorException | IOException failure) {
            IOException problem = failure.getCause() instanceof IOException cause ? cause : new IOException(failure);
            ForebayException reason = health.failed("cannot look for leftovers", contents, problem);
            LOG.warn("leftovers in the cache stay until the next start reason={}", reason.getMessage());
        }
    }

    private int sweep(Path folder) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (stopped) {
                    return removed;
                }
                Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && remove(Integer.parseInt(name.group(1), 16), file)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    private boolean remove(int slot, Path file) throws IOException {
        if (!slots.beginSweep(slot)) {
            return false;
        }
        try {
            return Files.deleteIfExists(file);
        } finally {
            slots.endSweep();
        }
    }
}
