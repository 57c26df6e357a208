package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Staging and committing blocks. */
abstract class BlockRules extends StoreRules {
    BlockRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void committedBlocksAreTheBlobInTheirOrder() throws Exception {
        byte[] zero = noise(1, 70_000);
        byte[] one = noise(2, 1);
        byte[] two = noise(3, 123_456);
        stage("b", block(2), two);
        stage("b", block(0), zero);
        stage("b", block(1), one);
        BlobHeaders headers = headers("text/plain", Map.of("k", "v"));
        BlobProperties committed = store().commitBlocks(
                        "b", List.of(block(0), block(1), block(2)), 70_000 + 1 + 123_456, headers, ANY, soon());

        assertThat(committed.name()).isEqualTo("b");
        assertThat(committed.lengthBytes()).isEqualTo(70_000 + 1 + 123_456);
        assertThat(committed.headers()).isEqualTo(headers);
        assertSameVersion(head("b"), committed);
        assertThat(contentOf("b")).isEqualTo(joined(zero, one, two));
        assertThat(store().committedBlocks("b", soon()))
                .containsExactly(new Block(block(0), 70_000), new Block(block(1), 1), new Block(block(2), 123_456));
    }

    @Test
    void stagedBlocksAreInvisible() throws Exception {
        stage("new", block(0), bytes("staged"));
        assertNotFound(() -> head("new"));
        assertNotFound(() -> store().committedBlocks("new", soon()));
        assertThat(listed("", null, 10)).isEmpty();
        assertThat(listed("", "/", 10)).isEmpty();

        BlobProperties old = put("old", bytes("old"));
        stage("old", block(0), bytes("staged"));
        assertSameVersion(head("old"), old);
        assertThat(contentOf("old")).isEqualTo(bytes("old"));
    }

    @Test
    void aBlobOfOneBlock() throws Exception {
        stage("dir/b", block(0), bytes("only"));
        commit("dir/b", block(0));
        assertThat(contentOf("dir/b")).isEqualTo(bytes("only"));
        assertThat(store().committedBlocks("dir/b", soon())).containsExactly(new Block(block(0), 4));
    }

    @Test
    void noBlocksAtAllAreAnEmptyBlob() throws Exception {
        put("b", bytes("something"));
        assertThat(commit("b").lengthBytes()).isZero();
        assertThat(head("b").lengthBytes()).isZero();
        assertThat(store().committedBlocks("b", soon())).isEmpty();
    }

    @Test
    void aPutHasNoBlocks() throws Exception {
        stage("b", block(0), bytes("staged"));
        commit("b", block(0));
        put("b", bytes("put"));
        assertThat(store().committedBlocks("b", soon())).isEmpty();
    }

    @Test
    void stagingAgainReplacesTheBlock() throws Exception {
        stage("b", block(0), bytes("first, and longer"));
        stage("b", block(0), bytes("second"));
        commit("b", block(0));
        assertThat(contentOf("b")).isEqualTo(bytes("second"));
    }

    @Test
    void aMissingBlockIsRefusedAndTheStagedOnesStay() throws Exception {
        stage("b", block(0), bytes("zero"));
        assertInvalid(() -> commit("b", block(0), block(1)));
        assertNotFound(() -> head("b"));

        stage("b", block(1), bytes("one"));
        commit("b", block(0), block(1));
        assertThat(contentOf("b")).isEqualTo(bytes("zeroone"));
    }

    @Test
    void aMissingBlockLeavesTheBlobThatWasThere() throws Exception {
        BlobProperties before = put("b", bytes("before"));
        assertInvalid(() -> commit("b", block(0)));
        assertSameVersion(head("b"), before);
        assertThat(contentOf("b")).isEqualTo(bytes("before"));
    }

    @Test
    void committedAndStagedBlocksMix() throws Exception {
        stage("b", block(0), bytes("[zero]"));
        stage("b", block(1), bytes("[one]"));
        stage("b", block(2), bytes("[two]"));
        BlobProperties first = commit("b", block(0), block(1), block(2));

        stage("b", block(3), bytes("[three]"));
        BlobProperties second = commit("b", ifStill(first), block(2), block(3), block(0));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(contentOf("b")).isEqualTo(bytes("[two][three][zero]"));
        assertThat(store().committedBlocks("b", soon()))
                .containsExactly(new Block(block(2), 5), new Block(block(3), 7), new Block(block(0), 6));
    }

    @Test
    void committedBlocksAloneCanBeRearranged() throws Exception {
        stage("b", block(0), bytes("[zero]"));
        stage("b", block(1), bytes("[one]"));
        commit("b", block(0), block(1));
        commit("b", block(1));
        assertThat(contentOf("b")).isEqualTo(bytes("[one]"));
        assertInvalid(() -> commit("b", block(0)));
        assertThat(contentOf("b")).isEqualTo(bytes("[one]"));
    }

    @Test
    void aStagedBlockGoesBeforeACommittedOneOfTheSameId() throws Exception {
        stage("b", block(0), bytes("[old]"));
        stage("b", block(1), bytes("[one]"));
        commit("b", block(0), block(1));
        stage("b", block(0), bytes("[newer]"));
        assertThat(contentOf("b")).isEqualTo(bytes("[old][one]"));
        commit("b", block(0), block(1));
        assertThat(contentOf("b")).isEqualTo(bytes("[newer][one]"));
    }

    @Test
    void aCommitDropsTheStagedBlocksItDoesNotName() throws Exception {
        stage("b", block(0), bytes("zero"));
        stage("b", block(1), bytes("one"));
        commit("b", block(0));
        assertInvalid(() -> commit("b", block(0), block(1)));
        assertThat(contentOf("b")).isEqualTo(bytes("zero"));
    }

    @Test
    void aPutDropsStagedBlocks() throws Exception {
        assumeCapability(Capability.PUT_DROPS_STAGED_BLOCKS);
        stage("b", block(0), bytes("staged"));
        put("b", bytes("put"));
        assertInvalid(() -> commit("b", block(0)));
        assertThat(contentOf("b")).isEqualTo(bytes("put"));
    }

    @Test
    void aFailedConditionKeepsStagedBlocks() throws Exception {
        put("b", bytes("there"));
        stage("b", block(0), bytes("staged"));
        assertChanged(() -> commit("b", ABSENT, block(0)));
        assertChanged(() -> commit("b", NEVER, block(0)));
        assertThat(contentOf("b")).isEqualTo(bytes("there"));
        commit("b", block(0));
        assertThat(contentOf("b")).isEqualTo(bytes("staged"));
    }

    @Test
    void blocksBelongToTheirName() throws Exception {
        stage("a", block(0), bytes("of a"));
        assertInvalid(() -> commit("b", block(0)));
        stage("a/b", block(0), bytes("of a/b"));
        stage("A", block(0), bytes("of A"));
        commit("a", block(0));
        commit("a/b", block(0));
        commit("A", block(0));
        assertThat(contentOf("a")).isEqualTo(bytes("of a"));
        assertThat(contentOf("a/b")).isEqualTo(bytes("of a/b"));
        assertThat(contentOf("A")).isEqualTo(bytes("of A"));
    }

    @Test
    void aCommitReplacesHeaders() throws Exception {
        put("b", bytes("x"), headers("text/plain", Map.of("k", "v")), ANY);
        stage("b", block(0), bytes("y"));
        commit("b", block(0));
        assertThat(head("b").headers()).isEqualTo(BlobHeaders.NONE);
    }

    @Test
    void setMetadataKeepsTheBlocks() throws Exception {
        stage("b", block(0), bytes("zero"));
        stage("b", block(1), bytes("one"));
        BlobProperties committed = commit("b", block(0), block(1));
        store().setMetadata("b", committed.metadata().with("k", "v"), ANY, soon());
        assertThat(store().committedBlocks("b", soon()))
                .containsExactly(new Block(block(0), 4), new Block(block(1), 3));
        commit("b", block(1), block(0));
        assertThat(contentOf("b")).isEqualTo(bytes("onezero"));
    }

    @Test
    void aBlobOfManyBlocks() throws Exception {
        List<BlockId> ids = new ArrayList<>();
        byte[] whole = new byte[300];
        for (int index = 0; index < 300; index++) {
            whole[index] = (byte) index;
            ids.add(block(index));
            stage("b", block(index), new byte[] {(byte) index});
        }
        store().commitBlocks("b", ids, ids.size(), BlobHeaders.NONE, ABSENT, soon());
        assertThat(contentOf("b")).isEqualTo(whole);
        assertThat(store().committedBlocks("b", soon()).stream().map(Block::id)).containsExactlyElementsOf(ids);
    }

    @Test
    void moreBlocksThanABlobCanHaveAreRefused() {
        List<BlockId> excessive = Collections.nCopies(BlobStore.MAX_BLOCKS + 1, block(0));
        assertInvalid(() -> store().commitBlocks("b", excessive, 0, BlobHeaders.NONE, ANY, soon()));
    }
}
