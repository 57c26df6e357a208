package io.forebay.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.ScriptedServer.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What each call costs, in requests, through either client: they are a budget. */
@ParameterizedClass
@EnumSource(AzureDataPlane.class)
class RequestCountTest {
    private static final String ETAG = "ETag: \"0x1\"";
    private static final String MODIFIED = "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT";
    private static final Precondition ANY = Precondition.none();

    private static final Answer PROPERTIES = exchange -> exchange.send(
            "HTTP/1.1 200 OK",
            ETAG,
            MODIFIED,
            "Content-Length: 5",
            "Content-Type: text/plain",
            "x-ms-copy-id: 7",
            "x-ms-copy-status: success");
    private static final Answer STILL_COPYING = exchange -> exchange.send(
            "HTTP/1.1 200 OK", ETAG, MODIFIED, "Content-Length: 0", "x-ms-copy-id: 7", "x-ms-copy-status: pending");

    private static Answer done(String status) {
        return exchange -> exchange.send("HTTP/1.1 " + status, ETAG, MODIFIED, "Content-Length: 0", "x-ms-copy-id: 7");
    }

    private final AzureDataPlane plane;

    RequestCountTest(AzureDataPlane plane) {
        this.plane = plane;
    }

    private interface Calls {
        void on(BlobStore store) throws Exception;
    }

    private List<String> requestsOf(Calls calls, Answer... answers) throws Exception {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        try (ScriptedServer server = new ScriptedServer(answers)) {
            URI endpoint = server.endpoint();
            try (BlobStore store = new AzureBlobStore(
                    AzureStoreSettings.of(endpoint, "account", "train", new AzureCredential.SharedKey("account", key))
                            .withDataPlane(plane))) {
                calls.on(store);
            }
            return server.requests().stream()
                    .map(line -> line.replace(" HTTP/1.1", ""))
                    .toList();
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    private static BlobBody body() {
        return BlobBody.of("12345".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFirstCallIsTheFirstRequest() throws Exception {
        assertThat(requestsOf(store -> {})).isEmpty();
    }

    @Test
    void mostCallsAreOneRequest() throws Exception {
        assertThat(requestsOf(store -> store.head("b", soon()), PROPERTIES)).containsExactly("HEAD /account/train/b");
        assertThat(requestsOf(store -> store.put("b", body(), BlobHeaders.NONE, ANY, soon()), done("201 Created")))
                .containsExactly("PUT /account/train/b");
        assertThat(requestsOf(store -> store.stageBlock("b", BlockId.of(1, 0), body(), soon()), done("201 Created")))
                .singleElement()
                .asString()
                .startsWith("PUT /account/train/b?")
                .contains("comp=block");
        assertThat(requestsOf(store -> copyBlock(store, "a"), done("201 Created")))
                .singleElement()
                .asString()
                .startsWith("PUT /account/train/b?")
                .contains("comp=block");
        assertThat(requestsOf(store -> store.delete("b", ANY, soon()), done("202 Accepted")))
                .containsExactly("DELETE /account/train/b");
        Answer bytes = exchange -> {
            exchange.send(
                    "HTTP/1.1 206 Partial Content", ETAG, MODIFIED, "Content-Range: bytes 0-4/5", "Content-Length: 5");
            exchange.send("12345".getBytes(StandardCharsets.UTF_8));
        };
        assertThat(requestsOf(store -> store.read("b", new ByteRange(0, 5), ANY, _ -> {}, soon()), bytes))
                .containsExactly("GET /account/train/b");
    }

    @Test
    void onePageIsOneRequestAndTheNextIsNotFetchedAhead() throws Exception {
        byte[] page = ("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ContainerName=\"train\"><Blobs>"
                        + "<Blob><Name>a</Name><Properties><Etag>0x1</Etag><Content-Length>5</Content-Length>"
                        + "<Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified></Properties></Blob>"
                        + "</Blobs><NextMarker>further on</NextMarker></EnumerationResults>")
                .getBytes(StandardCharsets.UTF_8);
        Answer answer = exchange -> {
            exchange.send("HTTP/1.1 200 OK", "Content-Type: application/xml", "Content-Length: " + page.length);
            exchange.send(page);
        };
        assertThat(requestsOf(
                        store -> {
                            ListPage first = store.list("", "/", null, 1, soon());
                            assertThat(first.continuation()).isEqualTo("further on");
                            store.list("", "/", first.continuation(), 1, soon());
                            store.checkAccess(soon());
                        },
                        answer,
                        answer,
                        answer,
                        answer,
                        answer))
                .hasSize(3)
                .allMatch(line -> line.startsWith("GET /account/train?") && line.contains("include=metadata"))
                .satisfies(lines -> assertThat(lines.get(1)).contains("marker=further%20on"));
    }

    @Test
    void aCommitIsOneRequest() throws Exception {
        assertThat(requestsOf(
                        store -> assertThat(store.commitBlocks(
                                                "b", List.of(BlockId.of(1, 0)), 5, BlobHeaders.NONE, ANY, soon())
                                        .lengthBytes())
                                .isEqualTo(5),
                        done("201 Created")))
                .containsExactly("PUT /account/train/b?comp=blocklist");
    }

    @Test
    void whatReplacesABlobWithTagsAsksForThemFirst() throws Exception {
        byte[] tags = "<?xml version=\"1.0\"?><Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>"
                .getBytes(StandardCharsets.UTF_8);
        Answer answer = exchange -> {
            exchange.send("HTTP/1.1 200 OK", "Content-Type: application/xml", "Content-Length: " + tags.length);
            exchange.send(tags);
        };
        BlobHeaders tagged = new BlobHeaders(ContentHeaders.NONE, Metadata.EMPTY, new BlobLabels("", 1));
        assertThat(requestsOf(store -> store.put("b", body(), tagged, ANY, soon()), answer, done("201 Created")))
                .containsExactly("GET /account/train/b?comp=tags", "PUT /account/train/b");
    }

    private static void copyBlock(BlobStore store, String from) throws Exception {
        store.stageBlockFrom("b", BlockId.of(1, 0), from, new ByteRange(0, 5), ANY, soon());
    }

    private static Answer refused(String status, String code) {
        return exchange -> exchange.send("HTTP/1.1 " + status, "Content-Length: 0", "x-ms-error-code: " + code);
    }

    @Test
    void aStoreThatCopiesNoBlocksIsAskedOnce() throws Exception {
        for (Answer no : List.of(
                refused("501 Not Implemented", "NotImplemented"),
                refused("500 Not Implemented", "APINotImplemented"),
                refused("400 Bad Request", "UnsupportedHeader"),
                refused("403 Forbidden", "AuthorizationFailure"),
                refused("409 Conflict", "CannotVerifyCopySource"))) {
            assertThat(requestsOf(
                            store -> {
                                for (int times = 0; times < 3; times++) {
                                    assertThatThrownBy(() -> copyBlock(store, "a"))
                                            .isInstanceOf(ForebayException.Unsupported.class);
                                }
                            },
                            no))
                    .hasSize(1);
        }
    }

    @Test
    void aRefusalThatSpeaksOfOneBlobDoesNotCountForOthers() throws Exception {
        assertThat(requestsOf(
                        store -> {
                            assertThatThrownBy(() -> copyBlock(store, "a".repeat(700) + "\u6a21".repeat(200)))
                                    .as("its address is longer than Azure takes")
                                    .isInstanceOf(ForebayException.Unsupported.class);
                            assertThatThrownBy(() -> copyBlock(store, "changed"))
                                    .isInstanceOf(ForebayException.Changed.class);
                            assertThatThrownBy(() -> copyBlock(store, "gone"))
                                    .isInstanceOf(ForebayException.NotFound.class);
                            assertThatThrownBy(() -> copyBlock(store, "busy"))
                                    .isInstanceOf(ForebayException.Unavailable.class);
                            copyBlock(store, "a");
                        },
                        refused("412 Precondition Failed", "SourceConditionNotMet"),
                        refused("404 Not Found", "CannotVerifyCopySource"),
                        refused("500 Internal Server Error", "CannotVerifyCopySource"),
                        done("201 Created")))
                .hasSize(4);
    }

    @Test
    void metadataIsSetOnWhatWasSeen() throws Exception {
        assertThat(requestsOf(store -> store.setMetadata("b", Metadata.EMPTY, ANY, soon()), PROPERTIES, done("200 OK")))
                .containsExactly("HEAD /account/train/b", "PUT /account/train/b?comp=metadata");
    }

    @Test
    void aCopyIsWatchedUntilItIsDone() throws Exception {
        assertThat(requestsOf(
                        store -> store.copy("a", ANY, BlobLabels.NONE, "b", ANY, soon()),
                        done("202 Accepted"),
                        PROPERTIES))
                .containsExactly("PUT /account/train/b", "HEAD /account/train/b");
        assertThat(requestsOf(
                        store -> assertThat(store.copy("a", ANY, BlobLabels.NONE, "b", ANY, soon())
                                        .lengthBytes())
                                .isEqualTo(5),
                        done("202 Accepted"),
                        STILL_COPYING,
                        STILL_COPYING,
                        PROPERTIES))
                .hasSize(4);
    }
}
