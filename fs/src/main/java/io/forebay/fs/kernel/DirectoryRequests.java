package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.FileSystemOperations;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Serves the listing of directories. */
final class DirectoryRequests {
    private final FileSystemOperations tree;
    private final ReplyEncoder encoder;
    private final Set<Long> handles = ConcurrentHashMap.newKeySet();

    DirectoryRequests(FileSystemOperations tree, ReplyEncoder encoder) {
        this.tree = tree;
        this.encoder = encoder;
    }

    void opendir(Request.Opendir request, Exchange exchange) throws ForebayException {
        long handle = tree.opendir(request.inode());
        handles.add(handle);
        ReplyEncoder.opened(exchange.emptyBody(Wire.OpenOut.SIZE), handle, 0, 0);
        if (!exchange.answer(Wire.OpenOut.SIZE)) {
            close(handle);
        }
    }

    void readdir(Request.Readdir request, Exchange exchange) throws ForebayException {
        int room = Math.min(request.roomBytes(), exchange.maxAnswerBytes());
        DirectoryPage page = new DirectoryPage(exchange.body(room), request.withAttributes(), encoder);
        if (request.withAttributes()) {
            tree.readdirplus(request.handle(), request.cookie(), page);
        } else {
            tree.readdir(request.handle(), request.cookie(), page);
        }
        if (!exchange.answer(page.usedBytes())) {
            page.forgetFound(tree);
        }
    }

    void fsyncdir(Request.Fsyncdir request, Exchange exchange) throws ForebayException {
        tree.fsyncdir(request.inode());
        exchange.done();
    }

    void releasedir(Request.Releasedir request, Exchange exchange) {
        close(request.handle());
        exchange.done();
    }

    private void close(long handle) {
        handles.remove(handle);
        tree.releasedir(handle);
    }

    /** Releases what the kernel can no longer release, because the mount is gone. */
    void releaseAll() {
        handles.forEach(this::close);
    }
}
