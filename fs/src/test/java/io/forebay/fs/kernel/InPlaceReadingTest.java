package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that are answered with pages of a file, which nobody copies on their way. */
class InPlaceReadingTest {
    /** Some whole requests, and an end within a page. */
    private static final int SIZE_BYTES = 5_000_011;

    @TempDir
    Path scratch;

    private MountedTree mounted;

    @BeforeEach
    void mount() throws Exception {
        byte[] content = new byte[SIZE_BYTES];
        new Random(7).nextBytes(content);
        Files.write(scratch.resolve("plain"), content);
        mounted = MountedTree.mount(
                MountedTree.newTree(scratch),
                scratch,
                MountedTree.SETTINGS,
                MountedTree.kernelSettings().withPassthrough(false));
        mounted.tree.local = true;
        mounted.tree.showsInPlace = true;
        mounted.tree.put("data", content);
    }

    @AfterEach
    void unmount() throws Exception {
        mounted.close();
    }

    private String sh(String line) throws Exception {
        return Shell.succeed(mounted.point, line);
    }

    @Test
    void programs_get_the_bytes_of_the_file() throws Exception {
        sh("cmp ../plain data");
        sh("dd if=data of=../back bs=1M iflag=direct status=none && cmp ../plain ../back");
        sh("dd if=data of=../back bs=300001 iflag=fullblock status=none && cmp ../plain ../back");

        assertThat(mounted.tree.inPlace.get()).isPositive();
        mounted.assertNothingUnexpected();
    }

    @Test
    void extents_anywhere_are_read_however_they_lie_to_pages_and_to_the_end() throws Exception {
        for (int offset : new int[] {0, 1, 4095, 4097, SIZE_BYTES - 524_289, SIZE_BYTES - 70_000}) {
            sh("""
                    python3 - %d <<'EOF'
                    import mmap, os, sys
                    at = int(sys.argv[1])
                    def read(name, flags):
                        fd = os.open(name, os.O_RDONLY | flags)
                        room = mmap.mmap(-1, 1 << 20)
                        count = os.preadv(fd, [room], at)
                        return room[:count]
                    assert read("data", os.O_DIRECT) == read("../plain", 0), at
                    EOF""".formatted(offset));
        }
        assertThat(mounted.tree.inPlace.get()).isPositive();
        mounted.assertNothingUnexpected();
    }

    @Test
    void many_readers_do_not_mix_their_answers() throws Exception {
        sh("for i in 1 2 3 4 5 6 7 8; do "
                + "(for j in 1 2 3 4 5; do dd if=data bs=$((i * 131072)) iflag=direct status=none | cmp - ../plain || exit; done"
                + "; touch ../done-$i) & done; wait; ls .. | grep -c done-");

        assertThat(sh("ls .. | grep -c done-")).isEqualTo("8");
        mounted.assertNothingUnexpected();
    }

    @Test
    void what_breaks_on_its_way_is_copied_and_spoils_nothing() throws Exception {
        mounted.tree.breaksTransfers = true;
        sh("dd if=data of=../back bs=1M iflag=direct status=none && cmp ../plain ../back");
        assertThat(mounted.tree.inPlace.get()).isPositive();
        int copies = mounted.tree.reads.get();
        assertThat(copies).isPositive();

        mounted.tree.breaksTransfers = false;
        sh("dd if=data of=../back bs=1M iflag=direct status=none && cmp ../plain ../back");
        assertThat(mounted.tree.reads.get() - copies)
                .as("only the end is small")
                .isLessThanOrEqualTo(1);
        mounted.assertNothingUnexpected();
    }

    @Test
    void small_reads_are_copied() throws Exception {
        sh("dd if=data of=../back bs=4096 iflag=direct count=20 status=none");

        assertThat(mounted.tree.inPlace.get()).isZero();
        assertThat(mounted.tree.reads.get()).isEqualTo(20);
    }

    @Test
    void pipes_are_few_kept_and_closed_when_something_is_left_in_them() throws Exception {
        long before = pipes();
        try (Arena arena = Arena.ofConfined();
                AnswerPipes two = new AnswerPipes(2)) {
            AnswerPipe first = two.take().orElseThrow();
            AnswerPipe second = two.take().orElseThrow();
            assertThat(two.take()).isEqualTo(Optional.empty());
            assertThat(pipes() - before).isEqualTo(4);

            two.giveBack(first);
            assertThat(two.take().orElseThrow()).isSameAs(first);

            second.begin(arena.allocate(16), 10);
            two.giveBack(second);
            assertThat(pipes() - before).isEqualTo(2);
            AnswerPipe third = two.take().orElseThrow();
            assertThat(third.isEmpty()).isTrue();
            two.giveBack(third);
            two.giveBack(first);
        }
        assertThat(pipes()).isEqualTo(before);
    }

    private static long pipes() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(InPlaceReadingTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
        }
    }
}
