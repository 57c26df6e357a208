package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What unmounting does once the kernel has let go; the kernel's part is tested with real mounts. */
class UnmountingTest {
    private static final DaemonProcess ENDED = new DaemonProcess(Integer.MAX_VALUE, 1);
    private static final Path MOUNT_POINT = Path.of("/mnt/nothing-is-here");

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    @Test
    void whereNothingIsMountedItSaysSo() {
        assertThatThrownBy(() -> unmount(MOUNT_POINT, Duration.ZERO))
                .isInstanceOf(ForebayException.NotFound.class)
                .hasMessageContaining("nothing is mounted at");
    }

    @Test
    void whatIsNotOursStays() {
        assertThatThrownBy(() -> unmount(Path.of("/proc"), Duration.ZERO))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessageContaining("is proc and not Forebay's");
    }

    @Test
    void theRecordOfAProcessThatWasKilledIsCleanedUp() throws ForebayException {
        records().write(record(ENDED));

        assertThatCode(() -> unmount(MOUNT_POINT, Duration.ZERO)).doesNotThrowAnyException();
        assertThat(records().all()).isEmpty();
    }

    @Test
    void uploadsThatFailedAreReportedOnce() throws ForebayException {
        records().write(record(ENDED).failed("a.bin: disk full"));

        assertThatThrownBy(() -> unmount(MOUNT_POINT, Duration.ZERO))
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageContaining("not everything was uploaded: a.bin: disk full")
                .hasMessageContaining("/some.log");
        assertThat(records().all()).isEmpty();
    }

    @Test
    void waitingForUploadsIsSaidAndBounded() throws ForebayException {
        records().write(record(DaemonProcess.current()));

        assertThatThrownBy(() -> unmount(MOUNT_POINT, Duration.ofMillis(2_500)))
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageContaining("still uploads");
        assertThat(said).singleElement().asString().startsWith("waiting for process ");
        assertThat(records().all()).hasSize(1);
    }

    @Test
    void namesWhoKeepsAFolderBusy() throws IOException {
        Path file = Files.createFile(folder.resolve("open"));
        try (var _ = Files.newInputStream(file)) {
            assertThat(MountUsers.of(folder.toRealPath()))
                    .anyMatch(user ->
                            user.contains("(pid " + ProcessHandle.current().pid() + ")"));
        }
    }

    private void unmount(Path mountPoint, Duration wait) throws ForebayException {
        UnmountProgram never = (path, _) -> Optional.of("must not be asked to unmount " + path);
        new Unmounting(records(), never, Clock.system(), said::add).unmount(mountPoint, false, wait);
    }

    private static MountRecord record(DaemonProcess process) {
        return new MountRecord(
                MOUNT_POINT,
                process,
                "store",
                "fake",
                Path.of("/cache"),
                Optional.of(Path.of("/some.log")),
                Optional.empty());
    }

    private MountRecords records() {
        return new MountRecords(folder.resolve("records"));
    }
}
