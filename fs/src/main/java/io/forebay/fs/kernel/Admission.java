package io.forebay.fs.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Who may use the mount, where the kernel does not decide that: it knows "the owner" and "everybody", and not "the owner
 * and root".
 */
@FunctionalInterface
interface Admission {
    /** All whom the kernel lets through. */
    Admission EVERYBODY = header -> true;

    boolean admits(Header header);

    /** The user {@code owner} and root. What needs an open handle was decided when it was opened. */
    static Admission rootAnd(int owner) {
        return header -> header.uid() == 0 || header.uid() == owner || isOfHandle(Opcode.of(header.opcode()));
    }

    private static boolean isOfHandle(@Nullable Opcode opcode) {
        return switch (opcode) {
            case null -> false;
            case READ,
                    WRITE,
                    FLUSH,
                    FSYNC,
                    RELEASE,
                    READDIR,
                    READDIRPLUS,
                    FSYNCDIR,
                    RELEASEDIR,
                    FORGET,
                    BATCH_FORGET,
                    DESTROY,
                    INTERRUPT -> true;
            default -> false;
        };
    }
}
