package io.forebay.blob.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlockId;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where blobs, records and blocks lie, and that nothing else does. */
class FolderLayoutTest {
    @TempDir
    private Path folder;

    private DirectoryAccount account;

    @BeforeEach
    void make() throws IOException {
        account = DirectoryAccount.make(folder);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(account.stateEntries("incoming")).isEmpty();
        account.close();
    }

    private List<String> filesOf(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.equals(root))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aBlobIsThePlainFileOfItsNameAndNothingElseIsInTheContainer() throws Exception {
        account.put("a/b.bin", "bytes", BlobHeaders.of(DirectoryAccount.largeMetadata()));
        account.stage("c", 0, "block");
        account.commit("c", 0);
        account.stage("c", 1, "waits");
        assertThat(account.file("a/b.bin")).hasContent("bytes");
        assertThat(account.file("c")).hasContent("block");
        assertThat(filesOf(account.file("."))).containsExactly("a", "a/b.bin", "c");
        assertThat(account.store().displayName())
                .isEqualTo("directory:" + account.file("").toRealPath());
    }

    @Test
    void aBlobIsSetAsideWhenAnotherNeedsItsNameForAFolder() throws Exception {
        BlobProperties outer = account.put("a", "outer", BlobHeaders.of(Metadata.of(Map.of("k", "v"))));
        account.put("a/b/c", "inner");
        assertThat(account.file("a/b/c")).hasContent("inner");
        assertThat(account.state("aside/a/=")).hasContent("outer");
        assertThat(account.head("a")).isEqualTo(outer);

        account.put("a/b", "middle");
        assertThat(account.state("aside/a/b/=")).hasContent("middle");
        assertThat(account.names("", null)).containsExactly("a", "a/b", "a/b/c");

        account.delete("a/b/c");
        assertThat(account.file("a")).doesNotExist();
        account.put("a", "outer again");
        assertThat(account.state("aside/a/=")).hasContent("outer again");
        account.delete("a");
        account.delete("a/b");
        assertThat(account.stateEntries("aside")).isEmpty();

        account.put("a", "plain once more");
        assertThat(account.file("a")).hasContent("plain once more");
    }

    @Test
    void aDirectoryMarkerGoesAsideAndComesFirst() throws Exception {
        Metadata marker = Metadata.of(Map.of("hdi_isfolder", "true"));
        account.put("dir/x", "x");
        account.put("dir", "", BlobHeaders.of(marker));
        assertThat(account.head("dir").metadata()).isEqualTo(marker);
        assertThat(account.names("", "/")).containsExactly("dir", "dir/");
        assertThat(account.names("dir/", "/")).containsExactly("dir/x");
    }

    @Test
    void namesThatNoFileCanHaveAreEscaped() throws Exception {
        List<String> names = List.of("a//b", "a/", "a/..", "a/.", "=", "=/=", "=e", "=e/x", "=d", "==", "a/=", "a/=/=");
        for (String name : names) {
            account.put(name, name);
        }
        for (String name : names) {
            assertThat(account.contentOf(name)).isEqualTo(name);
        }
        assertThat(account.state("aside/a/=e/b/=")).hasContent("a//b");
        assertThat(account.state("aside/a/=dd/=")).hasContent("a/..");
        assertThat(account.state("aside/==/=")).hasContent("=");
        assertThat(account.names("", null))
                .containsExactlyElementsOf(names.stream().sorted().toList());
        for (String name : names) {
            account.delete(name);
        }
        assertThat(filesOf(account.file("."))).isEmpty();
        assertThat(account.stateEntries("aside")).isEmpty();
    }

    @Test
    void deletingPrunesEmptyFoldersOnly() throws Exception {
        account.put("a/b/c/d", "x");
        account.put("a/e", "x");
        account.delete("a/b/c/d");
        assertThat(filesOf(account.file("."))).containsExactly("a", "a/e");
        account.delete("a/e");
        assertThat(filesOf(account.file("."))).isEmpty();
    }

    @Test
    void aLargeRecordLivesAndGoesWithItsVersion() throws Exception {
        Metadata large = DirectoryAccount.largeMetadata();
        account.put("f", "x", BlobHeaders.of(large));
        assertThat(account.head("f").metadata()).isEqualTo(large);
        assertThat(account.stateEntries("records")).hasSize(1);

        account.store().setMetadata("f", large.with("k", "v"), DirectoryAccount.ANY, DirectoryAccount.soon());
        assertThat(account.head("f").metadata()).isEqualTo(large.with("k", "v"));
        assertThat(account.stateEntries("records")).hasSize(1);

        account.put("f/below", "pushes f aside");
        assertThat(account.head("f").metadata()).isEqualTo(large.with("k", "v"));

        account.put("f", "small");
        assertThat(account.stateEntries("records")).isEmpty();
        account.put("f", "large", BlobHeaders.of(large));
        account.delete("f");
        assertThat(account.stateEntries("records")).isEmpty();
    }

    @Test
    void aFailedPutLeavesNoRecordBehind() throws Exception {
        account.put("f", "x");
        BlobHeaders large = BlobHeaders.of(DirectoryAccount.largeMetadata());
        assertThatThrownBy(() -> account.store()
                        .put("f", DirectoryAccount.body("y"), large, Precondition.ifAbsent(), DirectoryAccount.soon()))
                .isInstanceOf(ForebayException.Changed.class);
        assertThat(account.stateEntries("records")).isEmpty();
    }

    @Test
    void aCommitOfManyBlocksKeepsItsListInARecordFile() throws Exception {
        int[] indexes = new int[200];
        for (int index = 0; index < indexes.length; index++) {
            indexes[index] = index;
            account.stage("f", index, "[" + index + "]");
        }
        account.commit("f", indexes);
        assertThat(account.stateEntries("records")).hasSize(1);
        assertThat(account.stateEntries("staging")).isEmpty();
        assertThat(account.store().committedBlocks("f", DirectoryAccount.soon()))
                .hasSize(200);
    }

    @Test
    void aSegmentThatNoFileSystemKeepsIsTooLong() throws Exception {
        account.put("d/" + "\u00e9".repeat(127), "254 bytes fit");
        assertThatThrownBy(() -> account.put("d/" + "\u00e9".repeat(128), "x"))
                .isInstanceOf(ForebayException.NameTooLong.class);
        account.put("=" + "x".repeat(253), "fits even when escaped");
        assertThatThrownBy(() -> account.put("=" + "x".repeat(254), "x"))
                .isInstanceOf(ForebayException.NameTooLong.class);
    }

    @Test
    void aNameThatCannotBeWrittenIsInvalid() {
        assertThatThrownBy(() -> account.put("a\0b", "x")).isInstanceOf(ForebayException.InvalidArgument.class);
        assertThatThrownBy(() -> account.put("half\uD83D", "x")).isInstanceOf(ForebayException.InvalidArgument.class);
    }

    @Test
    void nothingBeginsWithAPrefixThatNoNameHas() throws Exception {
        account.put("a", "x");
        for (String prefix : List.of("/", "a\0", "x".repeat(300), "x/".repeat(600), "../", "..")) {
            assertThat(account.names(prefix, "/")).isEmpty();
        }
    }

    @Test
    void idsOfDifferentLengthOrNoBase64AreRefused() throws Exception {
        account.stage("f", 0, "x");
        for (String id : List.of("AAAA", "not base64!", "", "AAB")) {
            assertThatThrownBy(() -> account.store()
                            .stageBlock("f", new BlockId(id), DirectoryAccount.body("y"), DirectoryAccount.soon()))
                    .isInstanceOf(ForebayException.InvalidArgument.class);
        }
    }
}
