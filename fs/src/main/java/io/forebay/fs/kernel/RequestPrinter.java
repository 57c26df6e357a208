package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Errno;
import io.forebay.fs.OpenMode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints a request and what became of it as one line. */
final class RequestPrinter {
    /** Not a class: whoever asks for the trace gets it whatever the level of the rest is. */
    private static final Logger TRACE = LoggerFactory.getLogger("io.forebay.fs.kernel.trace");

    private RequestPrinter() {}

    /**
     * Prints what {@code exchange} has just been used for.
     *
     * @param elapsedNanos from the moment it was read until it was answered
     */
    static void print(Request request, Exchange exchange, long elapsedNanos) {
        String line = line(exchange.header(), request, exchange.answeredErrno(), elapsedNanos);
        String answer = exchange.answeredErrno() == 0 ? answer(request, exchange.answered()) : "";
        TRACE.info(answer.isEmpty() ? line : line + " -> " + answer);
    }

    /** Prints the handshake, whose answer is what the rest depends on. */
    static void printInit(Header header, Request.Init offer, Negotiation agreed) {
        TRACE.info("unique=" + header.unique() + " op=INIT " + arguments(offer) + " -> protocol=" + Negotiation.MAJOR
                + "." + agreed.minor() + " flags=0x" + Long.toHexString(agreed.flags()) + " max_transfer="
                + agreed.maxTransferBytes());
    }

    /** What was answered, in short: with it a later request's inode or handle can be tied to a name. */
    static String answer(Request request, MemorySegment body) {
        return switch (request) {
            case Request.Lookup _, Request.Symlink _, Request.Mknod _, Request.Mkdir _ ->
                body.byteSize() == Wire.EntryOut.SIZE ? entry(body) : "";
            case Request.Create _ ->
                body.byteSize() == Wire.EntryOut.SIZE + Wire.OpenOut.SIZE
                        ? entry(body) + " " + opened(body.asSlice(Wire.EntryOut.SIZE))
                        : "";
            case Request.Open _, Request.Opendir _ -> body.byteSize() == Wire.OpenOut.SIZE ? opened(body) : "";
            case Request.Getattr _, Request.Setattr _ ->
                body.byteSize() == Wire.AttrOut.SIZE ? attributes(body.asSlice(Wire.AttrOut.ATTR)) : "";
            case Request.Read _, Request.Readdir _ -> "bytes=" + body.byteSize();
            default -> "";
        };
    }

    private static String entry(MemorySegment body) {
        long inode = body.get(JAVA_LONG_UNALIGNED, Wire.EntryOut.NODEID);
        return inode == 0 ? "absent" : "inode=" + inode + " " + attributes(body.asSlice(Wire.EntryOut.ATTR));
    }

    private static String attributes(MemorySegment body) {
        return "size=" + body.get(JAVA_LONG_UNALIGNED, Wire.Attr.SIZE_FIELD) + " mode="
                + octal(body.get(JAVA_INT_UNALIGNED, Wire.Attr.MODE));
    }

    private static String opened(MemorySegment body) {
        int flags = body.get(JAVA_INT_UNALIGNED, Wire.OpenOut.OPEN_FLAGS);
        return "handle=" + body.get(JAVA_LONG_UNALIGNED, Wire.OpenOut.FH) + " flags=0x" + Integer.toHexString(flags)
                + ((flags & FileRequests.FOPEN_PASSTHROUGH) != 0 ? " passthrough" : "");
    }

    /**
     * The line.
     *
     * @param elapsedNanos from the moment it was read until it was answered
     */
    static String line(Header header, Request request, int answeredErrno, long elapsedNanos) {
        @Nullable Opcode opcode = Opcode.of(header.opcode());
        String name = opcode == null ? "OPCODE-" + header.opcode() : opcode.name();
        String arguments = arguments(request);
        return "unique=" + header.unique() + " op=" + name + " inode=" + header.inode()
                + (arguments.isEmpty() ? "" : " " + arguments) + " pid=" + header.pid() + " uid=" + header.uid()
                + " errno=" + errnoName(answeredErrno)
                + " us=" + elapsedNanos / 1000;
    }

    private static String errnoName(int number) {
        return Arrays.stream(Errno.values())
                .filter(errno -> errno.number() == number)
                .map(Errno::name)
                .findFirst()
                .orElse(Integer.toString(number));
    }

    private static String arguments(Request request) {
        return switch (request) {
            case Request.Init init ->
                "protocol=" + init.major() + "." + init.minor() + " flags=0x" + Long.toHexString(init.flags());
            case Request.Lookup lookup -> "name=" + quoted(lookup.name());
            case Request.Forget forget -> "inodes=" + forget.inodes().size();
            case Request.Setattr setattr -> change(setattr);
            case Request.Getxattr getxattr -> "name=" + quoted(getxattr.name()) + " room=" + getxattr.roomBytes();
            case Request.Listxattr listxattr -> "room=" + listxattr.roomBytes();
            case Request.Setxattr setxattr ->
                "name=" + quoted(setxattr.name()) + " length="
                        + setxattr.value().byteSize();
            case Request.Removexattr removexattr -> "name=" + quoted(removexattr.name());
            case Request.Symlink symlink -> "name=" + quoted(symlink.name()) + " target=" + quoted(symlink.target());
            case Request.Mknod mknod -> "name=" + quoted(mknod.name()) + " mode=" + octal(mknod.mode());
            case Request.Mkdir mkdir -> "name=" + quoted(mkdir.name()) + " mode=" + octal(mkdir.permissions());
            case Request.Unlink unlink -> "name=" + quoted(unlink.name());
            case Request.Rmdir rmdir -> "name=" + quoted(rmdir.name());
            case Request.Rename rename ->
                "name=" + quoted(rename.name()) + " to=" + rename.newParent() + " as=" + quoted(rename.newName())
                        + " mode=" + rename.mode();
            case Request.Link link -> "of=" + link.inode() + " as=" + quoted(link.newName());
            case Request.Open open -> "mode=" + mode(open.mode());
            case Request.Create create ->
                "name=" + quoted(create.name()) + " mode=" + mode(create.mode()) + " permissions="
                        + octal(create.permissions());
            case Request.Read read ->
                "handle=" + read.handle() + " offset=" + read.offset() + " length=" + read.lengthBytes();
            case Request.Write write ->
                "handle=" + write.handle() + " offset=" + write.offset() + " length="
                        + write.data().byteSize();
            case Request.CopyFileRange copy ->
                "handle=" + copy.from() + " offset=" + copy.fromOffset() + " to=" + copy.to() + " at=" + copy.toOffset()
                        + " length=" + copy.lengthBytes();
            case Request.Fallocate fallocate ->
                "handle=" + fallocate.handle() + " mode=" + fallocate.mode() + " offset=" + fallocate.offset()
                        + " length=" + fallocate.lengthBytes();
            case Request.Lseek lseek ->
                "handle=" + lseek.handle() + " offset=" + lseek.offset() + " whence=" + lseek.whence();
            case Request.Flush flush -> "handle=" + flush.handle();
            case Request.Fsync fsync -> "handle=" + fsync.handle();
            case Request.Release release -> "handle=" + release.handle();
            case Request.Readdir readdir ->
                "handle=" + readdir.handle() + " cookie=" + readdir.cookie() + " room=" + readdir.roomBytes();
            case Request.Releasedir releasedir -> "handle=" + releasedir.handle();
            case Request.Interrupt interrupt -> "of=" + interrupt.target();
            case Request.Malformed malformed -> "malformed=" + malformed.reason();
            case Request.Getattr _,
                    Request.Readlink _,
                    Request.Opendir _,
                    Request.Fsyncdir _,
                    Request.Statfs _,
                    Request.Destroy _,
                    Request.NotServed _,
                    Request.NameNotText _ -> "";
        };
    }

    private static String change(Request.Setattr setattr) {
        AttributeChange change = setattr.change();
        StringBuilder text = new StringBuilder();
        append(text, "mode", change.permissions() == null ? null : octal(change.permissions()));
        append(text, "uid", change.uid());
        append(text, "gid", change.gid());
        append(text, "size", change.sizeBytes());
        append(text, "atime", setattr.accessNow() ? "now" : change.accessNanos());
        append(text, "mtime", setattr.modifyNow() ? "now" : change.modifyNanos());
        return text.toString().strip();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(name).append('=').append(value).append(' ');
        }
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    private static String mode(OpenMode mode) {
        return (mode.read() ? "r" : "")
                + (mode.write() ? "w" : "")
                + (mode.truncate() ? "t" : "")
                + (mode.append() ? "a" : "");
    }

    /** In quotes, with everything that could break the line written as a number. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            if (Character.isISOControl(character) || character == '"' || character == '\\') {
                quoted.append(String.format("\\u%04x", character));
            } else {
                quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }
}
