package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.Metadata;
import io.forebay.blob.azure.plane.Answer;
import io.forebay.blob.azure.plane.HttpDate;
import io.forebay.blob.azure.plane.Request;
import java.net.ProtocolException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The shapes that things have in REST, to and from ours. */
final class AzureShapes {
    // Metadata names must be C# identifiers; values travel in HTTP headers.
    private static final Pattern METADATA_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern METADATA_VALUE = Pattern.compile("([!-~]([ -~]*[!-~])?)?");
    private static final String METADATA_HEADER = "x-ms-meta-";

    /** Those that a request may choose for what it writes. A premium account names its own, and takes none. */
    private static final Set<String> TIERS = Set.of("Hot", "Cool", "Cold");

    private static final Pattern TAG_COUNT = Pattern.compile("[0-9]{1,4}");

    private AzureShapes() {}

    static String quoted(Etag etag) {
        return '"' + etag.value() + '"';
    }

    /** Metadata as headers take it, once it is sure that HTTP can carry it. */
    static Map<String, String> metadata(AzureCall call, Metadata metadata) throws ForebayException.InvalidArgument {
        for (Map.Entry<String, String> pair : metadata.asMap().entrySet()) {
            if (!METADATA_NAME.matcher(pair.getKey()).matches()) {
                throw new ForebayException.InvalidArgument(call.failedBecause(
                        "'" + pair.getKey() + "' is no name for metadata; write letters, digits and underscores"));
            }
            if (!METADATA_VALUE.matcher(pair.getValue()).matches()) {
                throw new ForebayException.InvalidArgument(call.failedBecause("the value of metadata '" + pair.getKey()
                        + "' must be printable ASCII without spaces at its ends"));
            }
        }
        return metadata.asMap();
    }

    /** Adds to headers those that carry metadata. */
    static void putMetadata(AzureCall call, Map<String, String> headers, Metadata metadata)
            throws ForebayException.InvalidArgument {
        metadata(call, metadata).forEach((name, value) -> headers.put(METADATA_HEADER + name, value));
    }

    /** What the head of an answer says of a blob. */
    static BlobProperties properties(AzureCall call, String name, Answer answer) throws ForebayException {
        if (answer.header("content-length") == null) {
            throw notAStore(call);
        }
        try {
            return new BlobProperties(
                    name,
                    etag(call, answer.header("etag")),
                    answer.announcedBytes(),
                    instant(call, answer.header("last-modified")),
                    headers(
                            content(answer::header),
                            metadata(answer),
                            labels(
                                    answer.header("x-ms-access-tier"),
                                    "true".equals(answer.header("x-ms-access-tier-inferred")),
                                    answer.header("x-ms-tag-count"))));
        } catch (ProtocolException noLength) {
            throw notAStore(call);
        }
    }

    private static Map<String, String> metadata(Answer answer) {
        Map<String, String> found = new TreeMap<>();
        answer.headers().forEach((name, value) -> {
            if (name.regionMatches(/* ignoreCase= */ true, 0, METADATA_HEADER, 0, METADATA_HEADER.length())) {
                found.put(name.substring(METADATA_HEADER.length()), value);
            }
        });
        return found;
    }

    static BlobHeaders headers(ContentHeaders content, @Nullable Map<String, String> metadata, BlobLabels labels) {
        return new BlobHeaders(
                content, metadata == null || metadata.isEmpty() ? Metadata.EMPTY : Metadata.of(metadata), labels);
    }

    /** The headers of content, from whatever gives the text of a header by its name. */
    static ContentHeaders content(Function<String, @Nullable String> named) {
        return content(
                named.apply("Content-Type"),
                named.apply("Content-Encoding"),
                named.apply("Content-Language"),
                named.apply("Content-Disposition"),
                named.apply("Cache-Control"));
    }

    /** The headers of content as an answer has them; most blobs have the same, and share it. */
    static ContentHeaders content(
            @Nullable String type,
            @Nullable String encoding,
            @Nullable String language,
            @Nullable String disposition,
            @Nullable String cacheControl) {
        ContentHeaders found = new ContentHeaders(
                type == null || type.isEmpty() ? BlobHeaders.OCTET_STREAM : type,
                textOf(encoding),
                textOf(language),
                textOf(disposition),
                textOf(cacheControl));
        return found.equals(ContentHeaders.NONE) ? ContentHeaders.NONE : found;
    }

    private static String textOf(@Nullable String header) {
        return header == null ? "" : header;
    }

    /**
     * What an account has put on a blob, as an answer has it.
     *
     * @param inferred whether the tier is the account's own
     */
    static BlobLabels labels(@Nullable String tier, boolean inferred, @Nullable String tagCount) {
        String chosen = tier == null || inferred || !TIERS.contains(tier) ? "" : tier;
        int tags = tagCount == null || !TAG_COUNT.matcher(tagCount).matches() ? 0 : Integer.parseInt(tagCount);
        return chosen.isEmpty() && tags == 0 ? BlobLabels.NONE : new BlobLabels(chosen, tags);
    }

    /** The headers that put labels on a blob. */
    static Map<String, String> labelHeaders(BlobLabels labels, Map<String, String> tags) {
        Map<String, String> headers = new TreeMap<>();
        if (!labels.accessTier().isEmpty()) {
            headers.put("x-ms-access-tier", labels.accessTier());
        }
        if (!tags.isEmpty()) {
            headers.put(
                    "x-ms-tags",
                    tags.entrySet().stream()
                            .map(tag -> Request.encode(tag.getKey()) + "=" + Request.encode(tag.getValue()))
                            .collect(Collectors.joining("&")));
        }
        return headers;
    }

    static Etag etag(AzureCall call, @Nullable String written) throws ForebayException {
        String bare = written == null ? "" : written.replace("\"", "");
        if (bare.isEmpty()) {
            throw notAStore(call);
        }
        return new Etag(bare);
    }

    /** A moment as an HTTP header has it. */
    static Instant instant(AzureCall call, @Nullable String written) throws ForebayException {
        try {
            if (written != null) {
                return HttpDate.parse(written);
            }
        } catch (DateTimeException notADate) {
            // Falls through: whoever wrote that is no Blob service.
        }
        throw notAStore(call);
    }

    /** What is said where an answer lacks what every Blob service tells. */
    static ForebayException notAStore(AzureCall call) {
        return new ForebayException.Unexpected(
                call.failedBecause("the answer lacks what a Blob service says; check the endpoint"), null);
    }
}
