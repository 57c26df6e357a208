package io.forebay.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final MountTable TABLE = MountTable.parse(List.of(
            "22 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw",
            "42 22 0:39 / /mnt/a\\040b rw,nosuid,nodev,relatime - fuse.forebay forebay rw,user_id=0",
            "43 22 0:40 / /mnt/other rw - fuse.sshfs host: rw",
            "44 43 0:41 / /mnt/other rw - tmpfs tmpfs rw",
            "a line that is damaged"));

    @Test
    void readsPointTypeAndSourceBehindAnyNumberOfOptionalFields() {
        assertThat(TABLE.mounts()).hasSize(4);
        assertThat(TABLE.at(Path.of("/"))).hasValue(new MountTable.Mount(Path.of("/"), "ext4", "/dev/vda"));
    }

    @Test
    void knowsItsOwnByTheType() {
        assertThat(TABLE.ofForebay())
                .containsExactly(new MountTable.Mount(Path.of("/mnt/a b"), "fuse.forebay", "forebay"));
    }

    @Test
    void ofSeveralMountsOnOnePointTheLastIsSeen() {
        assertThat(TABLE.at(Path.of("/mnt/other")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("tmpfs"));
    }

    @Test
    void readsTheTableOfThisMachine() throws ForebayException {
        assertThat(MountTable.read().at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }
}
