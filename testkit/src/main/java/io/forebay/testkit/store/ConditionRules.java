package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Metadata;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Preconditions, one caller at a time. */
abstract class ConditionRules extends StoreRules {
    ConditionRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void aPutIfAbsentMakesButNeverReplaces() throws Exception {
        BlobProperties made = put("b", bytes("first"), BlobHeaders.NONE, ABSENT);
        assertChanged(() -> put("b", bytes("second"), BlobHeaders.NONE, ABSENT));
        assertSameVersion(head("b"), made);
        assertThat(contentOf("b")).isEqualTo(bytes("first"));
        delete("b");
        put("b", bytes("third"), BlobHeaders.NONE, ABSENT);
        assertThat(contentOf("b")).isEqualTo(bytes("third"));
    }

    @Test
    void aPutIfMatchReplacesOnlyThatVersion() throws Exception {
        BlobProperties first = put("b", bytes("first"));
        BlobProperties second = put("b", bytes("second"), BlobHeaders.NONE, ifStill(first));
        assertChanged(() -> put("b", bytes("third"), BlobHeaders.NONE, ifStill(first)));
        assertSameVersion(head("b"), second);
        assertThat(contentOf("b")).isEqualTo(bytes("second"));
    }

    @Test
    void aPutIfMatchNeverMakes() throws Exception {
        assertChanged(() -> put("b", bytes("x"), BlobHeaders.NONE, NEVER));
        BlobProperties gone = put("b", bytes("x"));
        delete("b");
        assertChanged(() -> put("b", bytes("y"), BlobHeaders.NONE, ifStill(gone)));
        assertNotFound(() -> head("b"));
    }

    @Test
    void aCommitKeepsTheSameConditions() throws Exception {
        stage("b", block(0), bytes("zero"));
        assertChanged(() -> commit("b", NEVER, block(0)));
        assertNotFound(() -> head("b"));
        BlobProperties first = commit("b", ABSENT, block(0));
        assertChanged(() -> commit("b", ABSENT, block(0)));
        stage("b", block(1), bytes("one"));
        BlobProperties second = commit("b", ifStill(first), block(1));
        assertChanged(() -> commit("b", ifStill(first), block(1)));
        assertThat(head("b").etag()).isEqualTo(second.etag());
    }

    @Test
    void aDeleteIfMatchRemovesOnlyThatVersion() throws Exception {
        BlobProperties first = put("b", bytes("first"));
        BlobProperties second = put("b", bytes("second"));
        assertChanged(() -> store().delete("b", ifStill(first), soon()));
        assertThat(contentOf("b")).isEqualTo(bytes("second"));
        store().delete("b", ifStill(second), soon());
        assertNotFound(() -> head("b"));
        assertMissing(() -> store().delete("b", ifStill(second), soon()));
    }

    @Test
    void setMetadataIfMatchChangesOnlyThatVersion() throws Exception {
        BlobProperties first = put("b", bytes("x"));
        BlobProperties second = store().setMetadata("b", Metadata.of(Map.of("k", "1")), ifStill(first), soon());
        assertChanged(() -> store().setMetadata("b", Metadata.of(Map.of("k", "2")), ifStill(first), soon()));
        assertSameVersion(head("b"), second);
        store().setMetadata("b", Metadata.of(Map.of("k", "3")), ifStill(second), soon());
        assertThat(head("b").metadata().get("k")).contains("3");
    }

    @Test
    void aDeletedAndRemadeBlobIsAnotherVersion() throws Exception {
        BlobProperties first = put("b", bytes("same"));
        delete("b");
        put("b", bytes("same"));
        assertChanged(() -> store().delete("b", ifStill(first), soon()));
        assertChanged(() -> put("b", bytes("other"), BlobHeaders.NONE, ifStill(first)));
        assertThat(contentOf("b")).isEqualTo(bytes("same"));
    }
}
