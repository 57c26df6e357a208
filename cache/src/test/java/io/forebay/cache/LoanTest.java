package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Files that are lent, and what is noticed of those who borrow them. */
class LoanTest extends CacheFixture {
    private final byte[] bytes = Bytes.random(3 * PAGE + 17, 1);
    private final AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);

    private static Path borrowed(CachedContent content, CachedContent.Loan loan) throws ForebayException {
        return content.lend(loan).orElseThrow(() -> new AssertionError("nothing was lent"));
    }

    private static void writeBehindOurBack(Path file, long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private BlobVersion commit(CachedContent content) throws ForebayException {
        return content.commit(toSource("a", sent), Bytes.soon());
    }

    @Test
    void onlyWhatIsWholeIsLent() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.read(content, PAGE, 1);
            for (CachedContent.Loan loan : CachedContent.Loan.values()) {
                assertThat(content.lend(loan)).isEmpty();
            }
            Bytes.all(content);
            assertThat(Files.readAllBytes(borrowed(content, CachedContent.Loan.READ)))
                    .isEqualTo(bytes);
            assertThat(content.lend(CachedContent.Loan.READ_WRITE))
                    .as("one content, one file")
                    .isEqualTo(content.lend(CachedContent.Loan.READ));
        }
    }

    @Test
    void aLoanThatIsNotUsedChangesNothing() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent content = cache.open(version)) {
            Bytes.all(content);
            borrowed(content, CachedContent.Loan.READ_WRITE);
            assertThat(content.observe()).isEmpty();
            assertThat(content.isDirty()).isFalse();
            assertThat(content.version()).isEqualTo(Optional.of(version));
        }
    }

    @Test
    void whatABorrowerWritesIsSeenWithItsSizeAndTime() throws Exception {
        try (CachedContent content = cache.open(source.add("a", bytes))) {
            Bytes.all(content);
            Path file = borrowed(content, CachedContent.Loan.WRITE);
            long before = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - 20);
            writeBehindOurBack(file, 5L * PAGE, new byte[] {1, 2, 3});

            OptionalLong written = content.observe();

            assertThat(written.orElseThrow())
                    .isBetween(before, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() + 20));
            assertThat(content.isDirty()).isTrue();
            assertThat(content.sizeBytes()).isEqualTo(5L * PAGE + 3);
            assertThat(content.observe()).as("it is told once").isEmpty();
            assertThat(content.isDirty()).isTrue();
        }
    }

    @Test
    void aCommitTakesWhatABorrowerWroteAndALaterWriteIsSeenAgain() throws Exception {
        try (CachedContent content = cache.create()) {
            Path file = borrowed(content, CachedContent.Loan.WRITE);
            writeBehindOurBack(file, 0, bytes);
            commit(content);
            assertThat(sent.get()).isEqualTo(bytes);
            assertThat(content.isDirty()).isFalse();
            assertThat(content.observe().isPresent())
                    .as("that it was written is still to be told")
                    .isTrue();
            assertThat(content.isDirty()).isFalse();

            // Within the same tick of the kernel's clock, as a rule.
            writeBehindOurBack(file, 1, new byte[] {9});
            assertThat(content.observe()).isPresent();
            assertThat(content.isDirty()).isTrue();
            byte[] expected = bytes.clone();
            expected[1] = 9;
            commit(content);
            assertThat(sent.get()).isEqualTo(expected);
        }
    }

    @Test
    void aWriteThatIsNoticedDuringACommitIsNotTakenForCommitted() throws Exception {
        try (CachedContent content = cache.create()) {
            Path file = borrowed(content, CachedContent.Loan.WRITE);
            writeBehindOurBack(file, 0, bytes);
            content.commit(
                    image -> {
                        BlobVersion version = toSource("a", sent).send(image);
                        try {
                            writeBehindOurBack(file, 0, new byte[] {9});
                        } catch (IOException failure) {
                            throw new ForebayException.Unexpected("cannot write", failure);
                        }
                        content.observe();
                        return version;
                    },
                    Bytes.soon());
            assertThat(content.isDirty()).isTrue();
            commit(content);
            assertThat(sent.get()[0]).isEqualTo((byte) 9);
        }
    }

    @Test
    void aStoreThroughAMappingAfterACommitIsSeen() throws Exception {
        try (CachedContent content = cache.create();
                Arena arena = Arena.ofConfined()) {
            Path file = borrowed(content, CachedContent.Loan.READ_WRITE);
            writeBehindOurBack(file, 0, bytes);
            MemorySegment mapping;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes.length, arena);
            }
            for (byte value = 1; value < 50; value++) {
                mapping.set(ValueLayout.JAVA_BYTE, 100, value); // the page is writable and dirty from the last round on
                content.observe();
                assertThat(content.isDirty()).as("store %d", value).isTrue();
                commit(content);
                assertThat(sent.get()[100]).isEqualTo(value);
                assertThat(content.isDirty()).isFalse();
            }
        }
    }

    @Test
    void aResizeGoesToTheFileThatIsLent() throws Exception {
        try (CachedContent content = cache.create()) {
            Path file = borrowed(content, CachedContent.Loan.WRITE);
            writeBehindOurBack(file, 0, bytes);
            content.resize(100, Bytes.soon());
            assertThat(Files.size(file)).isEqualTo(100);
            writeBehindOurBack(file, 200, new byte[] {7});
            content.observe();
            assertThat(content.sizeBytes()).isEqualTo(201);
            content.resize(201, Bytes.soon());
            commit(content);
            byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes, 100), 201);
            expected[200] = 7;
            assertThat(sent.get()).isEqualTo(expected);
        }
    }

    @Test
    void whatIsLentForWritingIsNobodyElses() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent changed = cache.open(version)) {
            Bytes.all(changed);
            Path file = borrowed(changed, CachedContent.Loan.WRITE);
            try (CachedContent pure = cache.open(version)) {
                writeBehindOurBack(file, 0, new byte[] {1, 2, 3});
                assertThat(Bytes.all(pure)).isEqualTo(bytes);
            }
            BlobVersion committed = commit(changed);
            try (CachedContent later = cache.open(committed)) {
                writeBehindOurBack(file, 0, new byte[] {4, 5, 6});
                assertThat(Bytes.all(later)).startsWith(1, 2, 3);
            }
        }
    }

    @Test
    void whatOthersShareIsNotLentForWriting() throws Exception {
        BlobVersion version = source.add("a", bytes);
        try (CachedContent one = cache.open(version);
                CachedContent other = cache.open(version)) {
            Bytes.all(one);
            assertThat(one.lend(CachedContent.Loan.WRITE)).isEmpty();
            assertThat(Bytes.all(one)).isEqualTo(bytes);
            assertThat(other.lend(CachedContent.Loan.READ)).isPresent();
        }
    }

    @Test
    void contentThatWasWrittenByABorrowerRestsForTheNextOpen() throws Exception {
        CachedContent content = cache.create();
        writeBehindOurBack(borrowed(content, CachedContent.Loan.READ_WRITE), 0, bytes);
        BlobVersion version = commit(content);
        content.close();
        assertThat(cache.resting()).isEqualTo(1);

        try (CachedContent again = cache.open(version)) {
            assertThat(Bytes.all(again)).isEqualTo(bytes);
            Bytes.write(again, 0, new byte[] {1});
            assertThat(again.isDirty()).isTrue();
        }
        assertThat(source.fetchedBytes()).isZero();
        assertNothingIsInUse();
    }

    @Test
    void contentThatWasWrittenAfterItsCommitDoesNotRest() throws Exception {
        CachedContent content = cache.create();
        Path file = borrowed(content, CachedContent.Loan.WRITE);
        writeBehindOurBack(file, 0, bytes);
        commit(content);
        writeBehindOurBack(file, 0, new byte[] {1});
        content.close();
        assertThat(cache.resting()).isZero();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsClosedPartlyFetchedIsGoneOnWithAtTheNextOpen() throws Exception {
        BlobVersion version = source.add("a", bytes);
        byte[] end = Arrays.copyOfRange(bytes, 3 * PAGE, bytes.length);
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.read(content, 3L * PAGE, PAGE)).isEqualTo(end);
        }
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.read(content, 3L * PAGE, PAGE)).isEqualTo(end);
            assertThat(source.fetchedBytes()).isEqualTo(end.length);
            assertThat(Bytes.all(content)).isEqualTo(bytes);
        }
        assertThat(source.fetchedBytes()).isEqualTo(bytes.length);
    }
}
