package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
    private final DripSource source = new DripSource(1_000);

    @TempDir
    Path folder;

    @Test
    void onlyTheOwnerCanReadWhatIsCached() throws Exception {
        Path path = folder.resolve("made/by/us");
        try (SparseFileCache cache = cache(path);
                CachedContent _ = cache.create()) {
            assertThat(permissions(path)).isEqualTo("rwx------");
            assertThat(CacheFixture.contents(path)).singleElement().satisfies(file -> assertThat(permissions(file))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void aSecondMountOfTheSameFolderIsRefused() throws Exception {
        try (SparseFileCache _ = cache(folder)) {
            assertThatThrownBy(() -> cache(folder))
                    .isInstanceOf(ForebayException.InvalidArgument.class)
                    .hasMessage("cache path " + folder
                            + " is in use by another mount; give each mount a cache path of its own");
        }
        cache(folder).close();
    }

    @Test
    void leftoversOfADeadProcessAreRemovedAndNothingElse() throws Exception {
        Path old = Files.createDirectories(folder.resolve("content/ff"));
        Path orphan = Files.createFile(old.resolve("000000ff.content"));
        Path pages = Files.createFile(old.resolve("000000ff.pages"));
        Path foreign = Files.createFile(old.resolve("my notes.content"));
        Path other = Files.createFile(folder.resolve("00000001.content"));

        try (SparseFileCache _ = cache(folder)) {
            CacheFixture.until("the leftovers are gone", () -> !Files.exists(orphan) && !Files.exists(pages));
            assertThat(foreign).exists();
            assertThat(other).exists();
        }
    }

    @Test
    void theLastCloseRemovesTheFile() throws Exception {
        try (SparseFileCache cache = cache(folder)) {
            CachedContent content = cache.create();
            assertThat(CacheFixture.contents(folder)).hasSize(1);
            content.close();
            content.close();
            assertThat(CacheFixture.contents(folder)).isEmpty();
        }
    }

    @Test
    void closingTheCacheEndsAllHandlesAndLeavesNothing() throws Exception {
        SparseFileCache cache = cache(folder);
        CachedContent content = cache.create();
        cache.close();

        assertThat(CacheFixture.contents(folder)).isEmpty();
        assertThatThrownBy(() -> Bytes.write(content, 0, new byte[1])).isInstanceOf(ForebayException.BadHandle.class);
        assertThatThrownBy(cache::create).isInstanceOf(ForebayException.class);
        content.close();
        cache.close();
    }

    @Test
    void aPathThatCannotBeAFolderIsOneSentence() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> cache(file))
                .hasMessage("cache path " + file + " cannot be written: a file of that name exists");
        assertThatThrownBy(() -> cache(file.resolve("below")))
                .hasMessageStartingWith("cache path " + file.resolve("below") + " cannot be written: ");
    }

    @Test
    void aDiskWithLessThanTheReserveIsFull() {
        CacheSettings greedy = new CacheSettings(
                CacheSettings.DEFAULTS.firstFetch(),
                CacheSettings.DEFAULTS.smallFile(),
                CacheSettings.DEFAULTS.largestFetch(),
                1,
                1,
                CacheSettings.DEFAULTS.prefetchBytes(),
                CacheSettings.DEFAULTS.fill(),
                CacheSettings.DEFAULTS.fetchLimit(),
                new ByteSize(Long.MAX_VALUE));

        assertThatThrownBy(() -> new SparseFileCache(folder, source, greedy, Clock.system()))
                .isInstanceOf(ForebayException.NoSpace.class)
                .hasMessageStartingWith("cache disk full: " + folder);
    }

    @Test
    void saysHowMuchTheDiskHolds() throws Exception {
        try (SparseFileCache cache = cache(folder)) {
            assertThat(cache.freeBytes()).isBetween(1L, cache.totalBytes());
        }
    }

    private SparseFileCache cache(Path path) throws ForebayException {
        return new SparseFileCache(path, source, CacheSettings.DEFAULTS, Clock.system());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
