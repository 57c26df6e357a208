package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountPointTest {
    private static final MountTable NOTHING = new MountTable(List.of());

    @TempDir
    private Path folder;

    @Test
    void anEmptyFolderWillDo() {
        assertThatCode(() -> MountPoint.check(folder, false, NOTHING)).doesNotThrowAnyException();
    }

    @Test
    void aMissingFolderIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> MountPoint.check(folder.resolve("missing"), false, NOTHING))
                .isInstanceOf(ForebayException.NotFound.class)
                .hasMessageContaining("does not exist; make it with: mkdir -p");
    }

    @Test
    void aFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> MountPoint.check(file, false, NOTHING))
                .isInstanceOf(ForebayException.NotADirectory.class);
    }

    @Test
    void aFolderWithEntriesIsRefusedUnlessAskedFor() throws IOException {
        Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> MountPoint.check(folder, false, NOTHING))
                .isInstanceOf(ForebayException.NotEmpty.class)
                .hasMessageContaining("-o nonempty");
        assertThatCode(() -> MountPoint.check(folder, true, NOTHING)).doesNotThrowAnyException();
    }

    @Test
    void whereAFuseMountIsAnotherIsRefused() {
        MountTable mounted = new MountTable(List.of(new MountTable.Mount(folder, "fuse.forebay", "forebay")));

        assertThatThrownBy(() -> MountPoint.check(folder, true, mounted))
                .isInstanceOf(ForebayException.AlreadyExists.class)
                .hasMessageContaining("already mounted")
                .hasMessageContaining("forebay unmount " + folder);
    }

    @Test
    void symlinksAreFollowedAsTheKernelDoes() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(MountPoint.canonical(link)).isEqualTo(real.toRealPath());
        assertThat(MountPoint.canonical(link.resolve("missing")))
                .isEqualTo(real.toRealPath().resolve("missing"));
    }
}
