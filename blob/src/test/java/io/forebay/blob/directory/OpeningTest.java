package io.forebay.blob.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Metadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What opening a store says, keeps and sweeps. */
class OpeningTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingContainerSaysWhichFolderToMake() {
        Path absent = folder.resolve("no/account");
        assertThatThrownBy(() -> DirectoryBlobStore.open(folder, "absent", Clock.system()))
                .isInstanceOf(ForebayException.NotFound.class)
                .hasMessageContaining(folder.resolve("absent").toString())
                .hasMessageContaining("mkdir");
        assertThatThrownBy(() -> DirectoryBlobStore.open(absent, "train", Clock.system()))
                .isInstanceOf(ForebayException.NotFound.class)
                .hasMessageContaining(absent.resolve("train").toString());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileOrALinkIsNoContainer(@TempDir Path elsewhere) throws Exception {
        Files.writeString(folder.resolve("file"), "x");
        Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        for (String name : new String[] {"file", "link"}) {
            assertThatThrownBy(() -> DirectoryBlobStore.open(folder, name, Clock.system()))
                    .isInstanceOf(ForebayException.NotFound.class)
                    .hasMessageContaining("not a folder of its own");
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsNoContainer() {
        for (String name : new String[] {"", ".", "..", ".forebay", "a/b", "/", "a\0"}) {
            assertThatThrownBy(() -> DirectoryBlobStore.open(folder, name, Clock.system()))
                    .isInstanceOf(ForebayException.InvalidArgument.class);
        }
    }

    @Test
    void aContainerThatCannotBeWrittenIsDenied() throws Exception {
        Path container = Files.createDirectory(folder.resolve("train"));
        Files.setPosixFilePermissions(container, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(container), "root may write everywhere");
        assertThatThrownBy(() -> DirectoryBlobStore.open(folder, "train", Clock.system()))
                .isInstanceOf(ForebayException.Denied.class);
    }

    @Test
    void aContainerRemovedLaterIsNotFoundAndNotMadeAgain() throws Exception {
        try (DirectoryAccount account = DirectoryAccount.make(folder)) {
            Files.delete(account.file(""));
            assertThatThrownBy(() -> account.store().checkAccess(DirectoryAccount.soon()))
                    .isInstanceOf(ForebayException.NotFound.class);
            assertThatThrownBy(() -> account.names("", null)).isInstanceOf(ForebayException.NotFound.class);
            assertThatThrownBy(() -> account.put("a/b", "x")).isInstanceOf(ForebayException.NotFound.class);
            assertThat(account.file("")).doesNotExist();
        }
    }

    @Test
    void aStoreOpenedAgainKnowsEverything() throws Exception {
        BlobProperties plain;
        BlobProperties aside;
        try (DirectoryAccount account = DirectoryAccount.make(folder)) {
            plain = account.put("d/plain", "1", BlobHeaders.of(Metadata.of(Map.of("k", "v"))));
            aside = account.put("d", "2", BlobHeaders.of(DirectoryAccount.largeMetadata()));
            account.stage("staged", 0, "zero");
            account.stage("staged", 1, "one");
        }
        try (DirectoryAccount account = DirectoryAccount.open(folder, Clock.system())) {
            assertThat(account.head("d/plain")).isEqualTo(plain);
            assertThat(account.head("d")).isEqualTo(aside);
            account.commit("staged", 0, 1);
            assertThat(account.contentOf("staged")).isEqualTo("zeroone");
        }
    }

    @Test
    void leftoversGoWhenTheyAreOldAndNothingElseDoes() throws Exception {
        try (DirectoryAccount account = DirectoryAccount.make(folder)) {
            account.put("used", "x", BlobHeaders.of(DirectoryAccount.largeMetadata()));
            account.stage("f", 0, "staged");
            Files.writeString(account.state("incoming/half"), "written");
            Files.createDirectory(account.state("incoming/dropped"));
            Files.writeString(account.state("incoming/dropped/00"), "block");
            Path record = account.stateEntries("records").getFirst();
            Files.copy(record, record.resolveSibling("0xorphan-1"));
            Files.writeString(account.state("records/0xdamaged-1"), "?");
        }
        try (DirectoryAccount account = DirectoryAccount.open(folder, Clock.system())) {
            assertThat(account.stateEntries("incoming")).hasSize(2);
            assertThat(account.stateEntries("records")).hasSize(3);
        }
        try (DirectoryAccount account = DirectoryAccount.open(folder, new AheadClock(Duration.ofHours(2)))) {
            assertThat(account.stateEntries("incoming")).isEmpty();
            assertThat(account.stateEntries("records")).hasSize(1);
            assertThat(account.head("used").metadata()).isEqualTo(DirectoryAccount.largeMetadata());
            assertThat(account.stateEntries("staging")).hasSize(1);
        }
        try (DirectoryAccount account = DirectoryAccount.open(folder, new AheadClock(Duration.ofDays(8)))) {
            assertThat(account.stateEntries("staging")).isEmpty();
            assertThatThrownBy(() -> account.commit("f", 0)).isInstanceOf(ForebayException.InvalidArgument.class);
        }
    }
}
