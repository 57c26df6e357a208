package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Etag;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane of our own: nothing of the SDK is loaded for it.
 *
 * @param calls what runs the requests
 */
record ThinControlPlane(ThinCalls calls) implements ControlPlane {
    private static final Logger log = LoggerFactory.getLogger(ThinControlPlane.class);

    /** For the last word about a copy that took too long; nobody waits for it. */
    private static final Duration ABORT_LIMIT = Duration.ofSeconds(30);

    private static final BlobBody NO_BODY = BlobBody.of(new byte[0]);

    @Override
    public ListPage list(
            AzureCall call,
            String prefix,
            @Nullable String delimiter,
            @Nullable String continuation,
            int maxEntries,
            Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> query = new TreeMap<>(Map.of(
                "restype", "container",
                "comp", "list",
                "include", "metadata",
                "maxresults", Integer.toString(maxEntries)));
        putIfAny(query, "prefix", prefix);
        putIfAny(query, "delimiter", delimiter);
        putIfAny(query, "marker", continuation);
        ListingReader listing = new ListingReader(call);
        calls.run(call, calls.ofContainer("GET", query), null, _ -> listing, deadline);
        listing.finish();
        return listing.page();
    }

    private static void putIfAny(Map<String, String> query, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            query.put(name, value);
        }
    }

    @Override
    public BlobProperties head(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        return AzureShapes.properties(call, name, look(call, name, precondition, deadline));
    }

    private Answer look(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        Request request = new Request(
                "HEAD",
                calls.pathOf(name),
                ThinCalls.NO_QUERY,
                ThinCalls.conditions(precondition),
                /* repeatable= */ true);
        return calls.run(call, request, null, ThinCalls.NOTHING_EXPECTED, deadline);
    }

    /** Not to be sent again at once: the second answer would be that there is no such blob. */
    @Override
    public void delete(AzureCall call, String name, Precondition precondition, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> headers = ThinCalls.conditions(precondition);
        headers.put("x-ms-delete-snapshots", "include");
        Request request =
                new Request("DELETE", calls.pathOf(name), ThinCalls.NO_QUERY, headers, /* repeatable= */ false);
        calls.run(call, request, null, ThinCalls.NOTHING_EXPECTED, deadline);
    }

    @Override
    public Changed setMetadata(AzureCall call, String name, Metadata metadata, Etag of, Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> headers = ThinCalls.conditions(Precondition.ifMatch(of));
        AzureShapes.putMetadata(call, headers, metadata);
        Answer answer =
                put(call, name, Map.of("comp", "metadata"), headers, NO_BODY, /* repeatable= */ false, deadline);
        return new Changed(
                AzureShapes.etag(call, answer.header("etag")),
                AzureShapes.instant(call, answer.header("last-modified")));
    }

    @Override
    public void stageBlockFrom(
            AzureCall call,
            String name,
            BlockId id,
            String sourceUrl,
            ByteRange range,
            Precondition source,
            Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> headers = new TreeMap<>();
        ThinCalls.putConditions(headers, "x-ms-source-", source);
        headers.put("x-ms-copy-source", sourceUrl);
        headers.put("x-ms-source-range", "bytes=" + range.offset() + "-" + (range.end() - 1));
        Map<String, String> query = Map.of("comp", "block", "blockid", id.base64());
        put(call, name, query, headers, NO_BODY, /* repeatable= */ true, deadline);
    }

    @Override
    public Changed commit(
            AzureCall call,
            String name,
            List<BlockId> blocks,
            SentHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        SortedMap<String, String> sent = ThinCalls.conditions(precondition);
        sent.put("content-type", "application/xml");
        ThinCalls.putBlobHeaders(call, sent, headers);
        BlobBody list = BlobBody.of(blockList(blocks).getBytes(StandardCharsets.US_ASCII));
        boolean repeatable = precondition instanceof Precondition.None;
        Answer answer = put(call, name, Map.of("comp", "blocklist"), sent, list, repeatable, deadline);
        return new Changed(
                AzureShapes.etag(call, answer.header("etag")),
                AzureShapes.instant(call, answer.header("last-modified")));
    }

    /** Base64 needs no escaping in XML. */
    private static String blockList(List<BlockId> blocks) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (BlockId block : blocks) {
            xml.append("<Latest>").append(block.base64()).append("</Latest>");
        }
        return xml.append("</BlockList>").toString();
    }

    @Override
    public List<Block> committedBlocks(AzureCall call, String name, Deadline deadline) throws ForebayException {
        SortedMap<String, String> query = new TreeMap<>(Map.of("comp", "blocklist", "blocklisttype", "committed"));
        Request request = new Request("GET", calls.pathOf(name), query, new TreeMap<>(), /* repeatable= */ true);
        BlockListReader list = new BlockListReader(call);
        calls.run(call, request, null, _ -> list, deadline);
        list.finish();
        return list.blocks();
    }

    @Override
    public SortedMap<String, String> tags(AzureCall call, String name, Deadline deadline) throws ForebayException {
        SortedMap<String, String> query = new TreeMap<>(Map.of("comp", "tags"));
        Request request = new Request("GET", calls.pathOf(name), query, new TreeMap<>(), /* repeatable= */ true);
        TagsReader tags = new TagsReader(call);
        calls.run(call, request, null, _ -> tags, deadline);
        tags.finish();
        return tags.tags();
    }

    @Override
    public CopyRequests copyTo(AzureCall call, String target) {
        return new ThinCopyRequests(call, target);
    }

    private Answer put(
            AzureCall call,
            String name,
            Map<String, String> query,
            SortedMap<String, String> headers,
            BlobBody body,
            boolean repeatable,
            Deadline deadline)
            throws ForebayException {
        Request request = new Request("PUT", calls.pathOf(name), new TreeMap<>(query), headers, repeatable);
        return calls.run(call, request, body, ThinCalls.NOTHING_EXPECTED, deadline);
    }

    private final class ThinCopyRequests implements CopyRequests {
        private static final String COPY_ID = "x-ms-copy-id";

        private final AzureCall call;
        private final String target;

        ThinCopyRequests(AzureCall call, String target) {
            this.call = call;
            this.target = target;
        }

        @Override
        public String begin(
                String sourceUrl,
                Precondition source,
                Precondition onTarget,
                Map<String, String> labels,
                Deadline deadline)
                throws ForebayException {
            SortedMap<String, String> headers = ThinCalls.conditions(onTarget);
            headers.putAll(labels);
            ThinCalls.putConditions(headers, "x-ms-source-", source);
            headers.put("x-ms-copy-source", sourceUrl);
            Answer answer = put(call, target, Map.of(), headers, NO_BODY, /* repeatable= */ false, deadline);
            return String.valueOf(answer.header(COPY_ID));
        }

        @Override
        public Copied look(Deadline deadline) throws ForebayException {
            Answer answer = ThinControlPlane.this.look(call, target, Precondition.none(), deadline);
            return new Copied(
                    answer.header(COPY_ID),
                    answer.header("x-ms-copy-status"),
                    AzureShapes.properties(call, target, answer));
        }

        @Override
        public void abort(String copyId) {
            Thread.ofVirtual().name("azure-abort").start(() -> {
                try {
                    put(
                            call,
                            target,
                            Map.of("comp", "copy", "copyid", copyId),
                            new TreeMap<>(Map.of("x-ms-copy-action", "abort")),
                            NO_BODY,
                            /* repeatable= */ true,
                            Deadline.after(ABORT_LIMIT, Clock.system()));
                } catch (ForebayException failed) {
                    log.debug("copy not aborted: reason=\"{}\"", failed.getMessage());
                }
            });
        }
    }
}
