package io.forebay.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ContentHeaders;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.Precondition;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The SDK's shapes of things, to and from ours. */
final class SdkShapes {
    private SdkShapes() {}

    static BlobRequestConditions conditions(Precondition precondition) {
        BlobRequestConditions conditions = new BlobRequestConditions();
        return switch (precondition) {
            case Precondition.None() -> conditions;
            case Precondition.IfMatch(Etag etag) -> conditions.setIfMatch(AzureShapes.quoted(etag));
            case Precondition.IfAbsent() -> conditions.setIfNoneMatch("*");
        };
    }

    static BlobHttpHeaders httpHeaders(BlobHeaders headers) {
        ContentHeaders content = headers.content();
        return new BlobHttpHeaders()
                .setContentType(content.type())
                .setContentEncoding(orNull(content.encoding()))
                .setContentLanguage(orNull(content.language()))
                .setContentDisposition(orNull(content.disposition()))
                .setCacheControl(orNull(content.cacheControl()));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    static @Nullable AccessTier tier(BlobHeaders headers) {
        String chosen = headers.labels().accessTier();
        return chosen.isEmpty() ? null : AccessTier.fromString(chosen);
    }

    static @Nullable Map<String, String> tags(SentHeaders headers) {
        return headers.tags().isEmpty() ? null : headers.tags();
    }

    private static BlobLabels labels(@Nullable AccessTier tier, @Nullable Boolean inferred, @Nullable Number tagCount) {
        return AzureShapes.labels(
                tier == null ? null : tier.toString(),
                Boolean.TRUE.equals(inferred),
                tagCount == null ? null : tagCount.toString());
    }

    static BlobProperties properties(
            AzureCall call, String name, com.azure.storage.blob.models.@Nullable BlobProperties found)
            throws ForebayException {
        if (found == null) {
            throw AzureShapes.notAStore(call);
        }
        return new BlobProperties(
                name,
                AzureShapes.etag(call, found.getETag()),
                found.getBlobSize(),
                instant(call, found.getLastModified()),
                AzureShapes.headers(
                        AzureShapes.content(
                                found.getContentType(),
                                found.getContentEncoding(),
                                found.getContentLanguage(),
                                found.getContentDisposition(),
                                found.getCacheControl()),
                        found.getMetadata(),
                        labels(found.getAccessTier(), found.isAccessTierInferred(), found.getTagCount())));
    }

    static ListEntry entry(AzureCall call, BlobItem item) throws ForebayException {
        BlobItemProperties found = item.getProperties();
        if (Boolean.TRUE.equals(item.isPrefix()) || found == null) {
            return new ListEntry.Prefix(item.getName());
        }
        return new ListEntry.Blob(new BlobProperties(
                item.getName(),
                AzureShapes.etag(call, found.getETag()),
                Objects.requireNonNullElse(found.getContentLength(), 0L),
                instant(call, found.getLastModified()),
                AzureShapes.headers(
                        AzureShapes.content(
                                found.getContentType(),
                                found.getContentEncoding(),
                                found.getContentLanguage(),
                                found.getContentDisposition(),
                                found.getCacheControl()),
                        withoutNulls(item.getMetadata()),
                        labels(found.getAccessTier(), found.isAccessTierInferred(), found.getTagCount()))));
    }

    /** The SDK reads an empty element of a list as null. */
    private static Map<String, String> withoutNulls(@Nullable Map<String, String> listed) {
        Map<String, String> pairs = new HashMap<>();
        if (listed != null) {
            listed.forEach((name, value) -> pairs.put(name, Objects.requireNonNullElse(value, "")));
        }
        return pairs;
    }

    static Instant instant(AzureCall call, @Nullable OffsetDateTime written) throws ForebayException {
        if (written == null) {
            throw AzureShapes.notAStore(call);
        }
        return written.toInstant();
    }

    /** What a refusal says, taken from the SDK's answer. */
    static Refusal refusal(HttpResponse response) {
        HttpHeaders headers = response.getHeaders();
        return Refusal.of(response.getStatusCode(), name -> headers.getValue(HttpHeaderName.fromString(name)));
    }
}
