package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person works in the folder while the store is open. */
class FilesByHandTest {
    @TempDir
    private Path folder;

    private DirectoryAccount account;

    @BeforeEach
    void make() throws IOException {
        account = DirectoryAccount.make(folder);
    }

    @AfterEach
    void close() {
        account.close();
    }

    @Test
    void aFileDroppedInIsABlobAtOnce() throws Exception {
        account.writtenByHand("data/new.txt", "by hand");
        BlobProperties head = account.head("data/new.txt");
        assertThat(head.lengthBytes()).isEqualTo(7);
        assertThat(head.headers()).isEqualTo(BlobHeaders.NONE);
        assertThat(account.head("data/new.txt")).isEqualTo(head);
        assertThat(account.names("", null)).containsExactly("data/new.txt");
        assertThat(account.names("", "/")).containsExactly("data/");
        assertThat(account.contentOf("data/new.txt")).isEqualTo("by hand");
        assertThat(account.store().committedBlocks("data/new.txt", DirectoryAccount.soon()))
                .isEmpty();
    }

    @Test
    void aFileDroppedInCanBeChangedLikeAnyBlob() throws Exception {
        account.writtenByHand("f", "by hand");
        Metadata metadata = Metadata.of(Map.of("k", "v"));
        BlobProperties first = account.head("f");
        BlobProperties set =
                account.store().setMetadata("f", metadata, Precondition.ifMatch(first.etag()), DirectoryAccount.soon());
        assertThat(set.etag()).isNotEqualTo(first.etag());
        assertThat(account.head("f")).isEqualTo(set);
        assertThat(account.contentOf("f")).isEqualTo("by hand");
        account.store().delete("f", Precondition.ifMatch(set.etag()), DirectoryAccount.soon());
        assertThat(account.file("f")).doesNotExist();
    }

    @Test
    void anEditIsANewVersionThatKeepsItsMetadataButNotItsBlocks() throws Exception {
        account.stage("f", 0, "block");
        account.commit("f", 0);
        BlobProperties before = account.store()
                .setMetadata("f", Metadata.of(Map.of("k", "v")), DirectoryAccount.ANY, DirectoryAccount.soon());
        Files.writeString(account.file("f"), "edited by hand");

        BlobProperties after = account.head("f");
        assertThat(after.etag()).isNotEqualTo(before.etag());
        assertThat(after.lengthBytes()).isEqualTo(14);
        assertThat(after.headers()).isEqualTo(before.headers());
        assertThat(account.store().committedBlocks("f", DirectoryAccount.soon()))
                .isEmpty();
        assertThatThrownBy(
                        () -> account.store().delete("f", Precondition.ifMatch(before.etag()), DirectoryAccount.soon()))
                .isInstanceOf(ForebayException.Changed.class);
    }

    @Test
    void anEditOfTheSameLengthIsNoticedByItsTime() throws Exception {
        BlobProperties before = account.put("f", "12345");
        Files.writeString(account.file("f"), "54321");
        FileTime later = FileTime.from(before.lastModified().plusSeconds(1));
        Files.setLastModifiedTime(account.file("f"), later);
        assertThat(account.head("f").etag()).isNotEqualTo(before.etag());
        assertThat(account.head("f").lastModified()).isEqualTo(later.toInstant());
    }

    @Test
    void aFileMovedOverABlobTakesItsPlace() throws Exception {
        BlobProperties before = account.put("f", "store");
        Path other = account.writtenByHand("other", "by hand");
        Files.move(other, account.file("f"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(account.head("f").etag()).isNotEqualTo(before.etag());
        assertThat(account.contentOf("f")).isEqualTo("by hand");
        assertThat(account.names("", null)).containsExactly("f");
    }

    @Test
    void aBlobMovedByHandKeepsItsVersion() throws Exception {
        BlobProperties before = account.put("f", "x", BlobHeaders.of(Metadata.of(Map.of("k", "v"))));
        Files.move(account.file("f"), account.file("g"));
        assertThat(account.head("g").etag()).isEqualTo(before.etag());
        assertThat(account.head("g").metadata()).isEqualTo(before.metadata());
    }

    @Test
    void aBlobRemovedByHandIsGone() throws Exception {
        account.put("d/f", "x");
        Files.delete(account.file("d/f"));
        assertThatThrownBy(() -> account.head("d/f")).isInstanceOf(ForebayException.NotFound.class);
        assertThat(account.names("", "/")).isEmpty();
    }

    @Test
    void emptyFoldersAreNothing() throws Exception {
        Files.createDirectories(account.file("empty/deep/er"));
        account.writtenByHand("full/deep/er/f", "x");
        assertThat(account.names("", "/")).containsExactly("full/");
        assertThat(account.names("empty/", "/")).isEmpty();
        account.put("empty", "a blob all the same");
        assertThat(account.contentOf("empty")).isEqualTo("a blob all the same");
        assertThat(account.names("", "/")).containsExactly("empty", "full/");
    }

    @Test
    void aFilePutWhereABlobIsSetAsideGoesBeforeIt() throws Exception {
        account.put("a/b", "below");
        account.put("a", "aside");
        account.delete("a/b");
        account.writtenByHand("a", "by hand");
        assertThat(account.contentOf("a")).isEqualTo("by hand");
        assertThat(account.names("", null)).containsExactly("a");
        account.delete("a");
        assertThatThrownBy(() -> account.head("a")).isInstanceOf(ForebayException.NotFound.class);
        assertThat(account.stateEntries("aside")).isEmpty();
    }

    @Test
    void linksAreNotFollowed(@TempDir Path outside) throws Exception {
        Path secret = Files.writeString(outside.resolve("secret"), "not a blob");
        Files.createSymbolicLink(account.file("file"), secret);
        Files.createSymbolicLink(account.file("folder"), outside);
        assertThat(account.names("", null)).isEmpty();
        assertThat(account.names("", "/")).isEmpty();
        assertThat(account.names("folder/", "/")).isEmpty();
        for (String name : new String[] {"file", "folder", "folder/secret"}) {
            assertThatThrownBy(() -> account.head(name)).isInstanceOf(ForebayException.NotFound.class);
        }

        account.put("folder/secret", "a blob");
        account.put("file", "another");
        assertThat(account.contentOf("folder/secret")).isEqualTo("a blob");
        assertThat(account.contentOf("file")).isEqualTo("another");
        assertThat(account.names("", null)).containsExactly("file", "folder/secret");
        account.delete("folder/secret");
        account.delete("file");
        assertThat(secret).hasContent("not a blob");
        assertThat(Files.isSymbolicLink(account.file("file"))).isTrue();
    }

    @Test
    void socketsAreNoBlobs() throws Exception {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(account.file("s")));
            assertThat(account.names("", null)).isEmpty();
            assertThatThrownBy(() -> account.head("s")).isInstanceOf(ForebayException.NotFound.class);
        }
    }

    @Test
    void aNameThatIsNotUtf8IsNoBlobAndHidesNone() throws Exception {
        account.put("a", "x");
        account.put("z", "x");
        Process process = new ProcessBuilder("sh", "-c", ": > \"$(printf 'l\\377l')\"")
                .directory(account.file(".").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(account.names("", null)).containsExactly("a", "z");
    }

    @Test
    void aFileEditedWhileItIsReadIsNeverMixed() throws Exception {
        BlobProperties before = account.put("f", "1".repeat(1 << 20));
        AtomicInteger received = new AtomicInteger();
        assertThatThrownBy(() -> account.store()
                        .read(
                                "f",
                                new ByteRange(0, 1 << 20),
                                Precondition.ifMatch(before.etag()),
                                bytes -> {
                                    received.addAndGet(bytes.remaining());
                                    Files.writeString(account.file("f"), "2".repeat(2 << 20));
                                },
                                DirectoryAccount.soon()))
                .isInstanceOf(ForebayException.Changed.class);
        assertThat(received.get()).isLessThan(1 << 20);
    }

    @Test
    void aCopyWithItsAttributesDoesNotOwnTheRecordOfTheOriginal() throws Exception {
        BlobProperties original = account.put("original", "x", BlobHeaders.of(DirectoryAccount.largeMetadata()));
        Files.copy(account.file("original"), account.file("copy"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(account.contentOf("copy")).isEqualTo("x");
        account.delete("copy");
        assertThat(account.head("original")).isEqualTo(original);
    }

    @Test
    void aDamagedRecordCostsThePropertiesAndNotTheBytes() throws Exception {
        BlobProperties before = account.put("f", "bytes", BlobHeaders.of(Metadata.of(Map.of("k", "v"))));
        Files.setAttribute(account.file("f"), "user:forebay", "nonsense".getBytes(UTF_8));
        assertThat(account.head("f").etag()).isNotEqualTo(before.etag());
        assertThat(account.head("f").metadata()).isEqualTo(Metadata.EMPTY);
        assertThat(account.contentOf("f")).isEqualTo("bytes");
    }
}
