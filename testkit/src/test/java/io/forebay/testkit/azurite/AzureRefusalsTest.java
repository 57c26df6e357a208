package io.forebay.testkit.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a store that says no looks like to the one who must mend it. */
@ExtendWith(AzuriteExtension.class)
class AzureRefusalsTest {
    private static final Precondition ANY = Precondition.none();

    private final Azurite azurite;
    private final String container;

    AzureRefusalsTest(Azurite azurite) {
        this.azurite = azurite;
        this.container = azurite.newContainer();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    private BlobStore open(AzureCredential credential) throws ForebayException {
        return new AzureBlobStore(AzureStoreSettings.of(azurite.endpoint(), Azurite.ACCOUNT, container, credential));
    }

    private AzureCredential.Sas sas(String permissions, Duration validity) {
        return new AzureCredential.Sas(azurite.sas(container, permissions, validity));
    }

    @Test
    void aWrongKeyIsDenied() throws Exception {
        String wrong = Base64.getEncoder().encodeToString("not the key of this account".getBytes(UTF_8));
        try (BlobStore store = open(new AzureCredential.SharedKey(Azurite.ACCOUNT, wrong))) {
            assertThatThrownBy(() -> store.checkAccess(soon()))
                    .isInstanceOf(ForebayException.Denied.class)
                    .hasMessageContaining("check the account key");
        }
    }

    @Test
    void anExpiredTokenIsDeniedAndNotRepeated() throws Exception {
        AzureCredential.Sas expired = sas("rl", Duration.ofHours(-1));
        try (BlobStore store = open(expired)) {
            assertThatThrownBy(() -> store.checkAccess(soon()))
                    .isInstanceOf(ForebayException.Denied.class)
                    .hasMessageContaining("expiry")
                    .satisfies(denied -> {
                        StringWriter all = new StringWriter();
                        denied.printStackTrace(new PrintWriter(all));
                        assertThat(all.toString()).doesNotContain("sig=");
                    });
        }
    }

    @Test
    void aTokenMayOnlyDoWhatItSays() throws Exception {
        try (BlobStore writer = open(sas("racwdl", Duration.ofHours(1)));
                BlobStore reader = open(sas("rl", Duration.ofHours(1)))) {
            writer.put("b", BlobBody.of(new byte[3]), BlobHeaders.NONE, ANY, soon());
            reader.checkAccess(soon());
            assertThat(reader.head("b", soon()).lengthBytes()).isEqualTo(3);
            assertThatThrownBy(() -> reader.put("b", BlobBody.of(new byte[1]), BlobHeaders.NONE, ANY, soon()))
                    .isInstanceOf(ForebayException.Denied.class)
                    .hasMessageContaining("permissions");
            assertThatThrownBy(() -> reader.delete("b", ANY, soon())).isInstanceOf(ForebayException.Denied.class);
            assertThat(reader.head("b", soon()).lengthBytes()).isEqualTo(3);
        }
    }

    @Test
    void whoMayNotSeeTagsDoesNotLoseThem() throws Exception {
        BlobHeaders tagged = new BlobHeaders(ContentHeaders.NONE, Metadata.EMPTY, new BlobLabels("", 1));
        try (BlobStore owner = open(AzuriteContract.KEY);
                BlobStore writer = open(sas("racwdl", Duration.ofHours(1)))) {
            BlobProperties before = owner.put("b", BlobBody.of(new byte[3]), BlobHeaders.NONE, ANY, soon());
            assertThatThrownBy(() -> writer.put("b", BlobBody.of(new byte[1]), tagged, ANY, soon()))
                    .isInstanceOf(ForebayException.Denied.class)
                    .hasMessageContaining("permission for tags (t)");
            assertThat(owner.head("b", soon())).isEqualTo(before);
        }
    }

    @Test
    void aMissingContainerIsNotAMissingBlob() throws Exception {
        AzureStoreSettings missing = AzureStoreSettings.of(
                azurite.endpoint(), Azurite.ACCOUNT, azurite.missingContainer(), AzuriteContract.KEY);
        try (BlobStore nowhere = new AzureBlobStore(missing);
                BlobStore here = open(AzuriteContract.KEY)) {
            assertThatThrownBy(() -> nowhere.checkAccess(soon()))
                    .isInstanceOf(ForebayException.NotFound.class)
                    .hasMessageContaining("no such container");
            assertThatThrownBy(() -> nowhere.head("b", soon()))
                    .isInstanceOf(ForebayException.NotFound.class)
                    .hasMessageContaining("no such container");
            assertThatThrownBy(() -> here.head("b", soon()))
                    .isInstanceOf(ForebayException.NotFound.class)
                    .hasMessageContaining("no such blob");
        }
    }

    @Test
    void metadataThatHttpCannotCarryIsRefusedBeforeItIsSent() throws Exception {
        try (BlobStore store = open(AzuriteContract.KEY)) {
            for (Map<String, String> pairs : List.of(
                    Map.of("a-b", "x"),
                    Map.of("1st", "x"),
                    Map.of("name", "über"),
                    Map.of("name", " x"),
                    Map.of("n", "a\nb"))) {
                BlobHeaders headers = BlobHeaders.of(Metadata.of(pairs));
                assertThatThrownBy(() -> store.put("b", BlobBody.of(new byte[1]), headers, ANY, soon()))
                        .isInstanceOf(ForebayException.InvalidArgument.class);
            }
        }
    }
}
