package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** Content for tests, and short ways to read and write it. */
@NullMarked
final class Bytes {
    static final int PAGE = PageMap.PAGE_BYTES;

    private Bytes() {}

    /** Bytes of which none is zero, so that a hole that is served shows. */
    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        Random random = new Random(seed);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60), Clock.system());
    }

    static byte[] read(CachedContent content, long offset, int length) throws ForebayException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = content.read(offset, target, soon());
        if (count != target.position()) {
            throw new AssertionError("said " + count + " and moved by " + target.position());
        }
        return Arrays.copyOf(target.array(), count);
    }

    static byte[] all(CachedContent content) throws ForebayException {
        return read(content, 0, Math.toIntExact(content.sizeBytes()));
    }

    static void write(CachedContent content, long offset, byte[] bytes) throws ForebayException {
        content.write(offset, ByteBuffer.wrap(bytes), soon());
    }
}
