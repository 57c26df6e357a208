package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeWithItsParentsAndLeftEmpty() throws IOException {
        Path cache = folder.resolve("a/b");

        CacheFolder.prepare(cache);
        CacheFolder.prepare(cache);

        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aFileOfThatNameIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> CacheFolder.prepare(file))
                .isInstanceOf(ForebayException.NotADirectory.class)
                .hasMessageContaining("--cache-path");
        assertThatThrownBy(() -> CacheFolder.prepare(file.resolve("below")))
                .isInstanceOf(ForebayException.class)
                .hasMessageContaining("--cache-path");
    }

    @Test
    void aFolderThatTakesNoFilesIsRefusedEvenForRoot() {
        assertThatThrownBy(() -> CacheFolder.prepare(Path.of("/proc/self")))
                .isInstanceOf(ForebayException.Denied.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--cache-path");
    }
}
