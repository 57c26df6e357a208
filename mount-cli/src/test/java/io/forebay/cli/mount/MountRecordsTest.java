package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountRecordsTest {
    private static final MountRecord RECORD = new MountRecord(
            Path.of("/mnt/a b/ü"),
            new DaemonProcess(42, 4711),
            "https://acct.blob.core.windows.net/train",
            "jnr-fuse",
            Path.of("/cache"),
            Optional.of(Path.of("/log")),
            Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsFound() throws ForebayException {
        MountRecords records = records();
        records.write(RECORD);
        assertThat(records.find(RECORD.mountPoint())).hasValue(RECORD);

        MountRecord failed = RECORD.failed("two\nlines");
        records.write(failed);
        assertThat(records.all()).containsExactly(failed);

        records.remove(RECORD.mountPoint());
        records.remove(RECORD.mountPoint());
        assertThat(records.all()).isEmpty();
    }

    @Test
    void withoutAFolderThereIsNone() throws ForebayException {
        assertThat(records().all()).isEmpty();
        assertThat(records().find(Path.of("/mnt"))).isEmpty();
    }

    @Test
    void aDamagedRecordCountsAsNone() throws ForebayException, IOException {
        MountRecords records = records();
        records.write(RECORD);
        Path other = folder.resolve("records/mnt.mount");
        Files.writeString(other, "pid=many\nmount-point=/mnt\n");

        assertThat(records.all()).containsExactly(RECORD);
        assertThat(records.find(Path.of("/mnt"))).isEmpty();
    }

    @Test
    void pathsThatDifferHaveRecordsThatDiffer() throws ForebayException {
        MountRecords records = records();
        String deep = "/x".repeat(120);
        for (String path : new String[] {"/a_b", "/a/b", "/a__b", "/1" + deep, "/2" + deep}) {
            records.write(new MountRecord(
                    Path.of(path), RECORD.process(), "s", "d", RECORD.cachePath(), Optional.empty(), Optional.empty()));
        }

        assertThat(records.all()).hasSize(5);
    }

    @Test
    void aProcessIsKnownByItsNumberAndItsStart() {
        DaemonProcess current = DaemonProcess.current();

        assertThat(current.isAlive()).isTrue();
        assertThat(new DaemonProcess(current.pid(), current.startTicks() + 1).isAlive())
                .isFalse();
        assertThat(new DaemonProcess(Integer.MAX_VALUE, 1).isAlive()).isFalse();
    }

    private MountRecords records() {
        return new MountRecords(folder.resolve("records"));
    }
}
