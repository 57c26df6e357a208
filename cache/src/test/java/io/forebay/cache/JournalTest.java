package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.ByteSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Boot NOW = new Boot("now");

    @TempDir
    Path folder;

    private final List<Integer> freed = new ArrayList<>();

    private static PendingFile file(String name) {
        return new PendingFile(
                "azure://a/b",
                name,
                Optional.of(new Etag("0x8D")),
                new BlobHeaders(
                        new ContentHeaders("text/plain", "gzip", "de", "inline", "no-cache"),
                        Metadata.of(Map.of("mtime", "1", "grüße", "2")),
                        new BlobLabels("Cool", 3)),
                1_234_567_890_123L,
                PendingFile.State.WAITING);
    }

    /** Something to do with a journal. */
    @FunctionalInterface
    private interface Use {
        void of(Journal journal) throws ForebayException, IOException;
    }

    private void inProcess(Boot boot, Use use) throws ForebayException, IOException {
        CacheDirectory directory = CacheDirectory.claim(folder, new ByteSize(0), StableStorage.DISKS, new Metrics());
        try (Journal journal = Journal.open(directory, boot, freed::add)) {
            use.of(journal);
        } finally {
            directory.close();
        }
    }

    private Path path() {
        return folder.resolve("journal");
    }

    @Test
    void aRecordOfAnOlderVersionIsReadToo() {
        ByteBuffer old = RecordFrame.around(0x46424A31, body -> {
            body.writeByte(1);
            body.writeInt(7);
            body.writeInt(JournalRecord.ANY_BOOT);
            body.writeLong(5);
            for (String text : List.of("WAITING", "dir", "b/c", "0x8D", "text/plain")) {
                RecordFrame.write(body, text);
            }
            body.writeInt(1);
            RecordFrame.write(body, "mtime");
            RecordFrame.write(body, "1");
        });
        assertThat(JournalRecord.at(old, 0).orElseThrow().record())
                .isEqualTo(new JournalRecord(
                        7,
                        JournalRecord.ANY_BOOT,
                        JournalRecord.Synced.UNKNOWN,
                        Optional.of(new PendingFile(
                                "dir",
                                "b/c",
                                Optional.of(new Etag("0x8D")),
                                new BlobHeaders("text/plain", Metadata.of(Map.of("mtime", "1"))),
                                5,
                                PendingFile.State.WAITING))));
    }

    @Test
    void theNextProcessFindsWhatWasKept() throws Exception {
        PendingFile conflict = new PendingFile(
                "dir",
                "b/c",
                Optional.empty(),
                BlobHeaders.NONE,
                5,
                PendingFile.State.CONFLICT,
                List.of(new SentVersion(new BlobHeaders("text/plain", Metadata.of(Map.of("mtime", "2"))), 7)));
        inProcess(NOW, journal -> {
            journal.keep(3, file("a"), false, -1);
            journal.keep(70_000, conflict, true, 10);
            journal.keep(4, file("x"), false, -1);
            journal.done(4);
            journal.keep(3, file("renamed"), false, -1);
        });
        inProcess(NOW, journal -> assertThat(journal.pending())
                .containsExactlyInAnyOrderEntriesOf(Map.of(3, file("renamed"), 70_000, conflict)));
    }

    @Test
    void nothingIsWrittenWhereNothingIsKept() throws Exception {
        inProcess(NOW, journal -> assertThat(journal.pending()).isEmpty());
        assertThat(path()).doesNotExist();
    }

    @Test
    void anyEndThatIsCutOffLosesOneRecordAndNoOther() throws Exception {
        inProcess(NOW, journal -> {
            journal.keep(1, file("a"), true, 10);
            journal.keep(2, file("b"), true, 10);
        });
        byte[] whole = Files.readAllBytes(path());
        int first = whole.length / 2;
        for (int length = first; length < whole.length; length++) {
            Files.write(path(), Arrays.copyOf(whole, length));
            inProcess(NOW, journal -> {
                assertThat(journal.pending()).containsOnlyKeys(1);
                assertThat(journal.isDamaged()).isFalse();
                journal.keep(9, file("after"), false, -1);
            });
            inProcess(NOW, journal -> assertThat(journal.pending()).containsOnlyKeys(1, 9));
        }
    }

    @Test
    void anyByteThatIsWrongInTheMiddleIsNoticedAndLosesOneRecord() throws Exception {
        inProcess(NOW, journal -> {
            journal.keep(1, file("a"), true, 10);
            journal.keep(2, file("b"), true, 10);
        });
        byte[] whole = Files.readAllBytes(path());
        for (int at = 0; at < whole.length / 2; at++) {
            byte[] wrong = whole.clone();
            wrong[at] ^= 0x10;
            Files.write(path(), wrong);
            inProcess(NOW, journal -> {
                assertThat(journal.pending()).containsOnlyKeys(2);
                assertThat(journal.isDamaged()).isTrue();
            });
        }
    }

    @Test
    void afterAPowerCutOnlyWhatWasOnDiskIsSure() throws Exception {
        inProcess(NOW, journal -> {
            journal.keep(1, file("closed"), false, -1);
            journal.keep(2, file("synced"), true, 10);
            assertThat(journal.isSure(1)).isTrue();
            assertThat(journal.sureBytes(2))
                    .as("what was written since is there too")
                    .isEmpty();
        });
        inProcess(new Boot("the next"), journal -> {
            assertThat(journal.isSure(1)).isFalse();
            assertThat(journal.isSure(2)).isTrue();
            assertThat(journal.sureBytes(2)).hasValue(10);
        });
    }

    @Test
    void aSlotIsFreeOnceItsEndIsOnDisk() throws Exception {
        inProcess(NOW, journal -> {
            journal.leave(7);
            assertThat(freed).as("nothing was ever said of it").containsExactly(7);
            journal.keep(1, file("a"), false, -1);
            journal.done(1);
            journal.leave(1);
            assertThat(freed).containsExactly(7);
            journal.keep(2, file("b"), true, 10);
            assertThat(freed).containsExactly(7, 1);
        });
    }

    @Test
    void slotsDoNotWaitForEver() throws Exception {
        inProcess(NOW, journal -> {
            for (int slot = 0; slot < 1_000; slot++) {
                journal.keep(slot, file("a"), false, -1);
                journal.done(slot);
                journal.leave(slot);
            }
        });
        assertThat(freed.size()).isGreaterThan(700);
        assertThat(freed).isSorted();
    }

    @Test
    void itStaysSmallWhateverPassesThroughIt() throws Exception {
        inProcess(NOW, journal -> {
            journal.keep(0, file("stays"), true, 10);
            for (int slot = 1; slot < 30_000; slot++) {
                journal.keep(slot, file("passes"), false, -1);
                journal.done(slot);
            }
            journal.keep(30_000, file("last"), false, -1);
        });
        assertThat(path()).satisfies(file -> assertThat(Files.size(file)).isLessThan(2 << 20));
        inProcess(NOW, journal -> assertThat(journal.pending())
                .containsExactlyInAnyOrderEntriesOf(Map.of(0, file("stays"), 30_000, file("last"))));
    }
}
