package io.forebay.testkit.azurite;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ListEntry;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureDataPlane;
import io.forebay.blob.azure.AzureStoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tier and tags, which another client has put on a blob, survive whatever replaces, changes or copies it. */
abstract class LabelRules {
    private static final Map<String, String> TAGS = Map.of("project", "llama 4", "owner", "team/a:b=c+d");

    private final AzureDataPlane plane;
    private final URI endpoint;
    private final String account;
    private final String key;
    private final String container;
    private BlobStore store;

    LabelRules(AzureDataPlane plane, URI endpoint, String account, String key, String container) {
        this.plane = plane;
        this.endpoint = endpoint;
        this.account = account;
        this.key = key;
        this.container = container;
    }

    @BeforeEach
    void label() throws ForebayException {
        store = new AzureBlobStore(
                AzureStoreSettings.of(endpoint, account, container, new AzureCredential.SharedKey(account, key))
                        .withDataPlane(plane));
        store.put("b", BlobBody.of(new byte[100]), BlobHeaders.NONE, Precondition.none(), soon());
        BlobClient blob = clientOf("b");
        blob.setTags(TAGS);
        blob.setAccessTier(AccessTier.COOL);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private BlobClient clientOf(String name) {
        BlobContainerClient client = new BlobContainerClientBuilder()
                .endpoint(endpoint.toString())
                .credential(new StorageSharedKeyCredential(account, key))
                .containerName(container)
                .buildClient();
        return client.getBlobClient(name);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    private void assertLabelled(String name) {
        assertThat(clientOf(name).getTags()).isEqualTo(TAGS);
        assertThat(clientOf(name).getProperties().getAccessTier()).isEqualTo(AccessTier.COOL);
        assertThat(clientOf(name).getProperties().isAccessTierInferred()).isNotEqualTo(true);
    }

    @Test
    void theyAreSeen() throws Exception {
        assertThat(store.head("b", soon()).headers().labels()).isEqualTo(new BlobLabels("Cool", 2));
        store.put("plain", BlobBody.of(new byte[1]), BlobHeaders.NONE, Precondition.none(), soon());
        assertThat(store.head("plain", soon()).headers().labels()).isEqualTo(BlobLabels.NONE);
    }

    @Test
    void theyAreListed() throws Exception {
        ListEntry entry = store.list("", null, null, 10, soon()).entries().getFirst();
        assertThat(entry).isInstanceOfSatisfying(ListEntry.Blob.class, listed -> assertThat(
                        listed.properties().headers().labels().accessTier())
                .isEqualTo("Cool"));
    }

    @Test
    void aPutKeepsThem() throws Exception {
        BlobProperties before = store.head("b", soon());
        store.put("b", BlobBody.of(new byte[7]), before.headers(), Precondition.ifMatch(before.etag()), soon());
        assertThat(store.head("b", soon()).lengthBytes()).isEqualTo(7);
        assertLabelled("b");
    }

    @Test
    void aCommitKeepsThem() throws Exception {
        BlobProperties before = store.head("b", soon());
        BlockId id = BlockId.of(7, 0);
        store.stageBlock("b", id, BlobBody.of(new byte[9]), soon());
        store.commitBlocks("b", List.of(id), 9, before.headers(), Precondition.ifMatch(before.etag()), soon());
        assertThat(store.head("b", soon()).lengthBytes()).isEqualTo(9);
        assertLabelled("b");
    }

    @Test
    void otherMetadataKeepsThem() throws Exception {
        BlobProperties before = store.head("b", soon());
        BlobProperties after =
                store.setMetadata("b", before.metadata().with("k", "v"), Precondition.ifMatch(before.etag()), soon());
        assertThat(after.headers().labels()).isEqualTo(before.headers().labels());
        assertLabelled("b");
    }

    @Test
    void aCopyHasThem() throws Exception {
        BlobProperties before = store.head("b", soon());
        store.copy(
                "b",
                Precondition.ifMatch(before.etag()),
                before.headers().labels(),
                "c",
                Precondition.ifAbsent(),
                soon());
        assertLabelled("c");
        assertLabelled("b");
    }
}
