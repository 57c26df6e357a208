package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Errno;
import io.forebay.fs.FailureReport;
import io.forebay.fs.LocalAnswers;
import org.jspecify.annotations.Nullable;

/** Sends each request to where it is served, and answers for those that fail. */
final class RequestService {
    private final NameRequests names;
    private final AttributeRequests attributes;
    private final FileRequests files;
    private final DirectoryRequests directories;
    private final XattrRequests xattrs;
    private final LocalAnswers local;
    private final FailureReport failures;

    RequestService(
            NameRequests names,
            AttributeRequests attributes,
            FileRequests files,
            DirectoryRequests directories,
            XattrRequests xattrs,
            LocalAnswers local,
            FailureReport failures) {
        this.names = names;
        this.attributes = attributes;
        this.files = files;
        this.directories = directories;
        this.xattrs = xattrs;
        this.local = local;
        this.failures = failures;
    }

    /** Whether serving {@code request} waits for nothing but memory and local disk. */
    boolean isLocal(Request request) {
        return switch (request) {
            case Request.Lookup lookup -> local.lookupIsLocal(lookup.parent(), lookup.name());
            case Request.Getattr getattr -> local.getattrIsLocal(getattr.inode());
            case Request.Getxattr getxattr -> xattrs.isLocal(getxattr.inode(), getxattr.name());
            case Request.Open open -> local.openIsLocal(open.inode(), open.mode());
            case Request.Read read -> local.readIsLocal(read.handle(), read.offset(), read.lengthBytes());
            case Request.Write write ->
                local.writeIsLocal(
                        write.handle(), write.offset(), (int) write.data().byteSize());
            case Request.Flush flush -> local.flushIsLocal(flush.handle());
            case Request.Release release -> local.releaseIsLocal(release.handle());
            case Request.Opendir opendir -> local.opendirIsLocal(opendir.inode());
            case Request.Readdir readdir -> local.readdirIsLocal(readdir.handle());
            case Request.Setattr _,
                    Request.Listxattr _,
                    Request.Setxattr _,
                    Request.Removexattr _,
                    Request.Readlink _,
                    Request.Symlink _,
                    Request.Mknod _,
                    Request.Mkdir _,
                    Request.Unlink _,
                    Request.Rmdir _,
                    Request.Rename _,
                    Request.Create _,
                    Request.CopyFileRange _,
                    Request.Fallocate _,
                    Request.Lseek _,
                    Request.Fsync _,
                    Request.Fsyncdir _,
                    Request.Statfs _ -> false;
            case Request.Init _,
                    Request.Forget _,
                    Request.Link _,
                    Request.Releasedir _,
                    Request.Interrupt _,
                    Request.Destroy _,
                    Request.NotServed _,
                    Request.Malformed _,
                    Request.NameNotText _ -> true;
        };
    }

    /** Answers {@code request}, once, whatever happens. */
    // A request that dies with an Error must be answered like any other, or its caller waits for ever.
    @SuppressWarnings("CatchingUnchecked")
    void serve(Request request, Exchange exchange) {
        try {
            dispatch(request, exchange);
        } catch (Throwable failure) {
            exchange.refuse(failures.errnoOf(nameOf(exchange), failure));
        }
    }

    private static String nameOf(Exchange exchange) {
        @Nullable Opcode opcode = Opcode.of(exchange.header().opcode());
        return opcode == null ? "unknown" : opcode.name();
    }

    private void dispatch(Request request, Exchange exchange) throws ForebayException {
        switch (request) {
            case Request.Lookup lookup -> names.lookup(lookup, exchange);
            case Request.Forget forget -> names.forget(forget);
            case Request.Readlink readlink -> names.readlink(readlink, exchange);
            case Request.Symlink symlink -> names.symlink(symlink, exchange);
            case Request.Mknod mknod -> names.mknod(mknod, exchange);
            case Request.Mkdir mkdir -> names.mkdir(mkdir, exchange);
            case Request.Unlink unlink -> names.unlink(unlink, exchange);
            case Request.Rmdir rmdir -> names.rmdir(rmdir, exchange);
            case Request.Rename rename -> names.rename(rename, exchange);
            case Request.Getattr getattr -> attributes.getattr(getattr, exchange);
            case Request.Setattr setattr -> attributes.setattr(setattr, exchange);
            case Request.Statfs _ -> attributes.statfs(exchange);
            case Request.Getxattr getxattr -> xattrs.get(getxattr, exchange);
            case Request.Listxattr listxattr -> xattrs.list(listxattr, exchange);
            case Request.Setxattr setxattr -> xattrs.set(setxattr, exchange);
            case Request.Removexattr removexattr -> xattrs.remove(removexattr, exchange);
            case Request.Open open -> files.open(open, exchange);
            case Request.Create create -> files.create(create, exchange);
            case Request.Read read -> files.read(read, exchange);
            case Request.Write write -> files.write(write, exchange);
            case Request.CopyFileRange copy -> files.copyFileRange(copy, exchange);
            case Request.Fallocate fallocate -> files.fallocate(fallocate, exchange);
            case Request.Lseek lseek -> files.lseek(lseek, exchange);
            case Request.Flush flush -> files.flush(flush, exchange);
            case Request.Fsync fsync -> files.fsync(fsync, exchange);
            case Request.Release release -> files.release(release, exchange);
            case Request.Opendir opendir -> directories.opendir(opendir, exchange);
            case Request.Readdir readdir -> directories.readdir(readdir, exchange);
            case Request.Releasedir releasedir -> directories.releasedir(releasedir, exchange);
            case Request.Fsyncdir fsyncdir -> directories.fsyncdir(fsyncdir, exchange);
            case Request.Destroy _ -> exchange.done();
            case Request.Link _ -> exchange.refuse(Errno.EPERM);
            case Request.NameNotText _ -> exchange.refuse(notTextErrno(exchange));
            case Request.Malformed _, Request.Init _ -> exchange.refuse(Errno.EINVAL);
            case Request.NotServed _ -> exchange.refuse(Errno.ENOSYS);
            // Served by the session, which knows what is under way.
            case Request.Interrupt _ -> {}
        }
    }

    /** Nothing is called that, so looking for it finds nothing; making it is what fails. */
    private static Errno notTextErrno(Exchange exchange) {
        return switch (Opcode.of(exchange.header().opcode())) {
            case LOOKUP, UNLINK, RMDIR -> Errno.ENOENT;
            case null, default -> Errno.EILSEQ;
        };
    }
}
