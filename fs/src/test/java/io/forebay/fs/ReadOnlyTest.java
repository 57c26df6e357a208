package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ReadOnlyTest extends TreeTest {
    @Test
    void a_read_only_mount_reads_everything_and_changes_nothing() throws Exception {
        tree.put("f", "hello");
        tree.mkdir("d");
        tree.symlink("f", "s");
        PathTree readOnly = tree.secondMount(new TreeSettings(
                true,
                PathTree.OWNER,
                0644,
                0755,
                PathTree.VALIDITY,
                Duration.ofMinutes(1),
                TreeSettings.DEFAULT_MAX_CACHED_NAMES,
                false));

        assertThat(readOnly.names("")).containsExactly("d", "f", "s");
        assertThat(readOnly.text("f")).isEqualTo("hello");
        assertThat(readOnly.readlink("s")).isEqualTo("f");
        ThrowingCallable[] changes = {
            () -> readOnly.create("new"),
            () -> readOnly.mkdir("new"),
            () -> readOnly.symlink("f", "new"),
            () -> readOnly.unlink("f"),
            () -> readOnly.rmdir("d"),
            () -> readOnly.rename("f", "g"),
            () -> readOnly.open("f", OpenMode.WRITE),
            () -> readOnly.open("f", new OpenMode(true, false, true, false)),
            () -> readOnly.set("f", AttributeChange.permissions(0)),
            () -> readOnly.set("f", AttributeChange.size(0)),
            () -> readOnly.set("f", AttributeChange.times(1L, 1L)),
        };
        for (ThrowingCallable change : changes) {
            assertThatThrownBy(change).isInstanceOf(ForebayException.ReadOnly.class);
        }
        readOnly.close();
        assertBlobs("d", "f", "s");
        assertThat(tree.remoteText("f")).isEqualTo("hello");
    }
}
