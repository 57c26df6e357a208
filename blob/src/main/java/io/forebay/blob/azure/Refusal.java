package io.forebay.blob.azure;

import io.forebay.blob.azure.plane.Answer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no success, whoever received it.
 *
 * @param status the HTTP status
 * @param code Azure's own error code, or empty
 * @param requestId what Azure's support asks for, if the store gave it
 * @param retryAfter how long the store asks to be left alone, if it does
 */
record Refusal(
        int status,
        String code,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {
    static Refusal of(Answer answer) {
        return of(answer.status(), answer::header);
    }

    /** @param headers finds a header by its name, in lower case */
    static Refusal of(int status, Function<String, @Nullable String> headers) {
        return new Refusal(
                status,
                Objects.requireNonNullElse(headers.apply("x-ms-error-code"), ""),
                headers.apply("x-ms-request-id"),
                pause(headers.apply("x-ms-retry-after-ms"), headers.apply("retry-after")));
    }

    private static @Nullable Duration pause(@Nullable String milliseconds, @Nullable String seconds) {
        try {
            if (milliseconds != null) {
                return Duration.ofMillis(Math.max(0, Long.parseLong(milliseconds.strip())));
            }
            return seconds == null ? null : Duration.ofSeconds(Math.max(0, Long.parseLong(seconds.strip())));
        } catch (NumberFormatException | ArithmeticException aDateOrNonsense) {
            // Azure sends seconds. Without a number the caller's own pause is as good a guess as any.
            return null;
        }
    }

    /** Where it comes from, as the end of a message. */
    String source() {
        String what = code.isEmpty() ? "" : " " + code;
        String request = requestId == null ? "" : ", request id " + requestId;
        return " (HTTP " + status + what + request + ")";
    }
}
