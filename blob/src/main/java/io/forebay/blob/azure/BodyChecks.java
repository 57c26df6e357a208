package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.ForebayException.InvalidArgument;
import io.forebay.blob.BlobBody;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What is asked of a body before it is sent. */
final class BodyChecks {
    private static final int PIECE_BYTES = 64 << 10;

    private BodyChecks() {}

    static BlobBody bounded(AzureCall call, BlobBody body, long limitBytes) throws InvalidArgument {
        if (body.lengthBytes() > limitBytes) {
            throw new InvalidArgument(call.failedBecause(
                    body.lengthBytes() + " bytes are more than the " + limitBytes + " of one request"));
        }
        return body;
    }

    /** The MD5 of all the bytes, by a reading of its own. */
    static byte[] md5(AzureCall call, BlobBody body) throws ForebayException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has MD5", impossible);
        }
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream in = body.open()) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
        } catch (IOException unreadable) {
            throw failed(call, unreadable);
        }
        return digest.digest();
    }

    /** What it means that the bytes to be sent cannot be had. */
    static ForebayException failed(AzureCall call, IOException failure) {
        return failure instanceof ForebayException own
                ? own
                : new ForebayException.Unexpected(
                        call.failedBecause("the bytes to be sent could not be read: " + failure.getMessage()), failure);
    }
}
