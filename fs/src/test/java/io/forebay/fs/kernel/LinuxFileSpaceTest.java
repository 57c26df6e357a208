package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.forebay.base.error.ForebayException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFileSpaceTest {
    private static final int MEBIBYTE = 1 << 20;

    private final LinuxFileSpace space = new LinuxFileSpace();
    private final byte[] bytes = new byte[3 * MEBIBYTE];

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        Arrays.fill(bytes, (byte) 7);
        file = Files.write(folder.resolve("file"), bytes);
    }

    @Test
    void a_hole_reads_as_zeros_and_is_found() throws Exception {
        assumeThat(space.punch(file, MEBIBYTE, MEBIBYTE))
                .as("holes on the temporary folder's disk")
                .isTrue();

        Arrays.fill(bytes, MEBIBYTE, 2 * MEBIBYTE, (byte) 0);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(space.nextHole(file, 0)).isEqualTo(MEBIBYTE);
        assertThat(space.nextData(file, MEBIBYTE)).hasValue(2 * MEBIBYTE);
        assertThat(space.nextHole(file, 2 * MEBIBYTE)).isEqualTo(3 * MEBIBYTE);
    }

    @Test
    void behind_the_last_data_there_is_none() throws Exception {
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(8 * MEBIBYTE);
        }
        assertThat(space.nextData(file, 4 * MEBIBYTE)).isEmpty();
        assertThat(space.nextData(file, 9 * MEBIBYTE)).isEmpty();
        assertThat(space.nextHole(file, 9 * MEBIBYTE)).isEqualTo(9 * MEBIBYTE);
    }

    @Test
    void room_is_taken_without_a_trace_in_the_content() throws Exception {
        space.reserve(file, 0, 16 * MEBIBYTE);

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void room_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> space.reserve(file, 0, 1L << 43)).isInstanceOf(ForebayException.class);
    }

    @Test
    void a_file_that_is_not_there_is_an_error() {
        assertThatThrownBy(() -> space.nextHole(folder.resolve("nothing"), 0))
                .isInstanceOf(ForebayException.Unexpected.class);
    }
}
