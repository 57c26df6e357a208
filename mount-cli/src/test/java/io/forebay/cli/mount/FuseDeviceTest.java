package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
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
        assertThatCode(() -> device().check(false, true)).doesNotThrowAnyException();
    }

    @Test
    void withoutTheDeviceItSaysWhatLoadsIt() throws IOException {
        Files.delete(machine.resolve("fuse"));

        assertThatThrownBy(() -> device().check(true, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("there is no")
                .hasMessageContaining("modprobe fuse");
    }

    @Test
    void aDeviceThatCannotBeOpenedIsNamedWithTheReason() throws IOException {
        Files.delete(machine.resolve("fuse"));
        Files.createDirectory(machine.resolve("fuse"));

        assertThatThrownBy(() -> device().check(true, false))
                .isInstanceOf(ForebayException.Denied.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("directory");
    }

    @Test
    void theLibraryMayBeKnownToTheLinkerOnly() throws IOException {
        Files.delete(machine.resolve("libfuse.so.2"));
        assertThatThrownBy(() -> device().check(true, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("libfuse2t64");

        Files.writeString(machine.resolve("ld.so.cache"), "\0/opt/x/libfuse.so.2\0");
        assertThatCode(() -> device().check(true, false)).doesNotThrowAnyException();
    }

    @Test
    void onlyRootMountsWithoutFusermount() throws IOException {
        Files.delete(machine.resolve("fusermount"));

        assertThatCode(() -> device().check(true, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> device().check(false, false))
                .isInstanceOf(ForebayException.Unsupported.class)
                .hasMessageContaining("fusermount is missing");
    }

    @Test
    void onlyRootSharesWhereUsersMayNot() throws IOException {
        Files.writeString(machine.resolve("fuse.conf"), "#user_allow_other\n");

        assertThatCode(() -> device().check(true, true)).doesNotThrowAnyException();
        assertThatCode(() -> device().check(false, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> device().check(false, true))
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
