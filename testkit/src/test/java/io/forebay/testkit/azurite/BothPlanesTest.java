package io.forebay.testkit.azurite;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one client wrote the other finds, and both say the same of it, to the letter. */
@ExtendWith(AzuriteExtension.class)
class BothPlanesTest {
    private static final List<String> NAMES =
            List.of("plain", " blanks ", "a/b/c", "a/<&>\"';amp;&amp;", "a+b%20%2F", "über/日本/😀", "x/../y", "z//z");

    private final AzureStoreSettings settings;

    BothPlanesTest(Azurite azurite) {
        settings =
                AzureStoreSettings.of(azurite.endpoint(), Azurite.ACCOUNT, azurite.newContainer(), AzuriteContract.KEY);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    @Test
    void bothSayTheSame() throws Exception {
        try (BlobStore thin = new AzureBlobStore(settings.withDataPlane(AzureDataPlane.THIN));
                BlobStore sdk = new AzureBlobStore(settings.withDataPlane(AzureDataPlane.SDK))) {
            List<BlobStore> stores = List.of(thin, sdk);
            for (int index = 0; index < NAMES.size(); index++) {
                make(stores.get(index % 2), NAMES.get(index));
            }
            for (String name : NAMES) {
                BlobProperties properties = thin.head(name, soon());
                assertThat(properties).isEqualTo(sdk.head(name, soon()));
                assertThat(thin.committedBlocks(name, soon())).isEqualTo(sdk.committedBlocks(name, soon()));
            }
            for (@Nullable String delimiter : new @Nullable String[] {null, "/"}) {
                for (int size : new int[] {1, 2, 5_000}) {
                    List<ListEntry> listed = listed(thin, delimiter, size);
                    assertThat(listed).isEqualTo(listed(sdk, delimiter, size));
                    assertThat(metadata(listed)).isEqualTo(metadata(listed(sdk, delimiter, size)));
                }
            }
            // The HTTP client below the SDK turns the names of headers into lower case, both ways; ours keeps them.
            assertThat(pairs(thin.head(NAMES.getFirst(), soon()))).contains("CamelCase");
            assertThat(listed(thin, null, 5_000).stream().map(ListEntry::name))
                    .containsExactlyInAnyOrderElementsOf(NAMES);
        }
    }

    private static void make(BlobStore store, String name) throws Exception {
        BlobBody body = BlobBody.of(name.getBytes(StandardCharsets.UTF_8));
        BlockId block = BlockId.of(7, 0);
        store.stageBlock(name, block, body, soon());
        BlobHeaders headers =
                new BlobHeaders("text/x-test", Metadata.of(Map.of("CamelCase", "Kept As It Is", "none", "")));
        BlobProperties made =
                store.commitBlocks(name, List.of(block), body.lengthBytes(), headers, Precondition.ifAbsent(), soon());
        store.setMetadata(name, made.metadata().with("more", "a  b"), Precondition.ifMatch(made.etag()), soon());
    }

    private static List<ListEntry> listed(BlobStore store, @Nullable String delimiter, int pageSize) throws Exception {
        List<ListEntry> all = new ArrayList<>();
        String continuation = null;
        do {
            ListPage page = store.list("", delimiter, continuation, pageSize, soon());
            all.addAll(page.entries());
            continuation = page.continuation();
        } while (continuation != null);
        // The SDK puts the prefixes of a page behind its blobs.
        all.sort(Comparator.comparing(ListEntry::name));
        return all;
    }

    /** Metadata is equal whatever the case of its names; written down it is not. */
    private static String pairs(BlobProperties properties) {
        return properties.metadata().toString();
    }

    private static List<String> metadata(List<ListEntry> entries) {
        return entries.stream()
                .filter(ListEntry.Blob.class::isInstance)
                .map(entry -> pairs(((ListEntry.Blob) entry).properties()))
                .toList();
    }
}
