package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Copies within a container. */
abstract class CopyRules extends StoreRules {
    CopyRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void aCopyHasBytesTypeAndMetadataAndItsOwnVersion() throws Exception {
        byte[] content = noise(9, 2_000_003);
        BlobProperties source = put("from", content, headers("text/plain", Map.of("k", "v")), ANY);
        BlobProperties copy = copy("from", ANY, "deep/down/to", ANY);

        assertThat(copy.name()).isEqualTo("deep/down/to");
        assertThat(copy.lengthBytes()).isEqualTo(content.length);
        assertThat(copy.headers()).isEqualTo(source.headers());
        assertSameVersion(head("deep/down/to"), copy);
        assertThat(contentOf("deep/down/to")).isEqualTo(content);
        assertSameVersion(head("from"), source);
    }

    @Test
    void aCopyLivesOnWithoutItsSource() throws Exception {
        put("from", bytes("content"));
        copy("from", ANY, "to", ANY);
        put("from", bytes("changed"));
        delete("from");
        assertThat(contentOf("to")).isEqualTo(bytes("content"));
    }

    @Test
    void anEmptyBlobWithMetadataIsCopied() throws Exception {
        put("marker", new byte[0], headers("a/b", Map.of("hdi_isfolder", "true")), ANY);
        copy("marker", ANY, "moved", ANY);
        assertThat(head("moved").lengthBytes()).isZero();
        assertThat(head("moved").metadata().isTrue("hdi_isfolder")).isTrue();
    }

    @Test
    void aCopyReplacesItsTargetWholly() throws Exception {
        put("from", bytes("new"));
        BlobProperties before = put("to", bytes("old and longer"), headers("text/plain", Map.of("k", "v")), ANY);
        BlobProperties copy = copy("from", ANY, "to", ifStill(before));
        assertThat(copy.etag()).isNotEqualTo(before.etag());
        assertThat(contentOf("to")).isEqualTo(bytes("new"));
        assertThat(head("to").metadata().asMap()).isEmpty();
    }

    @Test
    void aSourceThatIsNotThereIsNotFound() throws Exception {
        BlobProperties target = put("to", bytes("there"));
        assertNotFound(() -> copy("absent", ANY, "to", ANY));
        assertSameVersion(head("to"), target);
        assertThat(contentOf("to")).isEqualTo(bytes("there"));
    }

    @Test
    void theSourceMustBeTheVersionThatIsNamed() throws Exception {
        BlobProperties first = put("from", bytes("first"));
        BlobProperties second = put("from", bytes("second"));
        assertChanged(() -> copy("from", ifStill(first), "to", ANY));
        assertNotFound(() -> head("to"));
        copy("from", ifStill(second), "to", ANY);
        assertThat(contentOf("to")).isEqualTo(bytes("second"));
    }

    @Test
    void theTargetMustBeWhatIsExpected() throws Exception {
        put("from", bytes("content"));
        assertChanged(() -> copy("from", ANY, "to", NEVER));
        assertNotFound(() -> head("to"));

        BlobProperties there = copy("from", ANY, "to", ABSENT);
        assertChanged(() -> copy("from", ANY, "to", ABSENT));
        assertChanged(() -> copy("from", ANY, "to", NEVER));
        assertSameVersion(head("to"), there);
        copy("from", ANY, "to", ifStill(there));
    }
}
