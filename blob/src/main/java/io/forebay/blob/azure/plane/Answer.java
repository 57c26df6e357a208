package io.forebay.blob.azure.plane;

import java.net.ProtocolException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered, without the body.
 *
 * @param status the HTTP status
 * @param headers names, as the server writes them but found whatever their case, and values; of several of one name the
 *     first
 * @param keepsAlive whether the server means to take another request on this connection
 */
public record Answer(int status, Map<String, String> headers, boolean keepsAlive) {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** How long the body will be, by what the head says; 0 if it does not say. */
    public long announcedBytes() throws ProtocolException {
        String length = headers.get("content-length");
        if (length == null) {
            return 0;
        }
        // Longer than any body, and shorter than what a long holds.
        boolean digits = !length.isEmpty()
                && length.length() < 19
                && length.chars().allMatch(character -> character >= '0' && character <= '9');
        if (!digits) {
            throw new ProtocolException("the answer's length is no number");
        }
        return Long.parseLong(length);
    }

    /** Whether it only says that the real one will come. */
    boolean isInterim() {
        return status < 200;
    }

    boolean hasBody() {
        return status != NO_CONTENT && status != NOT_MODIFIED;
    }
}
