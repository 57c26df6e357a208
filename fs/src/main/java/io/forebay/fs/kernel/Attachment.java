package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and ends mounts: with the system calls where we may use them, otherwise through {@code fusermount3}. */
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int EBUSY = 16;

    private Attachment() {}

    /** @return the descriptor that the new mount speaks through */
    static FuseDevice attach(MountRequest request) throws ForebayException {
        if (MountCalls.effectiveUser() != 0) {
            return Fusermount.mount(request);
        }
        try {
            return attachDirectly(request);
        } catch (ForebayException.Denied denied) {
            // Root of a container without the capability to mount; a set-uid helper may have it.
            LOG.debug("mount(2) refused, trying fusermount3 reason={}", denied.getMessage());
            return attachByProgram(request, denied);
        }
    }

    private static FuseDevice attachByProgram(MountRequest request, ForebayException.Denied denied)
            throws ForebayException {
        try {
            return Fusermount.mount(request);
        } catch (ForebayException alsoRefused) {
            ForebayException.Denied failure = new ForebayException.Denied(
                    denied.getMessage() + "; a container needs --cap-add SYS_ADMIN --device " + FuseDevice.PATH,
                    denied);
            failure.addSuppressed(alsoRefused);
            throw failure;
        }
    }

    private static FuseDevice attachDirectly(MountRequest request) throws ForebayException {
        FuseDevice device = FuseDevice.open();
        int outcome = MountCalls.mount(
                request.settings().fsName(),
                request.target(),
                MountRequest.TYPE,
                request.settings().readOnly(),
                request.kernelOptions(device.fd(), MountCalls.effectiveUser(), MountCalls.effectiveGroup()));
        if (outcome < 0) {
            device.close();
            throw SystemCallFailure.of("cannot mount at " + request.target(), -outcome);
        }
        return device;
    }

    /**
     * Takes the mount out of the tree; where it is in use, its users keep it until they are done. It is not an error if
     * nothing is mounted there.
     *
     * @param mountPoint absolute
     */
    static void detach(Path mountPoint) throws ForebayException {
        String target = mountPoint.toString();
        int outcome = MountCalls.unmount(target, false);
        if (outcome == -EBUSY) {
            LOG.info("mount is in use, detaching it mount_point={}", target);
            outcome = MountCalls.unmount(target, true);
        }
        switch (-outcome) {
            case 0 -> LOG.debug("unmounted mount_point={}", target);
            case EINVAL -> LOG.debug("nothing is mounted mount_point={}", target);
            case EPERM -> Fusermount.unmount(mountPoint);
            default -> throw SystemCallFailure.of("cannot unmount " + target, -outcome);
        }
    }
}
