package io.forebay.blob.azure;

import com.azure.core.exception.HttpResponseException;
import io.forebay.base.error.ForebayException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Takes the SDK's wrapping off a failure and hands it to {@link AzureFailures}. The SDK's exception does not become the
 * cause: its message holds the answer's text.
 */
final class SdkFailures {
    private SdkFailures() {}

    /** What {@code failure} of {@code call} means to its caller. */
    static ForebayException translate(AzureCall call, Throwable failure) {
        Throwable thrown = unwrapped(failure);
        if (thrown instanceof HttpResponseException answered && answered.getResponse() != null) {
            return AzureFailures.answered(call, SdkShapes.refusal(answered.getResponse()));
        }
        return AzureFailures.translate(call, thrown);
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable thrown = failure;
        while (thrown.getCause() != null && isWrapper(thrown)) {
            thrown = thrown.getCause();
        }
        return thrown;
    }

    private static boolean isWrapper(Throwable thrown) {
        return switch (thrown) {
            case UncheckedIOException _, ExecutionException _, CompletionException _ -> true;
            // Reactor's carrier of checked exceptions is private to it.
            case RuntimeException carrier -> carrier.getClass().getName().startsWith("reactor.core.Exceptions$");
            default -> false;
        };
    }
}
