package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.Metadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Head, put, delete and setMetadata of single blobs. */
abstract class WholeBlobRules extends StoreRules {
    WholeBlobRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertNotFound(() -> head("absent"));
        assertNotFound(() -> delete("absent"));
        assertNotFound(() -> store().setMetadata("absent", Metadata.EMPTY, ANY, soon()));
    }

    @Test
    void aPutIsThereWithBytesAndProperties() throws Exception {
        Instant before = Instant.now();
        BlobProperties put = put("model.bin", bytes("weights"), headers("text/plain", Map.of("run", "a 7")), ANY);

        assertThat(put.name()).isEqualTo("model.bin");
        assertThat(put.lengthBytes()).isEqualTo(7);
        assertThat(put.headers()).isEqualTo(headers("text/plain", Map.of("run", "a 7")));
        assertThat(put.lastModified())
                .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
        assertSameVersion(head("model.bin"), put);
        assertThat(contentOf("model.bin")).isEqualTo(bytes("weights"));
    }

    @Test
    void everyHeaderOfContentIsKept() throws Exception {
        BlobHeaders headers = new BlobHeaders(
                new ContentHeaders("text/csv", "gzip", "de, en", "attachment; filename=\"a.csv\"", "max-age=60"),
                Metadata.of(Map.of("k", "v")),
                BlobLabels.NONE);
        BlobProperties put = put("put", bytes("content"), headers, ANY);
        stage("committed", block(0), bytes("content"));
        BlobProperties committed = store().commitBlocks("committed", List.of(block(0)), 7, headers, ANY, soon());

        assertThat(head("put").headers()).isEqualTo(put.headers()).isEqualTo(headers);
        assertThat(head("committed").headers()).isEqualTo(committed.headers()).isEqualTo(headers);
        assertThat(listed("", null, 10))
                .allSatisfy(entry -> assertThat(entry).isInstanceOfSatisfying(ListEntry.Blob.class, blob -> assertThat(
                                blob.properties().headers())
                        .isEqualTo(headers)));
        assertThat(copy("put", ANY, "copied", ANY).headers()).isEqualTo(headers);
        store().setMetadata("put", Metadata.EMPTY, ANY, soon());
        assertThat(head("put").headers()).isEqualTo(headers.withMetadata(Metadata.EMPTY));
    }

    @Test
    void withoutHeadersTheContentTypeIsAzuresDefault() throws Exception {
        put("plain", bytes("x"));
        assertThat(head("plain").headers()).isEqualTo(BlobHeaders.NONE);
    }

    @Test
    void anEmptyBlobIsABlob() throws Exception {
        put("empty", new byte[0]);
        assertThat(head("empty").lengthBytes()).isZero();
        assertThat(blobNames(listed("", null, 10))).containsExactly("empty");
        assertThat(store().committedBlocks("empty", soon())).isEmpty();
    }

    @Test
    void aPutOfSeveralMebibytesKeepsEveryByte() throws Exception {
        byte[] content = noise(1, 5_000_001);
        assertThat(put("large", content).lengthBytes()).isEqualTo(content.length);
        assertThat(contentOf("large")).isEqualTo(content);
    }

    @Test
    void aSecondPutReplacesBytesTypeAndMetadata() throws Exception {
        BlobProperties first = put("b", bytes("first and longer"), headers("text/plain", Map.of("k", "v")), ANY);
        BlobProperties second = put("b", bytes("second"));

        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertSameVersion(head("b"), second);
        assertThat(head("b").headers()).isEqualTo(BlobHeaders.NONE);
        assertThat(contentOf("b")).isEqualTo(bytes("second"));
    }

    @Test
    void theSameBytesPutAgainAreANewVersion() throws Exception {
        BlobProperties first = put("b", bytes("same"));
        assertThat(put("b", bytes("same")).etag()).isNotEqualTo(first.etag());
    }

    @Test
    void aDeletedBlobIsGoneAndCanBeMadeAgain() throws Exception {
        BlobProperties first = put("d/b", bytes("one"), headers("text/plain", Map.of("k", "v")), ANY);
        delete("d/b");
        assertNotFound(() -> head("d/b"));
        assertNotFound(() -> store().committedBlocks("d/b", soon()));
        assertThat(listed("", null, 10)).isEmpty();

        BlobProperties second = put("d/b", bytes("one"));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(head("d/b").metadata()).isEqualTo(Metadata.EMPTY);
    }

    @Test
    void setMetadataReplacesAllMetadataAndNothingElse() throws Exception {
        BlobProperties put = put("b", bytes("content"), headers("text/x-log", Map.of("old", "1", "both", "1")), ANY);
        BlobProperties set = store().setMetadata("b", Metadata.of(Map.of("both", "2", "new", "3")), ANY, soon());

        assertThat(set.etag()).isNotEqualTo(put.etag());
        assertThat(set.lengthBytes()).isEqualTo(7);
        assertThat(set.headers()).isEqualTo(headers("text/x-log", Map.of("both", "2", "new", "3")));
        assertSameVersion(head("b"), set);
        assertThat(contentOf("b")).isEqualTo(bytes("content"));
    }

    @Test
    void setMetadataToTheSamePairsIsANewVersionToo() throws Exception {
        BlobProperties put = put("b", bytes("content"), headers("text/plain", Map.of("k", "v")), ANY);
        BlobProperties set = store().setMetadata("b", put.metadata(), ANY, soon());
        assertThat(set.etag()).isNotEqualTo(put.etag());
        assertSameVersion(head("b"), set);
    }

    @Test
    void setMetadataToNothingClearsIt() throws Exception {
        put("b", bytes("content"), headers("text/plain", Map.of("k", "v")), ANY);
        store().setMetadata("b", Metadata.EMPTY, ANY, soon());
        assertThat(head("b").headers()).isEqualTo(new BlobHeaders("text/plain", Metadata.EMPTY));
    }

    @Test
    void metadataNamesAreComparedWithoutCaseAndValuesAreKept() throws Exception {
        put("b", new byte[0], headers("a/b", Map.of("Hdi_IsFolder", "True", "mode", "0o755; a=b, \"c\"")), ANY);
        Metadata kept = head("b").metadata();
        assertThat(kept.isTrue("hdi_isfolder")).isTrue();
        assertThat(kept.get("HDI_ISFOLDER")).contains("True");
        assertThat(kept.get("Mode")).contains("0o755; a=b, \"c\"");
    }

    @Test
    void severalKibibytesOfMetadataAreKept() throws Exception {
        Metadata large = Metadata.EMPTY;
        for (int pair = 0; pair < 60; pair++) {
            large = large.with("name_" + pair, "v".repeat(100) + pair);
        }
        put("b", bytes("x"), BlobHeaders.of(large), ANY);
        assertThat(head("b").metadata()).isEqualTo(large);
        assertThat(store().setMetadata("b", large.with("one_more", "1"), ANY, soon())
                        .metadata())
                .isEqualTo(large.with("one_more", "1"));
    }

    @Test
    void aBodyThatEndsEarlyLeavesWhatWasThere() throws Exception {
        BlobProperties before = put("b", bytes("whole"));
        BlobBody torn = body(1_000, () -> new ByteArrayInputStream(new byte[500]));
        assertThatThrownBy(() -> store().put("b", torn, BlobHeaders.NONE, ANY, soon()))
                .isInstanceOf(ForebayException.class);
        assertSameVersion(head("b"), before);
        assertThat(contentOf("b")).isEqualTo(bytes("whole"));
    }

    @Test
    void aBodyThatCannotBeOpenedLeavesNothing() throws Exception {
        BlobBody unreadable = body(10, () -> {
            throw new IOException("the source is gone");
        });
        assertThatThrownBy(() -> store().put("b", unreadable, BlobHeaders.NONE, ANY, soon()))
                .isInstanceOf(ForebayException.class);
        assertNotFound(() -> head("b"));
    }

    @Test
    void aBodyAboveTheLimitIsRefusedBeforeItIsRead() {
        Opening never = () -> {
            throw new AssertionError("it was opened");
        };
        BlobBody blob = body(BlobStore.MAX_SINGLE_BODY_BYTES + 1, never);
        BlobBody block = body(BlobStore.MAX_BLOCK_BYTES + 1, never);
        assertInvalid(() -> store().put("b", blob, BlobHeaders.NONE, ANY, soon()));
        assertInvalid(() -> store().stageBlock("b", block(0), block, soon()));
    }

    @Test
    void versionsCanBeToldApartWhenTheyFollowAtOnce() throws Exception {
        Set<Etag> etags = new HashSet<>();
        for (int round = 0; round < 50; round++) {
            etags.add(put("b", bytes("same")).etag());
        }
        assertThat(etags).hasSize(50);
    }

    private static BlobBody body(long lengthBytes, Opening opening) {
        return new BlobBody() {
            @Override
            public long lengthBytes() {
                return lengthBytes;
            }

            @Override
            public InputStream open() throws IOException {
                return opening.open();
            }
        };
    }

    private interface Opening {
        InputStream open() throws IOException;
    }
}
