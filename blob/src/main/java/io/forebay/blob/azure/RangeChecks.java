package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException.Corrupt;
import io.forebay.blob.ByteRange;
import org.jspecify.annotations.Nullable;

/** Whether a body is the range that was asked for: all of it, and nothing else. */
final class RangeChecks {
    private RangeChecks() {}

    static void checkBegin(AzureCall call, ByteRange range, @Nullable String contentRange) throws Corrupt {
        String asked = "bytes " + range.offset() + "-";
        // A whole blob may come without the header; then the count of bytes is check enough.
        if (contentRange == null ? range.offset() > 0 : !contentRange.startsWith(asked)) {
            throw new Corrupt(call.failedBecause("the store sent another range: " + contentRange));
        }
    }

    static void checkNotMore(AzureCall call, ByteRange range, long bytes) throws Corrupt {
        if (bytes > range.length()) {
            throw new Corrupt(call.failedBecause("the store sent more than was asked for"));
        }
    }

    static void checkEnd(AzureCall call, ByteRange range, long taken) throws Corrupt {
        if (taken < range.length()) {
            throw new Corrupt(call.failedBecause("the body ended after " + taken + " bytes"));
        }
    }
}
