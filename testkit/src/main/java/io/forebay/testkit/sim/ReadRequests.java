package io.forebay.testkit.sim;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests that look at blobs and change nothing. */
final class ReadRequests {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})?");

    /** Azure gives the checksum of a range up to this. */
    private static final long MOST_CHECKED_BYTES = 4 << 20;

    /** A range of a blob, of at least one byte. */
    record Range(long offset, long length) {}

    private final BlobTable table;

    ReadRequests(BlobTable table) {
        this.table = table;
    }

    static StoredBlob require(@Nullable StoredBlob found) throws Refusal {
        if (found == null) {
            throw Refusal.blobNotFound();
        }
        return found;
    }

    Answer get(RequestHead head, Target target) throws Refusal {
        StoredBlob blob = require(table.require(target.container()).find(target.blob()));
        Conditions.of(head).checkRead(blob);
        String asked = head.header("x-ms-range");
        String range = asked == null ? head.header("range") : asked;
        Matcher parts = range == null ? null : RANGE.matcher(range);
        return parts == null || !parts.matches() ? whole(blob) : part(head, blob, parts);
    }

    private static Answer whole(StoredBlob blob) {
        Answer answer = BlobHeaderSet.describe(Answer.of(200), blob);
        String md5 = blob.headers().get("content-md5");
        return (md5 == null ? answer : answer.with("Content-MD5", md5)).withBody(blob.content());
    }

    private static Answer part(RequestHead head, StoredBlob blob, Matcher parts) throws Refusal {
        long length = blob.content().lengthBytes();
        Range range = clamped(parts, length);
        Content body = blob.content().part(range.offset(), range.length());
        Answer answer = BlobHeaderSet.describe(Answer.of(206), blob)
                .with(
                        "Content-Range",
                        "bytes " + range.offset() + "-" + (range.offset() + range.length() - 1) + "/" + length);
        String md5 = blob.headers().get("content-md5");
        if (md5 != null) {
            answer.with("x-ms-blob-content-md5", md5);
        }
        if ("true".equals(head.header("x-ms-range-get-content-md5"))) {
            if (range.length() > MOST_CHECKED_BYTES) {
                throw Refusal.badRequest("OutOfRangeInput", "A checksum is given for at most 4 MiB.");
            }
            answer.with("Content-MD5", Base64.getEncoder().encodeToString(body.md5()));
        }
        return answer.withBody(body);
    }

    private static Range clamped(Matcher parts, long length) throws Refusal {
        long first = Long.parseLong(parts.group(1));
        long last = parts.group(2) == null ? Long.MAX_VALUE : Long.parseLong(parts.group(2));
        if (first >= length || last < first) {
            throw new Refusal(
                    416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
        }
        return new Range(first, Math.min(last, length - 1) - first + 1);
    }

    /** The range of a source that a Put Block From URL names; all of it if it names none. */
    static Content sourceRange(RequestHead head, Content source) throws Refusal {
        String range = head.header("x-ms-source-range");
        if (range == null) {
            return source;
        }
        Matcher parts = RANGE.matcher(range);
        if (!parts.matches()) {
            throw Refusal.badRequest("InvalidHeaderValue", "x-ms-source-range is no range of bytes.");
        }
        Range clamped = clamped(parts, source.lengthBytes());
        return source.part(clamped.offset(), clamped.length());
    }

    Answer properties(RequestHead head, Target target) throws Refusal {
        StoredBlob blob = require(table.require(target.container()).find(target.blob()));
        Conditions.of(head).checkRead(blob);
        Answer answer = blob.labels().describe(BlobHeaderSet.describe(Answer.of(200), blob));
        String md5 = blob.headers().get("content-md5");
        if (md5 != null) {
            answer.with("Content-MD5", md5);
        }
        return head.method().equals("HEAD") && head.queryOr("comp", "").isEmpty()
                ? answer.withBody(blob.content())
                : answer;
    }

    Answer list(RequestHead head, Target target) throws Refusal {
        Container container = table.require(target.container());
        return Answer.xml(new Listing(container, head).document(target.container()));
    }

    Answer blockList(RequestHead head, Target target) throws Refusal {
        Container container = table.require(target.container());
        StoredBlob blob = container.find(target.blob());
        var staged = container.staged(target.blob());
        if (blob == null && staged.isEmpty()) {
            throw Refusal.blobNotFound();
        }
        String type = head.queryOr("blocklisttype", "committed");
        Answer answer =
                Answer.xml(BlockListXml.written(type, blob == null ? java.util.List.of() : blob.blocks(), staged));
        return blob == null
                ? answer
                : answer.with(blob)
                        .with(
                                "x-ms-blob-content-length",
                                Long.toString(blob.content().lengthBytes()));
    }

    Answer tags(Target target) throws Refusal {
        return Answer.xml(require(table.require(target.container()).find(target.blob()))
                .labels()
                .document());
    }
}
