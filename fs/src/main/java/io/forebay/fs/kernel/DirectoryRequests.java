package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Attributes;
import io.forebay.fs.FileSystemOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the listing of directories. */
final class DirectoryRequests {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryRequests.class);

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
        DirectoryPage page = new DirectoryPage(exchange.body(room), request.withAttributes());
        tree.readdir(request.handle(), request.cookie(), page);
        List<Long> lookedUp = lookUp(request.inode(), page);
        if (!exchange.answer(page.usedBytes())) {
            lookedUp.forEach(inode -> tree.forget(inode, 1));
        }
    }

    /**
     * Fills in what the page wants to know of its entries, and returns the inodes whose lookup counts that raised. An
     * entry that cannot be found any more, or not now, stays without; the kernel then looks it up when it needs it.
     */
    private List<Long> lookUp(long parent, DirectoryPage page) {
        List<Long> lookedUp = new ArrayList<>(page.slots().size());
        for (DirectoryPage.Slot slot : page.slots()) {
            try {
                Attributes attributes = tree.lookup(parent, slot.name());
                lookedUp.add(attributes.inode());
                encoder.entry(slot.entry(), attributes);
            } catch (ForebayException failure) {
                LOG.debug("entry listed without attributes name={} reason={}", slot.name(), failure.getMessage());
            }
        }
        return lookedUp;
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
