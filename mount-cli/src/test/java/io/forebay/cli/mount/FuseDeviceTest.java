package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.config.DoorChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseDeviceTest {
    @TempDir
    private Path machine;

    @BeforeEach
    void installEverything() throws IOException {
        Files.createFile(machine.resolve("fuse"));
        Files.createFile(machine.resolve("libfuse.so.2"));
        Files.createFile(machine.resolve("fusermount"));
        if (!machine.resolve("fusermount").toFile().setExecutable(true)) {
            throw new IOException("cannot make a program");
        }
        Files.writeString(machine.resolve("fuse.conf"), "# all\n user_allow_other \n");
    }

    @Test
    void aWholeMachineWillDo() {
        assertThatCode(() -> device().check(DoorChoice.AUTO, false, true)).doesNotThrowAnyException();
    }

    @Test
    void withoutTheDeviceItSaysWhatLoadsIt() throws IOException {
        Files.delete(machine.resolve("fuse"));

        assertThatThrownBy(() -> device().check(DoorChoice.AUTO, true, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("there is no")
                .hasMessageContaining("modprobe fuse");
    }

    @Test
    void aDeviceThatCannotBeOpenedIsNamedWithTheReason() throws IOException {
        Files.delete(machine.resolve("fuse"));
        Files.createDirectory(machine.resolve("fuse"));

        assertThatThrownBy(() -> device().check(DoorChoice.AUTO, true, false))
                .isInstanceOf(ForebayException.Denied.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("directory");
    }

    @Test
    void theLibraryMayBeKnownToTheLinkerOnly() throws IOException {
        Files.delete(machine.resolve("libfuse.so.2"));
        assertThatThrownBy(() -> device().check(DoorChoice.JNR_FUSE, true, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("libfuse2t64");

        Files.writeString(machine.resolve("ld.so.cache"), "\0/opt/x/libfuse.so.2\0");
        assertThatCode(() -> device().check(DoorChoice.JNR_FUSE, true, false)).doesNotThrowAnyException();
    }

    @Test
    void onlyRootMountsWithoutFusermount() throws IOException {
        Files.delete(machine.resolve("fusermount"));

        assertThatCode(() -> device().check(DoorChoice.AUTO, true, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> device().check(DoorChoice.AUTO, false, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("fusermount3 is missing");
    }

    @Test
    void theKernelDoorNeedsNoLibraryAndTakesEitherProgram() throws IOException {
        Files.delete(machine.resolve("libfuse.so.2"));
        assertThatCode(() -> device().check(DoorChoice.KERNEL, false, false)).doesNotThrowAnyException();

        Files.move(machine.resolve("fusermount"), machine.resolve("fusermount3"));
        assertThatCode(() -> device().check(DoorChoice.KERNEL, false, false)).doesNotThrowAnyException();
        Files.createFile(machine.resolve("libfuse.so.2"));
        assertThatThrownBy(() -> device().check(DoorChoice.JNR_FUSE, false, false))
                .as("libfuse 2 does not know fusermount3")
                .hasMessageContaining("fusermount is missing");
    }

    @Test
    void onlyRootSharesWhereUsersMayNot() throws IOException {
        Files.writeString(machine.resolve("fuse.conf"), "#user_allow_other\n");

        assertThatCode(() -> device().check(DoorChoice.AUTO, true, true)).doesNotThrowAnyException();
        assertThatCode(() -> device().check(DoorChoice.AUTO, false, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> device().check(DoorChoice.AUTO, false, true))
                .isInstanceOf(ForebayException.Denied.class)
                .hasMessageContaining("user_allow_other");
    }

    private FuseDevice device() {
        return new FuseDevice(
                machine.resolve("fuse"),
                List.of(machine),
                machine.resolve("ld.so.cache"),
                List.of(machine),
                machine.resolve("fuse.conf"));
    }
}
