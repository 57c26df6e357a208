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
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Azurite computes each signature again: the thin plane's are right for whatever a name may hold, by key and by SAS. */
@ExtendWith(AzuriteExtension.class)
class SignatureTest {
    private final Azurite azurite;

    SignatureTest(Azurite azurite) {
        this.azurite = azurite;
    }

    static Stream<String> names() {
        return Stream.of(
                "plain",
                "a/b/c",
                "with space",
                "a+b",
                "100%",
                "100%25%20",
                "#1",
                "what?x=y&z",
                "über/日本/😀",
                "a:b;c,d'e\"(f)[g]{h}|i^j`k~l!m$n*o=p@q<r>",
                "a/../b/./c",
                "double//slash");
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCallOfThePlaneIsAccepted(String name) throws Exception {
        String container = azurite.newContainer();
        AzureCredential sas = new AzureCredential.Sas(azurite.sas(container, "racwdl", Duration.ofHours(1)));
        for (AzureCredential credential : List.of(AzuriteContract.KEY, sas)) {
            AzureStoreSettings thin = AzureStoreSettings.of(azurite.endpoint(), null, container, credential);
            try (BlobStore store = new AzureBlobStore(thin);
                    BlobStore reference = new AzureBlobStore(thin.withDataPlane(AzureDataPlane.SDK))) {
                byte[] content = name.getBytes(StandardCharsets.UTF_8);
                BlobHeaders headers = new BlobHeaders(
                        "text/plain; charset=utf-8",
                        Metadata.of(Map.of("a_b", "1", "a1b", "2", "ab", "3", "Upper", "x  y", "empty_", "")));
                BlobProperties put = store.put(name, BlobBody.of(content), headers, Precondition.none(), soon());
                assertThat(reference.head(name, soon())).isEqualTo(put);
                assertThat(read(store, name, content.length, Precondition.ifMatch(put.etag())))
                        .isEqualTo(content);
                assertThatThrownBy(
                                () -> store.put(name, BlobBody.of(content), headers, Precondition.ifAbsent(), soon()))
                        .isInstanceOf(ForebayException.Changed.class);

                // Base64 with '+', '/' and '=' in it.
                BlockId id = new BlockId(Base64.getEncoder().encodeToString(new byte[] {-5, -17, -65, -1}));
                store.stageBlock(name, id, BlobBody.of(content), soon());
                reference.commitBlocks(
                        name, List.of(id), content.length, BlobHeaders.NONE, Precondition.none(), soon());
                assertThat(read(store, name, content.length, Precondition.none()))
                        .isEqualTo(content);

                // The source's address is signed apart, by us with the key, or is the SAS.
                BlockId copied = new BlockId(Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4}));
                ByteRange all = new ByteRange(0, content.length);
                store.stageBlockFrom(name, copied, name, all, Precondition.none(), soon());
                reference.commitBlocks(
                        name, List.of(copied, id), 2L * content.length, BlobHeaders.NONE, Precondition.none(), soon());
                assertThat(new String(
                                read(store, name, 2 * content.length, Precondition.none()), StandardCharsets.UTF_8))
                        .isEqualTo(name + name);
                assertThat(reference.list("", null, null, 10, soon()).entries()).hasSize(1);
            }
        }
    }

    private static byte[] read(BlobStore store, String name, int length, Precondition precondition) throws Exception {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        store.read(
                name,
                new ByteRange(0, length),
                precondition,
                piece -> {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    read.writeBytes(bytes);
                },
                soon());
        return read.toByteArray();
    }
}
