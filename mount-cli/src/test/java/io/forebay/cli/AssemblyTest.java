package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.fs.UnsavedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an unmount says of files that could not be uploaded. */
class AssemblyTest {
    private static final List<Path> CACHE = List.of(Path.of("/nvme0"), Path.of("/nvme1"));

    @Test
    void whatIsKeptIsSaidToStay() {
        assertThat(Assembly.sentence(List.of(new UnsavedFile("a", "no answer", true)), CACHE))
                .isEqualTo("1 file could not be uploaded: 'a': no answer; it stays in the cache path /nvme0, /nvme1,"
                        + " and the next mount with it goes on");
    }

    @Test
    void whatIsLostComesFirst() {
        List<UnsavedFile> unsaved = List.of(new UnsavedFile("a", "x", true), new UnsavedFile("b", "y", false));
        assertThat(Assembly.sentence(unsaved, CACHE))
                .startsWith("2 files could not be uploaded: 'b': y; it could not be kept on the local disk either;"
                        + " 'a': x; 1 of them stays in the cache path");
        assertThat(Assembly.sentence(List.of(unsaved.getLast()), CACHE)).endsWith("on the local disk either");
    }

    @Test
    void notEveryFileIsNamed() {
        List<UnsavedFile> unsaved = IntStream.range(0, 1_000)
                .mapToObj(i -> new UnsavedFile("f" + i, "x", true))
                .toList();
        assertThat(Assembly.sentence(unsaved, CACHE))
                .contains("; and 995 more; they stay in")
                .hasSizeLessThan(200);
    }
}
