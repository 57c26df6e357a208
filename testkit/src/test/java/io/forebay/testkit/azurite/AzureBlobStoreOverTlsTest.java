package io.forebay.testkit.azurite;

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
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What TLS adds: trust, for each data plane. */
@ParameterizedClass
@EnumSource(AzureDataPlane.class)
@ExtendWith(AzuriteExtension.class)
class AzureBlobStoreOverTlsTest {
    private final Azurite azurite;
    private final AzureStoreSettings settings;

    AzureBlobStoreOverTlsTest(AzureDataPlane plane, @Encrypted Azurite azurite) {
        this.azurite = azurite;
        settings = AzureStoreSettings.of(
                        azurite.endpoint(), Azurite.ACCOUNT, azurite.newContainer(), AzuriteContract.KEY)
                .withDataPlane(plane);
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
            store.copy("a b/c", Precondition.none(), BlobLabels.NONE, "d", Precondition.none(), soon());
            store.delete("a b/c", Precondition.none(), soon());
            assertThat(store.list("", null, null, 10, soon()).entries()).hasSize(1);
        }
    }

    @Test
    void anUnknownCertificateIsDeniedAtOnceAndSaysWhatToDo() throws Exception {
        try (BlobStore store = new AzureBlobStore(settings)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.checkAccess(soon()),
                    () -> store.read("b", new ByteRange(0, 1), Precondition.none(), _ -> {}, soon()))) {
                assertThatThrownBy(call)
                        .isInstanceOf(ForebayException.Denied.class)
                        .hasMessageContaining("certificate is not trusted");
            }
        }
    }

    @Test
    void bytesGoBothWaysManyTimesOnKeptConnections() throws Exception {
        byte[] content = new byte[3_000_003];
        new Random(2).nextBytes(content);
        try (BlobStore store = new AzureBlobStore(settings.withCaFile(azurite.certificate()))) {
            for (int round = 0; round < 20; round++) {
                String name = "round " + round;
                store.stageBlock(name, BlockId.of(1, 0), BlobBody.of(content), soon());
                store.commitBlocks(
                        name, List.of(BlockId.of(1, 0)), content.length, BlobHeaders.NONE, Precondition.none(), soon());
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                store.read(
                        name,
                        new ByteRange(1, content.length - 2),
                        Precondition.none(),
                        piece -> {
                            byte[] bytes = new byte[piece.remaining()];
                            piece.get(bytes);
                            read.writeBytes(bytes);
                        },
                        soon());
                assertThat(read.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 1, content.length - 1));
            }
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
