package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Attributes;
import io.forebay.fs.CreatedFile;
import io.forebay.fs.Errno;
import io.forebay.fs.FileKind;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.OpenMode;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Serves what is about names: finding, making, moving and removing them. */
final class NameRequests {
    private static final int PERMISSION_BITS = 07777;

    private final FileSystemOperations tree;
    private final ReplyEncoder encoder;

    NameRequests(FileSystemOperations tree, ReplyEncoder encoder) {
        this.tree = tree;
        this.encoder = encoder;
    }

    void lookup(Request.Lookup request, Exchange exchange) throws ForebayException {
        try {
            answer(tree.lookup(request.parent(), request.name()), exchange);
        } catch (ForebayException.NotFound absent) {
            Duration remembered = encoder.remembersAbsence(request.parent(), request.name());
            if (remembered.isZero()) {
                throw absent;
            }
            ReplyEncoder.absence(exchange.emptyBody(Wire.EntryOut.SIZE), remembered);
            exchange.answer(Wire.EntryOut.SIZE);
        }
    }

    void symlink(Request.Symlink request, Exchange exchange) throws ForebayException {
        answer(tree.symlink(request.parent(), request.name(), request.target(), request.caller()), exchange);
    }

    void mkdir(Request.Mkdir request, Exchange exchange) throws ForebayException {
        answer(tree.mkdir(request.parent(), request.name(), request.permissions(), request.caller()), exchange);
    }

    /** Of devices there are none. */
    void mknod(Request.Mknod request, Exchange exchange) throws ForebayException {
        int permissions = request.mode() & PERMISSION_BITS;
        @Nullable FileKind kind = FileKind.ofMode(request.mode()).orElse(null);
        switch (kind) {
            case FILE -> makeFile(request, permissions, exchange);
            case FIFO, SOCKET ->
                answer(tree.mknod(request.parent(), request.name(), kind, permissions, request.caller()), exchange);
            case DIRECTORY, SYMLINK -> exchange.refuse(Errno.EINVAL);
            case null -> exchange.refuse(Errno.EPERM);
        }
    }

    /** A plain file is a file that nobody keeps open. */
    private void makeFile(Request.Mknod request, int permissions, Exchange exchange) throws ForebayException {
        CreatedFile created =
                tree.create(request.parent(), request.name(), permissions, OpenMode.WRITE, request.caller());
        try {
            tree.flush(created.handle());
        } finally {
            tree.release(created.handle());
        }
        answer(created.attributes(), exchange);
    }

    /** Hands out an inode whose lookup count was raised; if nobody takes it, the count is lowered again. */
    private void answer(Attributes attributes, Exchange exchange) {
        encoder.entry(exchange.emptyBody(Wire.EntryOut.SIZE), attributes);
        if (!exchange.answer(Wire.EntryOut.SIZE)) {
            tree.forget(attributes.inode(), 1);
        }
    }

    void readlink(Request.Readlink request, Exchange exchange) throws ForebayException {
        byte[] target = tree.readlink(request.inode()).getBytes(StandardCharsets.UTF_8);
        exchange.body(target.length).copyFrom(MemorySegment.ofArray(target));
        exchange.answer(target.length);
    }

    void unlink(Request.Unlink request, Exchange exchange) throws ForebayException {
        tree.unlink(request.parent(), request.name());
        exchange.done();
    }

    void rmdir(Request.Rmdir request, Exchange exchange) throws ForebayException {
        tree.rmdir(request.parent(), request.name());
        exchange.done();
    }

    void rename(Request.Rename request, Exchange exchange) throws ForebayException {
        tree.rename(request.parent(), request.name(), request.newParent(), request.newName(), request.mode());
        exchange.done();
    }

    void forget(Request.Forget request) {
        for (Request.Forgotten forgotten : request.inodes()) {
            tree.forget(forgotten.inode(), forgotten.lookups());
        }
    }
}
