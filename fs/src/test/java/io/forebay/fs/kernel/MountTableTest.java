package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    private static final List<String> LINES = List.of(
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "30 22 0:45 / /mnt/two\\040words rw,nosuid - fuse.forebay one rw",
            "31 22 0:46 / /mnt/two\\040words rw,nosuid - fuse.forebay two rw",
            "short line");

    @Test
    void the_upper_of_two_mounts_counts() {
        assertThat(MountTable.deviceAt("/mnt/two words", LINES)).contains("0:46");
    }

    @Test
    void a_folder_within_a_mount_is_not_a_mount() {
        assertThat(MountTable.deviceAt("/mnt", LINES)).isEmpty();
        assertThat(MountTable.deviceAt("/", LINES)).contains("254:0");
    }
}
