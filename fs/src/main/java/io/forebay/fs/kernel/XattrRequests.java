package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Errno;
import io.forebay.fs.ExtendedAttributes;
import io.forebay.fs.LocalAnswers;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves extended attributes. Where there are none the first question is answered with ENOSYS, and the kernel asks no
 * more. Where there are, it asks for {@code security.capability} before each write: that is refused at once.
 */
final class XattrRequests {
    private static final String USER = "user.";
    private static final int XATTR_CREATE = 1;
    private static final int XATTR_REPLACE = 2;

    private final @Nullable ExtendedAttributes attributes;
    private final LocalAnswers local;

    /** @param attributes null if there are none */
    XattrRequests(@Nullable ExtendedAttributes attributes, LocalAnswers local) {
        this.attributes = attributes;
        this.local = local;
    }

    boolean isLocal(long inode, String name) {
        return attributes == null || !name.startsWith(USER) || local.getattrIsLocal(inode);
    }

    void get(Request.Getxattr request, Exchange exchange) throws ForebayException {
        if (attributes == null || !isUsers(request.name())) {
            refuse(exchange);
            return;
        }
        Optional<byte[]> value = attributes.getxattr(request.inode(), request.name());
        if (value.isEmpty()) {
            exchange.refuse(Errno.ENODATA);
        } else {
            answer(value.get(), request.roomBytes(), exchange);
        }
    }

    void list(Request.Listxattr request, Exchange exchange) throws ForebayException {
        if (attributes == null) {
            refuse(exchange);
            return;
        }
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String name : attributes.listxattr(request.inode())) {
            names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            names.write(0);
        }
        answer(names.toByteArray(), request.roomBytes(), exchange);
    }

    private static void answer(byte[] bytes, int roomBytes, Exchange exchange) {
        if (roomBytes == 0) {
            MemorySegment body = exchange.emptyBody(Wire.GetxattrOut.SIZE);
            body.set(JAVA_INT_UNALIGNED, Wire.GetxattrOut.SIZE_FIELD, bytes.length);
            exchange.answer(Wire.GetxattrOut.SIZE);
        } else if (bytes.length > roomBytes) {
            exchange.refuse(Errno.ERANGE);
        } else {
            exchange.body(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            exchange.answer(bytes.length);
        }
    }

    void set(Request.Setxattr request, Exchange exchange) throws ForebayException {
        if (attributes == null || !isUsers(request.name())) {
            refuse(exchange);
            return;
        }
        ExtendedAttributes.Setting setting =
                switch (request.flags()) {
                    case 0 -> ExtendedAttributes.Setting.EITHER;
                    case XATTR_CREATE -> ExtendedAttributes.Setting.CREATE;
                    case XATTR_REPLACE -> ExtendedAttributes.Setting.REPLACE;
                    default -> throw new ForebayException.InvalidArgument("flags " + request.flags());
                };
        done(
                attributes.setxattr(
                        request.inode(), request.name(), request.value().toArray(JAVA_BYTE), setting),
                exchange);
    }

    void remove(Request.Removexattr request, Exchange exchange) throws ForebayException {
        if (attributes == null || !isUsers(request.name())) {
            refuse(exchange);
            return;
        }
        done(attributes.removexattr(request.inode(), request.name()), exchange);
    }

    private static void done(boolean wasThere, Exchange exchange) {
        if (wasThere) {
            exchange.done();
        } else {
            exchange.refuse(Errno.ENODATA);
        }
    }

    private static boolean isUsers(String name) {
        return name.startsWith(USER);
    }

    private void refuse(Exchange exchange) {
        exchange.refuse(attributes == null ? Errno.ENOSYS : Errno.EOPNOTSUPP);
    }
}
