package io.forebay.nativetests.suite;

import io.forebay.nativetests.posix.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Content that differs at every place, so that bytes at a wrong offset are seen. */
final class Bytes {
    private Bytes() {}

    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] zeros(int length) {
        return new byte[length];
    }

    static byte[] filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** {@code bytes} with {@code patch} laid over it at {@code offset}, longer if need be. */
    static byte[] patched(byte[] bytes, int offset, byte[] patch) {
        byte[] all = Arrays.copyOf(bytes, Math.max(bytes.length, offset + patch.length));
        System.arraycopy(patch, 0, all, offset, patch.length);
        return all;
    }

    /** Reads {@code length} bytes, however many calls that takes; fewer only at the end of the file. */
    static byte[] readFully(Fd file, long offset, int length) throws IOException {
        byte[] all = new byte[length];
        int at = 0;
        while (at < length) {
            byte[] piece = file.pread(length - at, offset + at);
            if (piece.length == 0) {
                break;
            }
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return Arrays.copyOf(all, at);
    }

    /** A new file with this content. */
    static Path file(Path path, byte[] content) throws IOException {
        return Files.write(path, content);
    }

    static Path file(Path path, String content) throws IOException {
        return Files.writeString(path, content);
    }
}
