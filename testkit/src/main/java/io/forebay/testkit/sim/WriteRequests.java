package io.forebay.testkit.sim;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests that change blobs. Bodies are read first; then the check and the effect are one step. */
final class WriteRequests {
    private final BlobTable table;
    private final boolean keeps;

    /** @param keeps whether bytes are kept, or only how many there were */
    WriteRequests(BlobTable table, boolean keeps) {
        this.table = table;
        this.keeps = keeps;
    }

    Answer put(RequestBodies bodies, Target target) throws Refusal, IOException {
        RequestHead head = bodies.head();
        Container container = table.require(target.container());
        if (!"BlockBlob".equals(head.header("x-ms-blob-type"))) {
            throw Refusal.badRequest("InvalidHeaderValue", "The simulator has only block blobs: x-ms-blob-type.");
        }
        Content content = received(bodies, SyntheticContent.seedOf(target.blob()));
        Map<String, String> headers = BlobHeaderSet.headersIn(head, true);
        String md5 = head.header("content-md5");
        if (md5 != null) {
            headers.putIfAbsent("content-md5", md5);
        }
        StoredBlob made = made(container, target, (now, staged) -> {
            Conditions.of(head).checkReplace(now);
            staged.clear();
            return version(now, content, headers, BlobHeaderSet.metadataIn(head), Labels.in(head), List.of(), null);
        });
        Answer answer = Answer.of(201).with(made).with("x-ms-request-server-encrypted", "true");
        return md5 == null ? answer : answer.with("Content-MD5", md5);
    }

    private Content received(RequestBodies bodies, long seed) throws Refusal, IOException {
        RequestBodies.Body body = bodies.read(keeps);
        Content kept = body.kept();
        return kept == null ? Content.of(new Segment.Synthetic(seed, 0, body.lengthBytes())) : kept;
    }

    Answer putBlock(RequestBodies bodies, Target target) throws Refusal, IOException {
        RequestHead head = bodies.head();
        Container container = table.require(target.container());
        String id = blockId(head);
        Content content = received(bodies, SyntheticContent.seedOf(target.blob()));
        stage(container, target, new BlobBlock(id, content));
        Answer answer = Answer.of(201).with("x-ms-request-server-encrypted", "true");
        String md5 = head.header("content-md5");
        return md5 == null ? answer : answer.with("Content-MD5", md5);
    }

    Answer putBlockFromUrl(RequestHead head, Target target) throws Refusal {
        Container container = table.require(target.container());
        requireReadable(head.headers().getOrDefault("x-ms-copy-source", ""));
        StoredBlob source = source(head);
        Content content = ReadRequests.sourceRange(head, source.content());
        stage(container, target, new BlobBlock(blockId(head), content));
        return Answer.of(201).with("x-ms-request-server-encrypted", "true");
    }

    /** The source is read as a stranger reads it, so that its address must hold a signature, whoever sends the request. */
    private static void requireReadable(String sourceUrl) throws Refusal {
        if (!sourceUrl.contains("&sig=") && !sourceUrl.contains("?sig=")) {
            throw new Refusal(
                    401, "CannotVerifyCopySource", "Server failed to authenticate the request to the source.");
        }
    }

    private static String blockId(RequestHead head) throws Refusal {
        String id = head.queryOr("blockid", "");
        if (id.isEmpty()) {
            throw Refusal.badRequest("InvalidQueryParameterValue", "A block needs a blockid.");
        }
        return id;
    }

    private static void stage(Container container, Target target, BlobBlock block) throws Refusal {
        container.change(target.blob(), (now, staged) -> {
            staged.put(block.id(), block);
            return now;
        });
    }

    Answer putBlockList(RequestBodies bodies, Target target) throws Refusal, IOException {
        RequestHead head = bodies.head();
        Container container = table.require(target.container());
        byte[] document = bodies.bytes();
        StoredBlob made = made(container, target, (now, staged) -> {
            Conditions.of(head).checkReplace(now);
            List<BlobBlock> chosen = BlockListXml.chosen(document, now == null ? List.of() : now.blocks(), staged);
            List<BlobBlock> placed = keeps ? chosen : patterned(target.blob(), chosen);
            staged.clear();
            return version(
                    now,
                    Content.joined(placed.stream().map(BlobBlock::content).toList()),
                    BlobHeaderSet.headersIn(head, false),
                    BlobHeaderSet.metadataIn(head),
                    Labels.in(head),
                    List.copyOf(placed),
                    null);
        });
        return Answer.of(201).with(made).with("x-ms-request-server-encrypted", "true");
    }

    /** Blocks whose bytes were not kept: together they are to read as the synthetic blob of that name. */
    private static List<BlobBlock> patterned(String name, List<BlobBlock> blocks) {
        long seed = SyntheticContent.seedOf(name);
        List<BlobBlock> patterned = new ArrayList<>();
        long at = 0;
        for (BlobBlock block : blocks) {
            long length = block.content().lengthBytes();
            patterned.add(new BlobBlock(block.id(), Content.of(new Segment.Synthetic(seed, at, length))));
            at += length;
        }
        return patterned;
    }

    /** Copies at once, as Azure does nearly always within an account. */
    Answer copy(RequestHead head, Target target) throws Refusal {
        Container container = table.require(target.container());
        StoredBlob source = source(head);
        Map<String, String> metadata = BlobHeaderSet.metadataIn(head);
        String url = head.headers().getOrDefault("x-ms-copy-source", "").split("\\?", 2)[0];
        StoredBlob.CopyRecord copy = new StoredBlob.CopyRecord(UUID.randomUUID().toString(), url, Instant.now());
        StoredBlob made = made(container, target, (now, staged) -> {
            Conditions.of(head).checkReplace(now);
            staged.clear();
            return version(
                    now,
                    source.content(),
                    source.headers(),
                    metadata.isEmpty() ? source.metadata() : metadata,
                    Labels.in(head),
                    source.blocks(),
                    copy);
        });
        // With a type of blob the request is a Put Blob From URL, which does not speak of copying.
        return head.header("x-ms-blob-type") != null
                ? Answer.of(201).with(made)
                : Answer.of(202).with(made).with("x-ms-copy-id", copy.id()).with("x-ms-copy-status", "success");
    }

    private StoredBlob source(RequestHead head) throws Refusal {
        Target from = sourceTarget(head.headers().getOrDefault("x-ms-copy-source", ""));
        StoredBlob source = table.require(from.container()).find(from.blob());
        if (source == null) {
            throw Refusal.blobNotFound();
        }
        Conditions.ofSource(head).checkSource(source);
        return source;
    }

    private static Target sourceTarget(String url) throws Refusal {
        try {
            String path = URI.create(url).getRawPath();
            if (path != null) {
                return Target.of(path);
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Falls through.
        }
        throw Refusal.badRequest("InvalidHeaderValue", "x-ms-copy-source is no address of a blob.");
    }

    Answer setMetadata(RequestHead head, Target target) throws Refusal {
        StoredBlob made = made(table.require(target.container()), target, (now, _) -> {
            StoredBlob blob = ReadRequests.require(now);
            Conditions.of(head).checkChange(blob);
            return blob.withMetadata(
                    BlobHeaderSet.metadataIn(head), table.stamps().next());
        });
        return Answer.of(200).with(made).with("x-ms-request-server-encrypted", "true");
    }

    Answer setProperties(RequestHead head, Target target) throws Refusal {
        StoredBlob made = made(table.require(target.container()), target, (now, _) -> {
            StoredBlob blob = ReadRequests.require(now);
            Conditions.of(head).checkChange(blob);
            return blob.withHeaders(
                    BlobHeaderSet.headersIn(head, false), table.stamps().next());
        });
        return Answer.of(200).with(made);
    }

    Answer setTags(RequestBodies bodies, Target target) throws Refusal, IOException {
        Container container = table.require(target.container());
        String document = new String(bodies.bytes(), StandardCharsets.UTF_8);
        container.change(target.blob(), (now, _) -> {
            StoredBlob blob = ReadRequests.require(now);
            return blob.withLabels(blob.labels().withTags(document));
        });
        return Answer.of(204);
    }

    Answer setTier(RequestHead head, Target target) throws Refusal {
        table.require(target.container()).change(target.blob(), (now, _) -> {
            StoredBlob blob = ReadRequests.require(now);
            return blob.withLabels(blob.labels().withTier(head));
        });
        return Answer.of(200);
    }

    Answer delete(RequestHead head, Target target) throws Refusal {
        table.require(target.container()).change(target.blob(), (now, staged) -> {
            Conditions.of(head).checkChange(ReadRequests.require(now));
            staged.clear();
            return null;
        });
        return Answer.of(202).with("x-ms-delete-type-permanent", "true");
    }

    private static StoredBlob made(Container container, Target target, Container.Change change) throws Refusal {
        return ReadRequests.require(container.change(target.blob(), change));
    }

    private StoredBlob version(
            @Nullable StoredBlob before,
            Content content,
            Map<String, String> headers,
            Map<String, String> metadata,
            Labels labels,
            List<BlobBlock> blocks,
            StoredBlob.@Nullable CopyRecord copy) {
        Stamp stamp = table.stamps().next();
        Instant created = before == null ? stamp.instant() : before.created();
        return new StoredBlob(stamp.etag(), created, stamp.instant(), content, headers, metadata, labels, blocks, copy);
    }
}
