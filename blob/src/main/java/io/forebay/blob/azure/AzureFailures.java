package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The one translator from what a store answers and the network throws to {@link ForebayException}.
 *
 * <p>A message names the call, the store's own error code and its request id, which is what Azure's support asks for.
 * It never holds the answer's text: Azure repeats the signature of a request there that it refused.
 */
final class AzureFailures {
    private AzureFailures() {}

    /** What {@code failure} of {@code call} means to its caller. */
    static ForebayException translate(AzureCall call, Throwable failure) {
        return switch (failure) {
            case ForebayException already -> already;
            case SocketTimeoutException late -> call.unavailable(text(late, "the store did not answer in time"));
            case ClosedByInterruptException _ ->
                new ForebayException.Interrupted(call.failedBecause("the thread was interrupted"));
            case IOException broken -> broken(call, broken);
            case TimeoutException _ -> call.unavailable("the store did not answer in time");
            case InterruptedException _, CancellationException _ ->
                new ForebayException.Interrupted(call.failedBecause("the thread was interrupted"));
            default -> unexpected(call, failure);
        };
    }

    /** What it means that a wait was interrupted; keeps the thread's flag. */
    static ForebayException.Interrupted interrupted(AzureCall call, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ForebayException.Interrupted(call.failedBecause("the thread was interrupted"), cause);
    }

    /** What an answer that is no success means. */
    static ForebayException answered(AzureCall call, Refusal refusal) {
        ForebayException told = byCode(call, refusal);
        return told == null ? byStatus(call, refusal) : told;
    }

    /** What only the error code tells, or null. */
    private static @Nullable ForebayException byCode(AzureCall call, Refusal refusal) {
        String code = refusal.code();
        String source = refusal.source();
        return switch (code) {
            case "ContainerNotFound", "ResourceNotFound" ->
                new ForebayException.NotFound(call.failedBecause("there is no such container" + source));
            case "BlobAlreadyExists" ->
                new ForebayException.Changed(call.failedBecause("a blob of that name exists" + source));
            case "LeaseIdMissing", "LeaseIdMismatchWithBlobOperation", "LeaseIdMismatchWithContainerOperation" ->
                new ForebayException.Denied(
                        call.failedBecause("another client holds a lease on it; break the lease" + source));
            case "BlobImmutableDueToPolicy" ->
                new ForebayException.Denied(call.failedBecause("an immutability policy protects it" + source));
            case "InvalidBlobType", "BlobArchived", "BlobBeingRehydrated", "FeatureVersionMismatch" ->
                new ForebayException.Unsupported(
                        call.failedBecause("the blob must be a block blob in an online tier" + source));
            case "Md5Mismatch", "Crc64Mismatch" ->
                new ForebayException.Corrupt(call.failedBecause("the bytes changed on their way" + source));
            case "RequestBodyTooLarge", "BlockCountExceedsLimit", "BlockListTooLong" ->
                new ForebayException.TooLarge(call.failedBecause("it is larger than the store takes" + source));
            case "InvalidBlockList", "InvalidBlockId", "InvalidBlobOrBlock" ->
                new ForebayException.InvalidArgument(
                        call.failedBecause("a block is neither staged nor committed" + source));
            case "CannotVerifyCopySource" -> unreadableSource(call, refusal);
            // Azurite says it of what it cannot do, and has said it with more than one status.
            case "APINotImplemented" ->
                new ForebayException.Unsupported(call.failedBecause("the store cannot do that" + source));
            case "PendingCopyOperation", "ContainerBeingDeleted", "OperationTimedOut", "ServerBusy", "InternalError" ->
                busy(call, refusal);
            case "AuthenticationFailed",
                    "InvalidAuthenticationInfo",
                    "NoAuthenticationInformation",
                    "AuthorizationFailure",
                    "AuthorizationPermissionMismatch",
                    "AuthorizationServiceMismatch",
                    "AuthorizationResourceTypeMismatch",
                    "AuthorizationSourceIPMismatch",
                    "AuthorizationProtocolMismatch",
                    "InsufficientAccountPermissions",
                    "KeyBasedAuthenticationNotPermitted",
                    "AccountIsDisabled",
                    "ContainerDisabled" -> new ForebayException.Denied(call.failedBecause(denial(code) + source));
            default -> null;
        };
    }

    private static ForebayException byStatus(AzureCall call, Refusal refusal) {
        String source = refusal.source();
        return switch (refusal.status()) {
            case 304, 409, 412 ->
                new ForebayException.Changed(call.failedBecause("the blob is not the version it was" + source));
            case 400 -> new ForebayException.InvalidArgument(call.failedBecause("the store rejects it" + source));
            case 401, 403 -> new ForebayException.Denied(call.failedBecause(denial("") + source));
            case 404 -> new ForebayException.NotFound(call.failedBecause("there is no such blob" + source));
            case 405, 501 -> new ForebayException.Unsupported(call.failedBecause("the store cannot do that" + source));
            case 413 -> new ForebayException.TooLarge(call.failedBecause("it is larger than the store takes" + source));
            case 416 -> new ForebayException.InvalidArgument(call.failedBecause("the range is not in it" + source));
            case 507 -> new ForebayException.NoSpace(call.failedBecause("the store is full" + source));
            case 408, 429, 500, 502, 503, 504 -> busy(call, refusal);
            default ->
                new ForebayException.Unexpected(
                        call.failedBecause("that is no answer of a Blob service; check the endpoint" + source), null);
        };
    }

    /** The store could not read what it was to copy. Its status is that of the reading, where others have another meaning. */
    private static @Nullable ForebayException unreadableSource(AzureCall call, Refusal refusal) {
        return switch (refusal.status()) {
            case 400, 401, 403, 405, 409 ->
                new ForebayException.Denied(call.failedBecause(
                        "the store may not read the source by itself; check the permissions of the SAS token, and the"
                                + " account's firewall and networks" + refusal.source()));
            default -> null;
        };
    }

    private static String denial(String code) {
        return switch (code) {
            case "AuthenticationFailed", "InvalidAuthenticationInfo" ->
                "the store does not accept the credentials; check the account key, or the SAS token and its expiry,"
                        + " and this machine's clock";
            case "AuthorizationPermissionMismatch",
                    "AuthorizationServiceMismatch",
                    "AuthorizationResourceTypeMismatch",
                    "InsufficientAccountPermissions" ->
                "the credentials do not allow it; check the permissions of the SAS token or role";
            case "AuthorizationSourceIPMismatch" ->
                "this machine's address may not do that; check the SAS token's address range";
            case "AuthorizationProtocolMismatch" -> "the credentials are for https only; use an https endpoint";
            case "KeyBasedAuthenticationNotPermitted" -> "the account does not allow keys; use another credential";
            case "AccountIsDisabled", "ContainerDisabled" -> "it is disabled; ask the account's owner";
            default ->
                "the store refuses it; check the account key, the SAS token's expiry and permissions, and the account's"
                        + " firewall and networks";
        };
    }

    private static ForebayException busy(AzureCall call, Refusal refusal) {
        String message = call.failedBecause("the store is busy or out of order" + refusal.source());
        // Azure's own way to say that it is asked too much is 503, that of what stands in front of it 429.
        return refusal.status() == 429 || refusal.status() == 503
                ? ForebayException.Unavailable.throttling(message, refusal.retryAfter())
                : new ForebayException.Unavailable(message, refusal.retryAfter(), null);
    }

    private static ForebayException broken(AzureCall call, IOException failure) {
        if (causedBy(failure, CertificateException.class)) {
            return new ForebayException.Denied(
                    call.failedBecause("the server's certificate is not trusted; give the file of its authority"),
                    scrubbed(failure));
        }
        String reason =
                switch (failure) {
                    case UnknownHostException _ -> "the endpoint's host is not known";
                    case ConnectException _
                    when causedBy(failure, UnresolvedAddressException.class) -> "the endpoint's host is not known";
                    case ConnectException _ -> "no connection: " + text(failure, "connection refused");
                    case SSLException _ -> "TLS failed: " + text(failure, "no reason given");
                    default -> "the connection broke: " + text(failure, "no reason given");
                };
        return new ForebayException.Unavailable(call.failedBecause(reason), null, scrubbed(failure));
    }

    private static ForebayException unexpected(AzureCall call, Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + text(failure, "no reason given");
        return new ForebayException.Unexpected(call.failedBecause(reason), scrubbed(failure));
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable thrown = failure; thrown != null; thrown = thrown.getCause()) {
            if (kind.isInstance(thrown)) {
                return true;
            }
        }
        return false;
    }

    private static String text(Throwable failure, String otherwise) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? otherwise : Secrets.redact(message);
    }

    /** The failure as a cause, or a copy with its stack and without its words if they hold a signature. */
    private static Throwable scrubbed(Throwable failure) {
        for (Throwable thrown = failure; thrown != null; thrown = thrown.getCause()) {
            String message = thrown.getMessage();
            if (message != null && !Secrets.redact(message).equals(message)) {
                IOException copy = new IOException(failure.getClass().getName() + ": " + text(failure, ""));
                copy.setStackTrace(failure.getStackTrace());
                return copy;
            }
        }
        return failure;
    }
}
