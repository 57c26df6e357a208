package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskHealthTest {
    @TempDir
    Path folder;

    private Path landmark;
    private DiskHealth health;

    @BeforeEach
    void healthy() throws IOException {
        landmark = Files.createFile(folder.resolve("landmark"));
        health = new DiskHealth(folder, landmark, StableStorage.DISKS, new Metrics());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Input/output error", "Read-only file system", "No such device", "Structure needs cleaning"})
    void whatNoRepetitionHelpsTakesTheDiskOut(String reason) {
        assertThat(health.failed("cannot write", folder, new FileSystemException("f", null, reason)))
                .isInstanceOf(ForebayException.Unavailable.class);
        assertThat(health.hasFailed()).isTrue();
        assertThatThrownBy(health::check).hasMessageContaining("the disk of the cache path " + folder + " has failed");
    }

    @Test
    void whatConcernsOneFileDoesNot() throws Exception {
        assertThat(health.failed("w", folder, new IOException("No space left on device")))
                .isInstanceOf(ForebayException.NoSpace.class);
        assertThat(health.failed("w", folder, new AccessDeniedException("f")))
                .isInstanceOf(ForebayException.Unexpected.class);
        assertThat(health.failed("w", folder, new NoSuchFileException("f")))
                .isInstanceOf(ForebayException.Unexpected.class);
        assertThat(health.failed("w", folder, new IOException("Too many open files")))
                .isInstanceOf(ForebayException.Unexpected.class);
        assertThat(health.hasFailed()).isFalse();
        health.check();
    }

    @Test
    void aFileThatIsMissingTogetherWithTheLandmarkMeansThatTheDiskIsGone() throws Exception {
        Files.delete(landmark);
        assertThat(health.failed("w", folder, new NoSuchFileException("f")))
                .isInstanceOf(ForebayException.Unavailable.class);
        assertThat(health.hasFailed()).isTrue();
    }
}
