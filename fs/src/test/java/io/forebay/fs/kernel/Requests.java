package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** An endless stream of requests from a seed: some well-formed, most of them nearly so, some noise. */
final class Requests {
    /** Few names, so that they meet again, and some that no kernel would send. */
    private static final List<String> NAMES =
            List.of("a", "b", "c", "a/b", "", ".", "..", "ä", "\uFFFD", "x".repeat(255), "y".repeat(5000));

    private static final int MAX_BYTES = 8192;

    private final Random random;
    private long unique = 2;

    Requests(Random random) {
        this.random = random;
    }

    byte[] next() {
        byte[] request =
                switch (random.nextInt(10)) {
                    case 0 -> noise();
                    case 1, 2, 3 -> wellFormed();
                    default -> mutated(wellFormed());
                };
        return request;
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutated(byte[] bytes) {
        byte[] changed = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 16)) : bytes;
        for (int flips = random.nextInt(6); flips > 0 && changed.length > 0; flips--) {
            changed[random.nextInt(changed.length)] = (byte) interesting();
        }
        if (random.nextBoolean() && changed.length >= Integer.BYTES) {
            MemorySegment.ofArray(changed).set(JAVA_INT_UNALIGNED, Wire.InHeader.LEN, changed.length);
        }
        return changed;
    }

    private long interesting() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> Long.MIN_VALUE;
            case 4 -> random.nextInt(8);
            default -> random.nextLong();
        };
    }

    private byte[] wellFormed() {
        Opcode[] opcodes = Opcode.values();
        Opcode opcode = opcodes[random.nextInt(opcodes.length)];
        byte[] bytes = new byte[MAX_BYTES + 40_000];
        MemorySegment request = MemorySegment.ofArray(bytes);
        int length = Wire.InHeader.SIZE + body(opcode, request.asSlice(Wire.InHeader.SIZE));
        request.set(JAVA_INT_UNALIGNED, Wire.InHeader.LEN, length);
        request.set(JAVA_INT_UNALIGNED, Wire.InHeader.OPCODE, opcode.number());
        request.set(JAVA_LONG_UNALIGNED, Wire.InHeader.UNIQUE, unique += 2);
        request.set(JAVA_LONG_UNALIGNED, Wire.InHeader.NODEID, random.nextInt(6));
        return Arrays.copyOf(bytes, length);
    }

    /** Fills in a body and returns its length. */
    private int body(Opcode opcode, MemorySegment body) {
        return switch (opcode) {
            case LOOKUP, UNLINK, RMDIR -> names(body, 0, 1);
            case SYMLINK -> names(body, 0, 2);
            case MKNOD -> names(body, numbers(body, Wire.MknodIn.SIZE), 1);
            case MKDIR -> names(body, numbers(body, Wire.MkdirIn.SIZE), 1);
            case RENAME -> names(body, numbers(body, Wire.RenameIn.SIZE), 2);
            case RENAME2 -> names(body, numbers(body, Wire.Rename2In.SIZE), 2);
            case LINK -> names(body, numbers(body, Wire.LinkIn.SIZE), 1);
            case CREATE -> names(body, numbers(body, Wire.CreateIn.SIZE), 1);
            case INIT -> numbers(body, Wire.InitIn.SIZE);
            case SETATTR -> setattr(body);
            case GETATTR -> numbers(body, Wire.GetattrIn.SIZE);
            case OPEN, OPENDIR -> numbers(body, Wire.OpenIn.SIZE);
            case READ, READDIR, READDIRPLUS -> transfer(body, 0);
            case WRITE -> transfer(body, random.nextInt(2000));
            case FLUSH, RELEASE, RELEASEDIR -> numbers(body, Wire.FlushIn.SIZE);
            case FSYNC, FSYNCDIR -> numbers(body, Wire.FsyncIn.SIZE);
            case FORGET, INTERRUPT -> numbers(body, Wire.ForgetIn.SIZE);
            case BATCH_FORGET -> batchForget(body);
            default -> numbers(body, 8 * random.nextInt(8));
        };
    }

    /** Small numbers mostly, which are inodes, handles and flags that exist. */
    private int numbers(MemorySegment body, int length) {
        for (int at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
            body.set(JAVA_INT_UNALIGNED, at, at % 8 == 4 ? 0 : random.nextInt(8));
        }
        return length;
    }

    private int setattr(MemorySegment body) {
        numbers(body, Wire.SetattrIn.SIZE);
        // Not beyond what a scratch file may grow to.
        body.set(JAVA_LONG_UNALIGNED, Wire.SetattrIn.SIZE_FIELD, random.nextInt(10_000));
        body.set(JAVA_INT_UNALIGNED, Wire.SetattrIn.VALID, random.nextInt(1 << 12));
        return Wire.SetattrIn.SIZE;
    }

    private int transfer(MemorySegment body, int dataBytes) {
        numbers(body, Wire.ReadIn.SIZE);
        body.set(JAVA_LONG_UNALIGNED, Wire.ReadIn.OFFSET, random.nextInt(3) * 1000L);
        body.set(JAVA_INT_UNALIGNED, Wire.ReadIn.SIZE_FIELD, dataBytes > 0 ? dataBytes : random.nextInt(100_000));
        return Wire.WriteIn.SIZE + dataBytes;
    }

    private int batchForget(MemorySegment body) {
        int count = random.nextInt(20);
        int length = Wire.BatchForgetIn.SIZE + count * Wire.ForgetOne.SIZE;
        body.asSlice(0, length).fill((byte) 0);
        body.set(JAVA_INT_UNALIGNED, Wire.BatchForgetIn.COUNT, count);
        for (int index = 0; index < count; index++) {
            body.set(JAVA_LONG_UNALIGNED, Wire.BatchForgetIn.SIZE + index * 16L, 2 + random.nextInt(5));
        }
        return length;
    }

    private int names(MemorySegment body, int at, int count) {
        int end = at;
        for (int index = 0; index < count; index++) {
            byte[] name = NAMES.get(random.nextInt(NAMES.size())).getBytes(StandardCharsets.UTF_8);
            body.asSlice(end, name.length).copyFrom(MemorySegment.ofArray(name));
            end += name.length + 1;
        }
        return end;
    }
}
