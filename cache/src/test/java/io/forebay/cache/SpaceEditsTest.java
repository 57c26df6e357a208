package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Room that is taken and given back, and the map of it. */
class SpaceEditsTest extends CacheFixture {
    private static final int LENGTH = 6 * PAGE + 17;

    private final byte[] bytes = Bytes.random(LENGTH, 1);

    /** Punches as a file system would, and has one hole that it tells of. */
    private static final class FakeSpace implements FileSpace {
        private final List<String> calls = new ArrayList<>();
        private long hole = Long.MAX_VALUE;
        private long holeEnd = Long.MAX_VALUE;

        @Override
        public void reserve(Path file, long offset, long lengthBytes) throws ForebayException {
            calls.add("reserve " + offset + " " + lengthBytes);
            if (lengthBytes > 1L << 40) {
                throw new ForebayException.NoSpace("injected");
            }
        }

        @Override
        public boolean punch(Path file, long offset, long lengthBytes) throws ForebayException {
            calls.add("punch " + offset + " " + lengthBytes);
            try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
                if (offset + lengthBytes > target.length()) {
                    throw new AssertionError("a hole behind the end");
                }
                target.seek(offset);
                target.write(new byte[(int) lengthBytes]);
                return true;
            } catch (IOException failure) {
                throw new ForebayException.Unexpected("punch", failure);
            }
        }

        @Override
        public OptionalLong nextData(Path file, long offset) {
            return OptionalLong.of(offset >= hole && offset < holeEnd ? holeEnd : offset);
        }

        @Override
        public long nextHole(Path file, long offset) {
            return offset < holeEnd ? Math.max(offset, hole) : Long.MAX_VALUE;
        }
    }

    static List<FileSpace> spaces() {
        return List.of(FileSpace.PLAIN, new FakeSpace());
    }

    private byte[] zeroed(int from, int to) {
        byte[] expected = Arrays.copyOf(bytes, Math.max(bytes.length, to));
        Arrays.fill(expected, from, to, (byte) 0);
        return expected;
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void whatIsZeroedReadsAsZerosWhateverIsHere(FileSpace space) throws Exception {
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        try (CachedContent content = cache.open(source.add("a", bytes));
                CachedContent other = cache.open(content.version().orElseThrow())) {
            content.zero(PAGE + 5, 3 * PAGE, false, space, Bytes.soon());

            assertThat(Bytes.all(content)).isEqualTo(zeroed(PAGE + 5, 4 * PAGE + 5));
            assertThat(content.isDirty()).isTrue();
            content.commit(toSource("a", sent), Bytes.soon());
            assertThat(sent.get()).isEqualTo(zeroed(PAGE + 5, 4 * PAGE + 5));
            assertThat(Bytes.all(other)).as("another open of the version").isEqualTo(bytes);
        }
        assertNothingIsInUse();
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void zeroingGrowsTheFileOnlyIfItMay(FileSpace space) throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.zero(LENGTH - 3, 100, false, space, Bytes.soon());
            assertThat(content.sizeBytes()).isEqualTo(LENGTH);
            content.zero(LENGTH + 10, 100, false, space, Bytes.soon());
            assertThat(content.sizeBytes()).isEqualTo(LENGTH);
            content.zero(LENGTH - 3, 100, true, space, Bytes.soon());
            assertThat(Bytes.all(content)).isEqualTo(zeroed(LENGTH - 3, LENGTH + 97));
        }
    }

    @Test
    void whatIsZeroedWholeIsNotFetched() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.zero(0, LENGTH, false, new FakeSpace(), Bytes.soon());
            assertThat(Bytes.all(content)).isEqualTo(new byte[LENGTH]);
        }
        assertThat(source.fetchedBytes()).isZero();
    }

    @Test
    void anAllocationTakesRoomAndMayGrowTheFile() throws Exception {
        FakeSpace space = new FakeSpace();
        try (CachedContent content = cache.create()) {
            content.allocate(10, 90, false, space, Bytes.soon());
            assertThat(content.sizeBytes()).isZero();
            content.allocate(10, 90, true, space, Bytes.soon());
            assertThat(Bytes.all(content)).isEqualTo(new byte[100]);
            assertThat(space.calls).containsExactly("reserve 10 90", "reserve 10 90");
            assertThatThrownBy(() -> content.allocate(0, 1L << 41, true, space, Bytes.soon()))
                    .isInstanceOf(ForebayException.NoSpace.class);
            assertThat(content.sizeBytes()).isEqualTo(100);
        }
    }

    @Test
    void whatIsMissingIsData() throws Exception {
        FakeSpace space = new FakeSpace(); // only the file knows of holes, and of missing pages it is all one
        space.hole = 0;
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            assertThat(content.nextData(PAGE + 1, space)).hasValue(PAGE + 1);
            assertThat(content.nextHole(PAGE + 1, space)).isEqualTo(LENGTH);
            content.zero(2 * PAGE, PAGE, false, FileSpace.PLAIN, Bytes.soon());
            assertThat(content.nextHole(0, space)).isEqualTo(2 * PAGE);
            assertThat(content.nextData(2 * PAGE, space)).hasValue(3 * PAGE);
            assertThat(source.fetchedBytes()).isZero();
        }
    }

    @Test
    void theFileSaysWhereHolesAreInWhatIsHere() throws Exception {
        FakeSpace space = new FakeSpace();
        space.hole = PAGE + 100;
        space.holeEnd = 4 * PAGE;
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            content.fill(Bytes.soon());
            assertThat(content.nextHole(0, space)).isEqualTo(PAGE + 100);
            assertThat(content.nextHole(2 * PAGE, space)).isEqualTo(2 * PAGE);
            assertThat(content.nextHole(4 * PAGE, space)).as("the end").isEqualTo(LENGTH);
            assertThat(content.nextData(2 * PAGE, space)).hasValue(4 * PAGE);
            space.holeEnd = Long.MAX_VALUE;
            assertThat(content.nextData(2 * PAGE, space)).isEmpty();
        }
    }
}
