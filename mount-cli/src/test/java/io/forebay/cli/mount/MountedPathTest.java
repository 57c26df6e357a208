package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedPathTest {
    @TempDir
    private Path temporary;

    private Path folder = Path.of("/");
    private Path mountPoint = Path.of("/");

    @BeforeEach
    void resolve() throws IOException {
        folder = temporary.toRealPath();
        mountPoint = folder.resolve("mnt");
    }

    @Test
    void whatIsInsideIsThePathBehindTheMountPoint() throws ForebayException {
        assertThat(find(mountPoint)).isEqualTo(new MountedPath(mountPoint, ""));
        assertThat(find(mountPoint.resolve("a/*.bin"))).isEqualTo(new MountedPath(mountPoint, "a/*.bin"));
        assertThat(find(mountPoint.resolve("a/../b/."))).isEqualTo(new MountedPath(mountPoint, "b"));
    }

    @Test
    void symlinksThatLeadThereAreFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("mnt/data"));
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), link);

        assertThat(find(link.resolve("x"))).isEqualTo(new MountedPath(mountPoint, "data/x"));
        assertThat(find(absolute)).isEqualTo(new MountedPath(mountPoint, "data"));
    }

    @Test
    void whatIsElsewhereIsNotOurs() throws Exception {
        Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));

        for (Path path : List.of(folder, folder.resolve("mnt2/a"), circle, mountPoint.resolve("inner/x"))) {
            assertThatThrownBy(() -> find(path))
                    .isInstanceOf(ForebayException.InvalidArgument.class)
                    .hasMessageContaining("'" + path + "' is not in a mount of Forebay");
        }
    }

    private MountedPath find(Path path) throws ForebayException {
        MountTable table = new MountTable(List.of(
                new MountTable.Mount(Path.of("/"), "ext4", "/dev/root"),
                new MountTable.Mount(mountPoint, "fuse.forebay", "forebay"),
                new MountTable.Mount(mountPoint.resolve("inner"), "tmpfs", "tmpfs")));
        return MountedPath.of(path, table);
    }
}
