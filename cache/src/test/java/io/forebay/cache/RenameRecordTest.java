package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.blob.Etag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenameRecordTest {
    private static final RenameRecord.Names NAMES = new RenameRecord.Names("azure://a/b", "über", "e/f", 5);
    private static final List<RenameRecord.Part> PARTS = List.of(
            new RenameRecord.Part("/x", new Etag("0x1"), false), new RenameRecord.Part("", new Etag("0x2"), true));

    @TempDir
    Path folder;

    /** Something to do with the renames of a cache. */
    @FunctionalInterface
    private interface Use {
        void of(RenameFolder renames) throws ForebayException, IOException;
    }

    private void inProcess(Use use) throws ForebayException, IOException {
        inProcess(StableStorage.DISKS, use);
    }

    private void inProcess(StableStorage storage, Use use) throws ForebayException, IOException {
        CacheDirectory directory = CacheDirectory.claim(folder, new ByteSize(0), storage, new Metrics());
        try {
            use.of(RenameFolder.open(directory));
        } finally {
            directory.close();
        }
    }

    private Path path(int number) {
        return folder.resolve("renames").resolve(String.format("%08x.rename", number));
    }

    @Test
    void theNextProcessFindsWhatHasNotEnded() throws Exception {
        inProcess(renames -> {
            try (RenameRecord ended = renames.begin(NAMES, PARTS);
                    RenameRecord left = renames.begin(NAMES, PARTS)) {
                left.copied(1, new Etag("0x3"));
                left.reach(RenameRecord.Stage.COPIED);
                ended.end();
            }
        });
        inProcess(renames -> {
            assertThat(renames.left()).hasSize(1);
            try (RenameRecord left = renames.left().getFirst()) {
                assertThat(left.names()).isEqualTo(NAMES);
                assertThat(left.parts()).isEqualTo(PARTS);
                assertThat(left.copyOf(0)).isEmpty();
                assertThat(left.copyOf(1)).contains(new Etag("0x3"));
                assertThat(left.stage()).isEqualTo(RenameRecord.Stage.COPIED);
                left.copied(0, new Etag("0x4"));
                left.reach(RenameRecord.Stage.MOVED);
            }
            renames.begin(NAMES, List.of()).close();
        });
        assertThat(RenameFolder.look(folder)).containsExactly(NAMES, NAMES);
        inProcess(renames -> {
            try (RenameRecord left = renames.left().getFirst()) {
                assertThat(left.copyOf(0)).contains(new Etag("0x4"));
                assertThat(left.stage()).isEqualTo(RenameRecord.Stage.MOVED);
            }
        });
        assertThat(path(2)).exists();
        assertThat(path(3)).as("no number is given twice").exists();
    }

    @Test
    void ofAnEndThatIsCutOffEverythingBeforeCounts() throws Exception {
        int[] lengths = new int[2];
        inProcess(renames -> {
            try (RenameRecord record = renames.begin(NAMES, PARTS)) {
                lengths[0] = (int) Files.size(path(1));
                record.copied(0, new Etag("0x3"));
                lengths[1] = (int) Files.size(path(1));
                record.reach(RenameRecord.Stage.COPIED);
            }
        });
        byte[] whole = Files.readAllBytes(path(1));
        for (int length = lengths[0]; length < whole.length; length++) {
            Files.write(path(1), Arrays.copyOf(whole, length));
            boolean copied = length >= lengths[1];
            inProcess(renames -> {
                try (RenameRecord left = renames.left().getFirst()) {
                    assertThat(left.copyOf(0).isPresent()).isEqualTo(copied);
                    assertThat(left.stage()).isEqualTo(RenameRecord.Stage.COPYING);
                    left.reach(RenameRecord.Stage.GIVEN_UP);
                }
            });
            inProcess(renames -> {
                try (RenameRecord left = renames.left().getFirst()) {
                    assertThat(left.copyOf(0).isPresent()).isEqualTo(copied);
                    assertThat(left.stage()).isEqualTo(RenameRecord.Stage.GIVEN_UP);
                }
            });
        }
    }

    @Test
    void whatMovesIsReadAsAWholeOrNotAtAll() throws Exception {
        inProcess(renames -> renames.begin(NAMES, PARTS).close());
        byte[] whole = Files.readAllBytes(path(1));
        for (int at = 0; at < whole.length; at++) {
            byte[] wrong = whole.clone();
            wrong[at] ^= 0x10;
            Files.write(path(1), wrong);
            inProcess(renames -> assertThat(renames.left()).isEmpty());
            assertThat(path(1)).as("left for a person").exists();
        }
    }

    @Test
    void manyPartsAreWrittenInPieces() throws Exception {
        List<RenameRecord.Part> many = IntStream.range(0, 20_000)
                .mapToObj(number -> new RenameRecord.Part("/part " + number, new Etag("0x" + number), false))
                .toList();
        inProcess(renames -> renames.begin(NAMES, many).close());
        inProcess(renames -> {
            try (RenameRecord left = renames.left().getFirst()) {
                assertThat(left.parts()).isEqualTo(many);
            }
        });
    }

    @Test
    void whatIsNotOnStableStorageHasNotBegun() throws Exception {
        StableStorage broken = (_, _) -> {
            throw new IOException("no space left on device");
        };
        inProcess(broken, renames -> assertThatThrownBy(() -> renames.begin(NAMES, PARTS))
                .isInstanceOf(ForebayException.NoSpace.class));
        inProcess(renames -> assertThat(renames.left()).isEmpty());
        assertThat(folder.resolve("renames")).isEmptyDirectory();
    }
}
