package io.forebay.cli.mount;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes a mount away, and waits for the process behind it. */
public final class Unmounting {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration SAY_SOMETHING_AFTER = Duration.ofSeconds(2);

    private final MountRecords records;
    private final UnmountProgram program;
    private final Clock clock;
    private final Consumer<String> say;

    /** @param say takes a line for the user while waiting */
    public Unmounting(MountRecords records, UnmountProgram program, Clock clock, Consumer<String> say) {
        this.records = records;
        this.program = program;
        this.clock = clock;
        this.say = say;
    }

    /**
     * Unmounts {@code mountPoint}.
     *
     * @param lazy detach it even if it is busy, and do not wait for its process
     * @param wait how long to wait for the uploads
     * @throws ForebayException.NotFound if nothing is mounted there
     * @throws ForebayException.Unavailable if it is busy, or the uploads take longer; they go on
     */
    public void unmount(Path mountPoint, boolean lazy, Duration wait) throws ForebayException {
        Optional<MountRecord> record = records.find(mountPoint);
        Optional<MountTable.Mount> mount = MountTable.read().at(mountPoint);
        boolean ours = mount.filter(MountTable.Mount::isForebay).isPresent();
        if (!ours && record.isEmpty()) {
            throw notOurs(mountPoint, mount);
        }
        if (ours) {
            detach(mountPoint, lazy || MountPoint.isDead(mountPoint));
        }
        if (record.isPresent() && !lazy) {
            awaitEnd(record.get(), wait);
        }
    }

    private static ForebayException notOurs(Path mountPoint, Optional<MountTable.Mount> mount) {
        return mount.<ForebayException>map(
                        other -> new ForebayException.InvalidArgument("what is mounted at " + mountPoint + " is "
                                + other.type() + " and not Forebay's; unmount it with: umount " + mountPoint))
                .orElseGet(() -> new ForebayException.NotFound(
                        "nothing is mounted at " + mountPoint + "; 'forebay list' shows what is mounted where"));
    }

    private void detach(Path mountPoint, boolean lazily) throws ForebayException {
        Optional<String> refusal = program.unmount(mountPoint, lazily);
        if (refusal.isEmpty()) {
            return;
        }
        if (refusal.get().contains("busy")) {
            List<String> users = MountUsers.of(mountPoint);
            throw new ForebayException.Unavailable(mountPoint + " is busy"
                    + (users.isEmpty() ? "" : ", used by " + String.join(", ", users))
                    + "; end what uses it, or detach it with: forebay unmount --lazy " + mountPoint);
        }
        throw new ForebayException.Denied("cannot unmount " + mountPoint + ": " + refusal.get());
    }

    private void awaitEnd(MountRecord record, Duration wait) throws ForebayException {
        Deadline deadline = Deadline.after(wait, clock);
        Deadline silence = Deadline.after(SAY_SOMETHING_AFTER, clock);
        boolean said = false;
        while (record.process().isAlive()) {
            if (deadline.passed()) {
                throw new ForebayException.Unavailable(record.mountPoint() + " is unmounted, but process "
                        + record.process().pid() + " still uploads; it ends by itself" + logHint(record));
            }
            if (!said && silence.passed()) {
                say.accept("waiting for process " + record.process().pid() + " to finish its uploads");
                said = true;
            }
            pause();
        }
        report(record.mountPoint());
    }

    /** A process that ended well took its record away; one that was killed left it, one that failed says why. */
    private void report(Path mountPoint) throws ForebayException {
        Optional<MountRecord> left = records.find(mountPoint);
        records.remove(mountPoint);
        Optional<String> failure = left.flatMap(MountRecord::failure);
        if (failure.isPresent()) {
            throw new ForebayException.Unavailable(
                    "unmounted, but not everything was uploaded: " + failure.get() + logHint(left.get()));
        }
    }

    private static String logHint(MountRecord record) {
        return record.log().map(file -> " (log: " + file + ")").orElse("");
    }

    private void pause() throws ForebayException {
        try {
            clock.sleep(POLL);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while waiting for uploads; they go on", stop);
        }
    }
}
