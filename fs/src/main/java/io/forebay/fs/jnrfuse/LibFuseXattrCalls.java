package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.fs.Errno;
import io.forebay.fs.ExtendedAttributes;
import io.forebay.fs.FileSystemOperations;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jnr.ffi.Pointer;

/** {@link LibFuseCalls} with extended attributes. Apart, since their mere presence costs a call before each write. */
final class LibFuseXattrCalls extends LibFuseCalls {
    private static final String USER = "user.";
    private static final int XATTR_CREATE = 1;
    private static final int XATTR_REPLACE = 2;

    private final ExtendedAttributes attributes;
    private final Answer answer;

    LibFuseXattrCalls(
            FileSystemOperations tree, ExtendedAttributes attributes, Answer answer, Clock clock, Runnable onReady) {
        super(tree, answer, clock, onReady);
        this.attributes = attributes;
        this.answer = answer;
    }

    @Override
    public int getxattr(String path, String name, Pointer value, long size) {
        if (!name.startsWith(USER)) {
            return -Errno.EOPNOTSUPP.number();
        }
        return answer.to("getxattr", () -> {
            Optional<byte[]> found = at(path, inode -> attributes.getxattr(inode, name));
            return found.map(bytes -> put(bytes, value, size)).orElse(-Errno.ENODATA.number());
        });
    }

    @Override
    public int listxattr(String path, Pointer list, long size) {
        return answer.to("listxattr", () -> {
            ByteArrayOutputStream names = new ByteArrayOutputStream();
            for (String name : at(path, attributes::listxattr)) {
                names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
                names.write(0);
            }
            return put(names.toByteArray(), list, size);
        });
    }

    private static int put(byte[] bytes, Pointer target, long room) {
        if (room == 0) {
            return bytes.length;
        }
        if (bytes.length > room) {
            return -Errno.ERANGE.number();
        }
        target.put(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    @Override
    public int setxattr(String path, String name, Pointer value, long size, int flags) {
        if (!name.startsWith(USER)) {
            return -Errno.EOPNOTSUPP.number();
        }
        return answer.to("setxattr", () -> {
            byte[] bytes = new byte[(int) size];
            value.get(0, bytes, 0, bytes.length);
            ExtendedAttributes.Setting setting =
                    switch (flags) {
                        case 0 -> ExtendedAttributes.Setting.EITHER;
                        case XATTR_CREATE -> ExtendedAttributes.Setting.CREATE;
                        case XATTR_REPLACE -> ExtendedAttributes.Setting.REPLACE;
                        default -> throw new ForebayException.InvalidArgument("flags " + flags);
                    };
            return done(at(path, inode -> attributes.setxattr(inode, name, bytes, setting)));
        });
    }

    @Override
    public int removexattr(String path, String name) {
        if (!name.startsWith(USER)) {
            return -Errno.EOPNOTSUPP.number();
        }
        return answer.to("removexattr", () -> done(at(path, inode -> attributes.removexattr(inode, name))));
    }

    private static int done(boolean wasThere) {
        return wasThere ? 0 : -Errno.ENODATA.number();
    }
}
