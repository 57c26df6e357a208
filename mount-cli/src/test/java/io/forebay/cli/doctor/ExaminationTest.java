package io.forebay.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.mount.FuseDevice;
import io.forebay.fs.kernel.KernelOffer;
import io.forebay.fs.kernel.KernelOffer.Passthrough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExaminationTest {
    private static final Trial NEW_KERNEL = () -> new KernelOffer(45, 0, Passthrough.WORKS, true);

    @TempDir
    private Path machine;

    @BeforeEach
    void aMachineWithEverything() throws IOException {
        write("proc/sys/kernel/osrelease", "6.18.1-test");
        write("proc/sys/fs/fuse/max_pages_limit", "256");
        write("sys/module/fuse/parameters/enable_uring", "N");
        write("proc/self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax open files   1024   524288   files \n");
        write("proc/self/cmdline", "java\0-XX:AOTCache=" + machine.resolve("forebay.aot") + "\0Main");
        write("proc/self/maps", "7f00-7f01 r--p 00000000 fe:00 12 /opt/forebay.aot");
        write("forebay.aot", "");
        write("fuse", "");
        write("libfuse.so.2", "");
        write("fusermount3", "");
        if (!machine.resolve("fusermount3").toFile().setExecutable(true)) {
            throw new IOException("cannot make a program");
        }
        write("fuse.conf", "user_allow_other");
    }

    private void write(String file, String text) throws IOException {
        Path path = machine.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void aMachineWithEverythingLosesNothing() {
        assertThat(examination(false, NEW_KERNEL).findings())
                .filteredOn(finding -> !finding.subject().equals("cache"))
                .allMatch(finding -> finding.state() == Finding.State.GOOD)
                .extracting(Finding::subject)
                .containsExactly(
                        "kernel",
                        "/dev/fuse",
                        "mount",
                        "protocol",
                        "passthrough",
                        "requests",
                        "io_uring",
                        "fusermount3",
                        "libfuse 2",
                        "allow_other",
                        "open files",
                        "java",
                        "start-up");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WORKS")
    void withoutPassthroughItSaysHowToGetIt(Passthrough passthrough) {
        Finding finding = finding("passthrough", examination(true, () -> new KernelOffer(39, 0, passthrough, true)));

        assertThat(finding.state()).isEqualTo(Finding.State.LESS);
        assertThat(finding.remedy()).hasValueSatisfying(remedy -> {
            assertThat(remedy.without()).contains("disk's own speed");
            assertThat(remedy.get()).isNotBlank();
        });
    }

    @Test
    void aTrialMountThatIsRefusedBarsAndTheProtocolIsAGuess() {
        Examination refused = examination(false, () -> {
            throw new ForebayException.Denied("no right to mount");
        });

        assertThat(finding("mount", refused).state()).isEqualTo(Finding.State.BARS);
        assertThat(finding("mount", refused).here()).isEqualTo("no right to mount");
        assertThat(finding("protocol", refused).here()).startsWith("FUSE 7.42, guessed");
        assertThat(refused.findings()).extracting(Finding::subject).doesNotContain("passthrough");
    }

    @Test
    void anOldKernelIsServedThroughTheOtherDoorIfItIsThere() throws IOException {
        Trial tooOld = () -> {
            throw new ForebayException.Unsupported("the kernel speaks FUSE 7.26");
        };
        assertThat(finding("mount", examination(true, tooOld)).state()).isEqualTo(Finding.State.LESS);

        Files.delete(machine.resolve("libfuse.so.2"));
        assertThat(finding("mount", examination(true, tooOld)).state()).isEqualTo(Finding.State.BARS);
    }

    @Test
    void onlyOtherUsersThanRootNeedFusermount() throws IOException {
        Files.delete(machine.resolve("fusermount3"));

        assertThat(finding("fusermount3", examination(true, NEW_KERNEL)).state())
                .isEqualTo(Finding.State.LESS);
        assertThat(finding("fusermount3", examination(false, NEW_KERNEL)).state())
                .isEqualTo(Finding.State.BARS);
    }

    @Test
    void whatIsMissingIsSaidWithWhatIsLost() throws IOException {
        Files.delete(machine.resolve("libfuse.so.2"));
        write("fuse.conf", "#user_allow_other");
        write("proc/sys/fs/fuse/max_pages_limit", "32");
        write("proc/self/limits", "Max open files   1024   4096   files");

        for (String subject : List.of("libfuse 2", "allow_other", "requests", "open files")) {
            Finding finding = finding(subject, examination(false, NEW_KERNEL));
            assertThat(finding.state()).as(subject).isEqualTo(Finding.State.LESS);
            assertThat(finding.remedy()).as(subject).isPresent();
        }
        assertThat(finding("requests", examination(false, NEW_KERNEL)).here()).contains("128 KiB");
        assertThat(finding("open files", examination(false, NEW_KERNEL)).here()).contains("4096");
    }

    @Test
    void aCacheOfAnotherJavaIsNoCache() throws IOException {
        write("proc/self/maps", "7f00-7f01 r--p 00000000 fe:00 12 /opt/lib/modules");
        assertThat(finding("start-up", examination(true, NEW_KERNEL)).here()).contains("not for this Java");

        Files.delete(machine.resolve("forebay.aot"));
        assertThat(finding("start-up", examination(true, NEW_KERNEL)).here()).isEqualTo("no AOT cache");
    }

    @Test
    void aMissingDeviceBars() throws IOException {
        Files.delete(machine.resolve("fuse"));

        assertThat(finding("/dev/fuse", examination(true, NEW_KERNEL)).state()).isEqualTo(Finding.State.BARS);
    }

    @Test
    void theCacheIsWhereItWouldBe() {
        assertThat(finding("cache", examination(true, NEW_KERNEL)).here())
                .startsWith(machine.resolve("not/yet").toString())
                .contains("GiB free");
        assertThat(CacheFolder.nearestFolder(machine.resolve("not/yet"))).isEqualTo(machine);
    }

    private static Finding finding(String subject, Examination examination) {
        return examination.findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCachePathIsLookedAt() {
        Trial stacked = () -> new KernelOffer(45, 0, Passthrough.STACKED, true);
        Examination two = examination(
                true,
                new CacheFolder(machine.resolve("one"), NEW_KERNEL),
                new CacheFolder(machine.resolve("two"), stacked));

        assertThat(two.findings())
                .filteredOn(finding -> finding.subject().equals("passthrough"))
                .extracting(Finding::state)
                .containsExactly(Finding.State.GOOD, Finding.State.LESS);
        assertThat(two.findings())
                .filteredOn(finding -> finding.subject().equals("cache"))
                .extracting(Finding::here)
                .satisfiesExactly(one -> assertThat(one).startsWith(machine + "/one ("), other -> assertThat(other)
                        .startsWith(machine + "/two ("));
        assertThat(two.findings())
                .filteredOn(finding -> finding.subject().equals("protocol"))
                .hasSize(1);
    }

    private Examination examination(boolean root, Trial trial) {
        return examination(root, new CacheFolder(machine.resolve("not/yet"), trial));
    }

    private Examination examination(boolean root, CacheFolder... caches) {
        FuseDevice fuse = new FuseDevice(
                machine.resolve("fuse"),
                List.of(machine),
                machine.resolve("ld.so.cache"),
                List.of(machine),
                machine.resolve("fuse.conf"));
        JavaRuntime java = new JavaRuntime(machine.resolve("proc/self"), "25", "/opt/java");
        return new Examination(machine, fuse, root, List.of(caches), java);
    }
}
