package io.forebay.blob.azure;

import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SDK's shapes of things, to and from ours. */
final class AzureShapes {
    // Metadata names must be C# identifiers; values travel in HTTP headers.
    private static final Pattern METADATA_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern METADATA_VALUE = Pattern.compile("([!-~]([ -~]*[!-~])?)?");

    private AzureShapes() {}

    static BlobRequestConditions conditions(Precondition precondition) {
        BlobRequestConditions conditions = new BlobRequestConditions();
        return switch (precondition) {
            case Precondition.None() -> conditions;
            case Precondition.IfMatch(Etag etag) -> conditions.setIfMatch(quoted(etag));
            case Precondition.IfAbsent() -> conditions.setIfNoneMatch("*");
        };
    }

    static String quoted(Etag etag) {
        return '"' + etag.value() + '"';
    }

    static BlobHttpHeaders httpHeaders(BlobHeaders headers) {
        return new BlobHttpHeaders().setContentType(headers.contentType());
    }

    /** Metadata as the SDK takes it, once it is sure that HTTP can carry it. */
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

    static BlobProperties properties(
            AzureCall call, String name, com.azure.storage.blob.models.@Nullable BlobProperties found)
            throws ForebayException {
        if (found == null) {
            throw notAStore(call);
        }
        return new BlobProperties(
                name,
                etag(call, found.getETag()),
                found.getBlobSize(),
                instant(call, found.getLastModified()),
                headers(found.getContentType(), found.getMetadata()));
    }

    static ListEntry entry(AzureCall call, BlobItem item) throws ForebayException {
        BlobItemProperties found = item.getProperties();
        if (Boolean.TRUE.equals(item.isPrefix()) || found == null) {
            return new ListEntry.Prefix(item.getName());
        }
        return new ListEntry.Blob(new BlobProperties(
                item.getName(),
                etag(call, found.getETag()),
                Objects.requireNonNullElse(found.getContentLength(), 0L),
                instant(call, found.getLastModified()),
                headers(found.getContentType(), item.getMetadata())));
    }

    static BlobHeaders headers(@Nullable String contentType, @Nullable Map<String, String> metadata) {
        return new BlobHeaders(
                contentType == null || contentType.isEmpty() ? BlobHeaders.OCTET_STREAM : contentType,
                metadata == null || metadata.isEmpty() ? Metadata.EMPTY : Metadata.of(metadata));
    }

    static Etag etag(AzureCall call, @Nullable String written) throws ForebayException {
        String bare = written == null ? "" : written.replace("\"", "");
        if (bare.isEmpty()) {
            throw notAStore(call);
        }
        return new Etag(bare);
    }

    static Instant instant(AzureCall call, @Nullable OffsetDateTime written) throws ForebayException {
        if (written == null) {
            throw notAStore(call);
        }
        return written.toInstant();
    }

    /** A moment as an HTTP header has it. */
    static Instant instant(AzureCall call, @Nullable String written) throws ForebayException {
        try {
            if (written != null) {
                return DateTimeFormatter.RFC_1123_DATE_TIME.parse(written, Instant::from);
            }
        } catch (DateTimeParseException notADate) {
            // Falls through: whoever wrote that is no Blob service.
        }
        throw notAStore(call);
    }

    private static ForebayException notAStore(AzureCall call) {
        return new ForebayException.Unexpected(
                call.failedBecause("the answer lacks what a Blob service says; check the endpoint"), null);
    }
}
