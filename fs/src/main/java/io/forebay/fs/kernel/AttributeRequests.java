package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.fs.AttributeChange;
import io.forebay.fs.Attributes;
import io.forebay.fs.FileSystemOperations;

/** Serves what is about attributes, of inodes and of the file system. */
final class AttributeRequests {
    private final FileSystemOperations tree;
    private final ReplyEncoder encoder;
    private final Clock clock;

    AttributeRequests(FileSystemOperations tree, ReplyEncoder encoder, Clock clock) {
        this.tree = tree;
        this.encoder = encoder;
        this.clock = clock;
    }

    void getattr(Request.Getattr request, Exchange exchange) throws ForebayException {
        answer(tree.getattr(request.inode()), exchange);
    }

    void setattr(Request.Setattr request, Exchange exchange) throws ForebayException {
        answer(tree.setattr(request.inode(), timed(request)), exchange);
    }

    /** The change, with our time where the kernel asks for "now". */
    private AttributeChange timed(Request.Setattr request) {
        AttributeChange change = request.change();
        if (!request.accessNow() && !request.modifyNow()) {
            return change;
        }
        Long now = clock.nowNanos();
        return new AttributeChange(
                change.permissions(),
                change.uid(),
                change.gid(),
                change.sizeBytes(),
                request.accessNow() ? now : change.accessNanos(),
                request.modifyNow() ? now : change.modifyNanos());
    }

    private void answer(Attributes attributes, Exchange exchange) {
        encoder.attributesAnswer(exchange.emptyBody(Wire.AttrOut.SIZE), attributes);
        exchange.answer(Wire.AttrOut.SIZE);
    }

    void statfs(Exchange exchange) throws ForebayException {
        ReplyEncoder.space(exchange.emptyBody(Wire.Kstatfs.SIZE), tree.statfs());
        exchange.answer(Wire.Kstatfs.SIZE);
    }
}
