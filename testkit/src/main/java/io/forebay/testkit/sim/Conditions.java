package io.forebay.testkit.sim;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The conditional headers of a request, decided as "Specifying conditional headers for Blob service" says. */
final class Conditions {
    private static final String ANY = "*";

    private final @Nullable String ifMatch;
    private final @Nullable String ifNoneMatch;
    private final @Nullable Instant ifModifiedSince;
    private final @Nullable Instant ifUnmodifiedSince;

    private Conditions(RequestHead head, String namePrefix) {
        ifMatch = head.header(namePrefix + "if-match");
        ifNoneMatch = head.header(namePrefix + "if-none-match");
        ifModifiedSince = HttpDate.parse(head.header(namePrefix + "if-modified-since"));
        ifUnmodifiedSince = HttpDate.parse(head.header(namePrefix + "if-unmodified-since"));
    }

    /** Those on the blob that the request is about. */
    static Conditions of(RequestHead head) {
        return new Conditions(head, "");
    }

    /** Those on the blob that the request copies from. */
    static Conditions ofSource(RequestHead head) {
        return new Conditions(head, "x-ms-source-");
    }

    /** For what only looks: an unchanged blob is 304. */
    void checkRead(StoredBlob blob) throws Refusal {
        if (isAnother(blob)) {
            throw Refusal.conditionNotMet();
        }
        if (isUnwanted(blob)) {
            throw Refusal.notModified();
        }
    }

    /** For what changes a blob that must be there. */
    void checkChange(StoredBlob blob) throws Refusal {
        if (isAnother(blob) || isUnwanted(blob)) {
            throw Refusal.conditionNotMet();
        }
    }

    /** For what makes a blob, or replaces the one that is there. */
    void checkReplace(@Nullable StoredBlob blob) throws Refusal {
        if (blob == null) {
            if (ifMatch != null) {
                throw Refusal.conditionNotMet();
            }
        } else if (ANY.equals(ifNoneMatch)) {
            throw Refusal.blobAlreadyExists();
        } else {
            checkChange(blob);
        }
    }

    void checkSource(StoredBlob blob) throws Refusal {
        if (isAnother(blob) || isUnwanted(blob)) {
            throw Refusal.sourceConditionNotMet();
        }
    }

    private boolean isAnother(StoredBlob blob) {
        return (ifMatch != null && !names(ifMatch, blob))
                || (ifUnmodifiedSince != null && blob.changed().isAfter(ifUnmodifiedSince));
    }

    private boolean isUnwanted(StoredBlob blob) {
        return (ifNoneMatch != null && names(ifNoneMatch, blob))
                || (ifModifiedSince != null && !blob.changed().isAfter(ifModifiedSince));
    }

    private static boolean names(String etags, StoredBlob blob) {
        for (String etag : etags.split(",")) {
            String bare = etag.strip().replace("\"", "");
            if (bare.equals(ANY) || bare.equals(blob.etag().replace("\"", ""))) {
                return true;
            }
        }
        return false;
    }
}
