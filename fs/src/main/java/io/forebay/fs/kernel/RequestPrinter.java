package io.forebay.fs.kernel;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Errno;
import io.forebay.fs.OpenMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Prints a request and what became of it as one line. */
final class RequestPrinter {
    private RequestPrinter() {}

    /** @param elapsedNanos from the moment it was read until it was answered */
    static String line(Header header, Request request, int answeredErrno, long elapsedNanos) {
        @Nullable Opcode opcode = Opcode.of(header.opcode());
        String name = opcode == null ? "OPCODE-" + header.opcode() : opcode.name();
        String arguments = arguments(request);
        return "unique=" + header.unique() + " op=" + name + " inode=" + header.inode()
                + (arguments.isEmpty() ? "" : " " + arguments) + " errno=" + errnoName(answeredErrno)
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
            case Request.Flush flush -> "handle=" + flush.handle();
            case Request.Fsync fsync -> "handle=" + fsync.handle();
            case Request.Release release -> "handle=" + release.handle();
            case Request.Readdir readdir ->
                "handle=" + readdir.handle() + " cookie=" + readdir.cookie() + " room=" + readdir.roomBytes();
            case Request.Releasedir releasedir -> "handle=" + releasedir.handle();
            case Request.Fsyncdir fsyncdir -> "handle=" + fsyncdir.handle();
            case Request.Interrupt interrupt -> "of=" + interrupt.target();
            case Request.Malformed malformed -> "malformed=" + malformed.reason();
            case Request.Getattr _,
                    Request.Readlink _,
                    Request.Opendir _,
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
