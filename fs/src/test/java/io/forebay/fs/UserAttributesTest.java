package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.ExtendedAttributes.Setting;
import io.forebay.testkit.store.StoreOperation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserAttributesTest extends TreeTest {
    private static final byte[] VALUE = {0, 1, -1, '"', '\n'};

    private boolean set(String path, String name, byte[] value, Setting setting) throws ForebayException {
        return tree.at(path, inode -> tree.fs.setxattr(inode, name, value, setting));
    }

    private boolean remove(String path, String name) throws ForebayException {
        return tree.at(path, inode -> tree.fs.removexattr(inode, name));
    }

    private byte[] get(PathTree from, String path, String name) throws ForebayException {
        return from.at(path, inode -> from.fs.getxattr(inode, name)).orElseThrow();
    }

    @Test
    void any_name_and_any_bytes_are_kept_in_names_that_azure_allows() throws Exception {
        tree.remotePut("f", "abc");
        set("f", "user.Größe of.it", VALUE, Setting.EITHER);
        set("f", "user.empty", new byte[0], Setting.CREATE);
        tree.mkdir("d");
        set("d", "user.x", VALUE, Setting.EITHER);

        assertThat(tree.remoteHead("f").metadata().asMap().keySet()).allMatch(key -> key.matches("[a-z_][a-z0-9_]*"));
        PathTree other = tree.secondMount();
        assertThat(get(other, "f", "user.Größe of.it")).isEqualTo(VALUE);
        assertThat(get(other, "f", "user.empty")).isEmpty();
        assertThat(get(other, "d", "user.x")).isEqualTo(VALUE);
        assertThat(other.at("f", other.fs::listxattr)).containsExactlyInAnyOrder("user.Größe of.it", "user.empty");
        Optional<byte[]> absent = other.at("f", inode -> other.fs.getxattr(inode, "user.groesse"));
        assertThat(absent).isEmpty();
        other.close();
    }

    @Test
    void they_travel_with_content_and_survive_its_changes() throws Exception {
        long handle = tree.create("f");
        set("f", "user.x", VALUE, Setting.EITHER);
        tree.close(handle);
        assertThat(get(tree.secondMount(), "f", "user.x")).isEqualTo(VALUE);

        long again = tree.at("f", inode -> tree.fs.open(inode, OpenMode.WRITE));
        tree.fs.allocate(again, FileSpaceOperations.Allocation.EXTEND, 0, 5);
        set("f", "user.y", VALUE, Setting.EITHER);
        tree.rename("f", "g");
        tree.close(again);
        tree.at("g", inode -> tree.fs.setattr(inode, AttributeChange.permissions(0600)));

        PathTree other = tree.secondMount();
        assertThat(get(other, "g", "user.x")).isEqualTo(VALUE);
        assertThat(get(other, "g", "user.y")).isEqualTo(VALUE);
        other.close();
    }

    @Test
    void setting_and_removing_say_what_was_there() throws Exception {
        tree.remotePut("f", "abc");
        assertThat(set("f", "user.x", VALUE, Setting.REPLACE)).isFalse();
        assertThat(remove("f", "user.x")).isFalse();
        assertThat(set("f", "user.x", VALUE, Setting.CREATE)).isTrue();
        assertThatThrownBy(() -> set("f", "user.x", VALUE, Setting.CREATE))
                .isInstanceOf(ForebayException.AlreadyExists.class);
        assertThat(set("f", "user.x", new byte[] {7}, Setting.REPLACE)).isTrue();
        assertThat(get(tree, "f", "user.x")).containsExactly(7);
        assertThat(remove("f", "user.x")).isTrue();
        assertThat(tree.at("f", tree.fs::listxattr)).isEmpty();
        assertThat(tree.remoteText("f")).isEqualTo("abc");
    }

    @Test
    void what_a_blob_cannot_carry_is_refused_and_changes_nothing() throws Exception {
        tree.remotePut("f", "abc");
        assertThatThrownBy(() -> set("f", "security.capability", VALUE, Setting.EITHER))
                .isInstanceOf(ForebayException.Unsupported.class);
        assertThatThrownBy(() -> set("f", "user.", VALUE, Setting.EITHER))
                .isInstanceOf(ForebayException.Unsupported.class);
        assertThatThrownBy(() -> set("f", "user.x", new byte[8 << 10], Setting.EITHER))
                .isInstanceOf(ForebayException.NoSpace.class);

        tree.store.beforeEffect(unavailable(StoreOperation.SET_METADATA));
        assertThatThrownBy(() -> set("f", "user.x", VALUE, Setting.EITHER))
                .isInstanceOf(ForebayException.Unavailable.class);
        tree.store.beforeEffect(NOTHING);
        assertThat(tree.at("f", tree.fs::listxattr)).isEmpty();
    }
}
