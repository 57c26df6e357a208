package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.forebay.base.error.ForebayException;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.store.StoreOperation;
import io.forebay.testkit.time.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a cache folder whose mount died. */
class RecoveryTest {
    @TempDir
    Path work;

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://tree", clock);
    private final List<Path> saved = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private PathTree tree;

    @BeforeEach
    void mount() throws ForebayException {
        tree = PathTree.writingBack(store, clock, work);
        store.beforeEffect(TreeTest.unavailable(StoreOperation.PUT));
        tree.mkdir("d e");
    }

    private final Recovery.Listener listener = new Recovery.Listener() {
        @Override
        public void saved(Recovery.LeftFile file, Path target) {
            saved.add(target);
        }

        @Override
        public void failed(Recovery.LeftFile file, ForebayException reason) {
            failed.add(file.path() + ": " + reason.getMessage());
        }
    };

    @Test
    void everyFileIsListedAndSavedAndTheCacheStaysAsItWas() throws Exception {
        tree.put("a", "one");
        tree.put("d e/b", "three");
        tree.mkdir("empty");
        long modified = tree.stat("a").modifyNanos();
        assertThatThrownBy(() -> Recovery.in(tree.cacheFolder()))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessageContaining("a mount uses the cache path");
        tree.abandon();
        Map<String, String> before = filesBelow(tree.cacheFolder());

        Path rescued = work.resolve("rescued");
        try (Recovery recovery = Recovery.in(tree.cacheFolder())) {
            assertThat(recovery.files())
                    .extracting(Recovery.LeftFile::path, Recovery.LeftFile::sizeBytes, Recovery.LeftFile::sure)
                    .containsExactlyInAnyOrder(
                            tuple("a", 3L, true), tuple("empty/", 0L, true), tuple("d e/b", 5L, true));
            assertThat(recovery.isDamaged()).isFalse();
            recovery.saveTo(rescued, listener);
        }
        assertThat(failed).isEmpty();
        assertThat(saved)
                .containsExactlyInAnyOrder(rescued.resolve("a"), rescued.resolve("empty"), rescued.resolve("d e/b"));
        assertThat(rescued.resolve("empty")).isDirectory();
        assertThat(rescued.resolve("a")).hasContent("one");
        assertThat(rescued.resolve("d e/b")).hasContent("three");
        assertThat(Files.getLastModifiedTime(rescued.resolve("a")))
                .isEqualTo(FileTime.from(modified, TimeUnit.NANOSECONDS));
        assertThat(filesBelow(tree.cacheFolder())).isEqualTo(before);

        store.beforeEffect((_, _) -> {});
        tree = tree.nextMount();
        assertThat(tree.fs.commitAll()).isEmpty();
        assertThat(tree.remoteText("d e/b")).isEqualTo("three");
        tree.close();
        try (Recovery nothing = Recovery.in(tree.cacheFolder())) {
            assertThat(nothing.files()).isEmpty();
        }
    }

    @Test
    void nothingIsWrittenOver() throws Exception {
        tree.put("a", "new");
        tree.put("b", "new");
        tree.abandon();
        Files.writeString(work.resolve("b"), "old");
        try (Recovery recovery = Recovery.in(tree.cacheFolder())) {
            recovery.saveTo(work, listener);
        }
        assertThat(work.resolve("a")).hasContent("new");
        assertThat(work.resolve("b")).hasContent("old");
        assertThat(failed).containsExactly("b: " + work.resolve("b") + " exists");
    }

    @Test
    void aFolderWithoutACacheHasNothingToLookAt() throws Exception {
        tree.abandon();
        assertThatThrownBy(() -> Recovery.in(work)).isInstanceOf(ForebayException.NotFound.class);
        assertThat(work.resolve("forebay.lock")).doesNotExist();
    }

    /** Paths with what is in them. */
    private static Map<String, String> filesBelow(Path folder) throws Exception {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return all;
    }
}
