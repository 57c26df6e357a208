package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import org.junit.jupiter.api.Test;

/** Staging blocks whose bytes the store takes from a blob that it has. */
abstract class CopiedBlockRules extends StoreRules {
    CopiedBlockRules(BlobStoreContract contract) {
        super(contract);
    }

    private void stageFrom(String name, BlockId id, String from, long offset, long length, Precondition source)
            throws Exception {
        store().stageBlockFrom(name, id, from, new ByteRange(offset, length), source, soon());
    }

    @Test
    void aBlobThatWasPutIsEditedInPlace() throws Exception {
        byte[] before = noise(1, 3_000_000);
        byte[] change = noise(2, 70_000);
        BlobProperties first = put("dir/b", before);
        stageFrom("dir/b", block(0), "dir/b", 0, 1_000_001, ifStill(first));
        stage("dir/b", block(1), change);
        stageFrom("dir/b", block(2), "dir/b", 1_070_001, 3_000_000 - 1_070_001, ifStill(first));
        assertThat(contentOf("dir/b")).isEqualTo(before);

        BlobProperties second = commit("dir/b", ifStill(first), block(0), block(1), block(2));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(contentOf("dir/b"))
                .isEqualTo(
                        joined(slice(before, 0, 1_000_001), change, slice(before, 1_070_001, 3_000_000 - 1_070_001)));
        assertThat(store().committedBlocks("dir/b", soon()))
                .containsExactly(
                        new Block(block(0), 1_000_001),
                        new Block(block(1), 70_000),
                        new Block(block(2), 3_000_000 - 1_070_001));
    }

    @Test
    void copiedStagedAndCommittedBlocksMix() throws Exception {
        stage("b", block(0), bytes("[zero]"));
        stage("b", block(1), bytes("[one]"));
        BlobProperties first = commit("b", block(0), block(1));
        stageFrom("b", block(2), "b", 7, 3, ifStill(first));
        commit("b", ifStill(first), block(1), block(2), block(0));
        assertThat(contentOf("b")).isEqualTo(bytes("[one]one[zero]"));
    }

    @Test
    void theSourceMayHaveAnyNameOfAnother() throws Exception {
        String from = "with space/\u00fc+100%25#?x=y&z";
        put(from, bytes("content"));
        stageFrom("to", block(0), from, 3, 4, ANY);
        delete(from);
        commit("to", block(0));
        assertThat(contentOf("to")).isEqualTo(bytes("tent"));
    }

    @Test
    void aCopyReplacesTheBlockOfTheSameId() throws Exception {
        put("from", bytes("content"));
        stage("to", block(0), bytes("sent before"));
        stageFrom("to", block(0), "from", 0, 7, ANY);
        commit("to", block(0));
        assertThat(contentOf("to")).isEqualTo(bytes("content"));
    }

    @Test
    void theSourceMustBeTheVersionThatIsNamed() throws Exception {
        BlobProperties first = put("b", bytes("first!"));
        BlobProperties second = put("b", bytes("second"));
        assertChanged(() -> stageFrom("b", block(0), "b", 0, 6, ifStill(first)));
        assertInvalid(() -> commit("b", block(0)));
        stageFrom("b", block(0), "b", 0, 6, ifStill(second));
        commit("b", ifStill(second), block(0));
        assertThat(contentOf("b")).isEqualTo(bytes("second"));
    }

    @Test
    void aSourceThatIsNotThereIsNotFound() throws Exception {
        assertNotFound(() -> stageFrom("to", block(0), "absent", 0, 1, ANY));
        assertMissing(() -> stageFrom("to", block(0), "absent", 0, 1, NEVER));
        assertNotFound(() -> head("to"));
        assertInvalid(() -> commit("to", block(0)));
    }

    @Test
    void moreThanOneRequestCopiesIsRefused() throws Exception {
        put("b", bytes("small"));
        assertInvalid(() -> stageFrom("b", block(0), "b", 0, BlobStore.MAX_COPIED_BLOCK_BYTES + 1, ANY));
    }
}
