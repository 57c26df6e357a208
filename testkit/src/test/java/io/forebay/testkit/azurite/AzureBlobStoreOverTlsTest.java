package io.forebay.testkit.azurite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What TLS adds: trust. The contract itself is not repeated, since nothing else differs. */
@ExtendWith(AzuriteExtension.class)
class AzureBlobStoreOverTlsTest {
    private final Azurite azurite;
    private final AzureStoreSettings settings;

    AzureBlobStoreOverTlsTest(@Encrypted Azurite azurite) {
        this.azurite = azurite;
        settings =
                AzureStoreSettings.of(azurite.endpoint(), Azurite.ACCOUNT, azurite.newContainer(), AzuriteContract.KEY);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    @Test
    void aCertificateFromTheFileIsTrusted() throws Exception {
        byte[] content = new byte[5_000_011];
        new Random(1).nextBytes(content);
        try (BlobStore store = new AzureBlobStore(settings.withCaFile(azurite.certificate()))) {
            BlobProperties put =
                    store.put("a b/c", BlobBody.of(content), BlobHeaders.NONE, Precondition.ifAbsent(), soon());
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            store.read(
                    "a b/c",
                    new ByteRange(0, content.length),
                    Precondition.ifMatch(put.etag()),
                    piece -> {
                        byte[] bytes = new byte[piece.remaining()];
                        piece.get(bytes);
                        read.write(bytes);
                    },
                    soon());
            assertThat(read.toByteArray()).isEqualTo(content);
            store.copy("a b/c", Precondition.none(), "d", Precondition.none(), soon());
            store.delete("a b/c", Precondition.none(), soon());
            assertThat(store.list("", null, null, 10, soon()).entries()).hasSize(1);
        }
    }

    @Test
    void anUnknownCertificateIsDeniedAtOnceAndSaysWhatToDo() throws Exception {
        try (BlobStore store = new AzureBlobStore(settings)) {
            assertThatThrownBy(() -> store.checkAccess(soon()))
                    .isInstanceOf(ForebayException.Denied.class)
                    .hasMessageContaining("certificate is not trusted");
        }
    }

    @Test
    void aFileThatHoldsNoCertificateIsNamed(@TempDir Path folder) throws Exception {
        Path notPem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        for (Path file : new Path[] {notPem, folder.resolve("missing.pem")}) {
            try (BlobStore store = new AzureBlobStore(settings.withCaFile(file))) {
                assertThatThrownBy(() -> store.checkAccess(soon()))
                        .isInstanceOf(ForebayException.InvalidArgument.class)
                        .hasMessageContaining(file.toString());
            }
        }
    }
}
