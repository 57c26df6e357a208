package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.mount.MountRecord;
import io.forebay.fs.CacheSteering;
import io.forebay.fs.PendingUpload;
import io.forebay.fs.SteeringProgress;
import io.forebay.fs.UploadSteering;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks the process of one mount. Never waits for long for a process that does not answer. */
public final class ControlClient {
    private final ControlSockets sockets;
    private final MountRecord mount;
    private final Duration patience;

    /** @param patience how long the mount may be silent; it speaks five times a second */
    public ControlClient(ControlSockets sockets, MountRecord mount, Duration patience) {
        this.sockets = sockets;
        this.mount = mount;
        this.patience = patience;
    }

    /** Work on files that a mount can be asked for. */
    public enum Work {
        WARMUP,
        PIN,
        CHECK,
        EVICT,
        UNPIN,
        FLUSH,
        RETRY,
        DISCARD;

        private Request.Command command() {
            return switch (this) {
                case WARMUP -> Request.Command.WARMUP;
                case PIN -> Request.Command.PIN;
                case CHECK -> Request.Command.CHECK;
                case EVICT -> Request.Command.EVICT;
                case UNPIN -> Request.Command.UNPIN;
                case FLUSH -> Request.Command.FLUSH;
                case RETRY -> Request.Command.RETRY;
                case DISCARD -> Request.Command.DISCARD;
            };
        }
    }

    /**
     * How work ended.
     *
     * @param failures the first so many
     * @param refusal why it was not done, or not to its end; empty if it was
     */
    public record Outcome(
            SteeringProgress.State state,
            List<SteeringProgress.Failure> failures,
            @Nullable String refusal) {}

    /**
     * What is known of a cache.
     *
     * @param counters what was counted since the mount, by name
     */
    public record Report(CacheSteering.CacheReport cache, Map<String, Long> counters) {}

    /**
     * Has work done, and returns when it is. It ends early when this process does.
     *
     * @param paths from the root of the mount
     * @param watcher is told how far it is
     * @throws ForebayException.Unavailable if the mount cannot be reached or does not answer
     */
    public Outcome work(Work work, List<String> paths, Consumer<SteeringProgress.State> watcher)
            throws ForebayException {
        List<SteeringProgress.Failure> failures = new ArrayList<>();
        SteeringProgress.State[] last = {new SteeringProgress.State(0, 0, false, 0, 0, 0, 0, 0)};
        Message end = ask(new Request(work.command(), 0, paths), message -> {
            switch (message.word()) {
                case Answers.PROGRESS -> {
                    last[0] = Answers.state(message);
                    watcher.accept(last[0]);
                }
                case Answers.FAILED -> failures.add(Answers.failure(message));
                default -> throw unexpected(message);
            }
        });
        boolean refused = end.word().equals(Answers.REFUSED);
        return new Outcome(last[0], failures, refused ? end.text("reason") : null);
    }

    /** What the cache has at or below {@code paths}, with so many groups. */
    public Report report(List<String> paths, int most) throws ForebayException {
        List<CacheSteering.Disk> disks = new ArrayList<>();
        List<CacheSteering.FailedDisk> failed = new ArrayList<>();
        List<CacheSteering.Group> groups = new ArrayList<>();
        Map<String, Long> counters = new LinkedHashMap<>();
        List<Message> cache = new ArrayList<>();
        Message end = ask(new Request(Request.Command.REPORT, most, paths), message -> {
            switch (message.word()) {
                case Answers.PROGRESS -> {}
                case Answers.DISK -> disks.add(Answers.disk(message));
                case Answers.FAILED_DISK -> failed.add(Answers.failedDisk(message));
                case Answers.GROUP -> groups.add(Answers.group(message));
                case Answers.COUNTER -> counters.put(message.text("name"), message.number("value"));
                case Answers.CACHE -> cache.add(message);
                default -> throw unexpected(message);
            }
        });
        if (end.word().equals(Answers.REFUSED) || cache.isEmpty()) {
            throw new ForebayException.Unavailable(end.text("reason"));
        }
        Message sums = cache.getFirst();
        return new Report(
                new CacheSteering.CacheReport(
                        disks,
                        failed,
                        sums.number("resting"),
                        sums.number("in-use"),
                        sums.number("evicted-files"),
                        sums.number("evicted-bytes"),
                        sums.number("damaged"),
                        sums.number("files"),
                        sums.number("bytes"),
                        sums.number("pinned-files"),
                        sums.number("pinned-bytes"),
                        groups),
                counters);
    }

    /** How files at or below {@code paths} stand that are on the local disk only. */
    public UploadSteering.Report uploads(List<String> paths, int most) throws ForebayException {
        List<PendingUpload> files = new ArrayList<>();
        List<Message> sums = new ArrayList<>();
        Message end = ask(new Request(Request.Command.UPLOADS, most, paths), message -> {
            switch (message.word()) {
                case Answers.PROGRESS -> {}
                case Answers.UPLOAD -> files.add(Answers.upload(message));
                case Answers.UPLOADS -> sums.add(message);
                default -> throw unexpected(message);
            }
        });
        if (end.word().equals(Answers.REFUSED) || sums.isEmpty()) {
            throw new ForebayException.Unavailable(end.text("reason"));
        }
        return Answers.report(sums.getFirst(), files);
    }

    /**
     * The two versions of the file at {@code path}.
     *
     * @throws ForebayException.Unavailable if there are not two, or the mount cannot be asked
     */
    public UploadSteering.Conflict conflict(String path) throws ForebayException {
        List<UploadSteering.Conflict> found = new ArrayList<>();
        Message end = ask(new Request(Request.Command.CONFLICT, 0, List.of(path)), message -> {
            switch (message.word()) {
                case Answers.PROGRESS -> {}
                case Answers.CONFLICT -> found.add(Answers.conflict(message));
                default -> throw unexpected(message);
            }
        });
        if (end.word().equals(Answers.REFUSED) || found.isEmpty()) {
            throw new ForebayException.Unavailable(end.text("reason"));
        }
        return found.getFirst();
    }

    private static ForebayException unexpected(Message message) {
        return new ForebayException.Unsupported(
                "the mount answers with '" + message.word() + "', which this version of forebay does not understand");
    }

    /** Takes one answer. */
    @FunctionalInterface
    private interface Listener {
        void hear(Message message) throws ForebayException;
    }

    /** What the thread that speaks to the mount has for the one that waits. */
    private sealed interface News {
        record Heard(Message message) implements News {}

        record Broken(IOException reason) implements News {}
    }

    /** @return the last answer */
    private Message ask(Request request, Listener listener) throws ForebayException {
        BlockingQueue<News> news = new ArrayBlockingQueue<>(256);
        Thread speaker = Thread.ofVirtual().name("control client").start(() -> speak(request, news));
        try {
            while (true) {
                switch (news.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    case null ->
                        throw new ForebayException.Unavailable("the process of the mount at " + mount.mountPoint()
                                + " (pid " + mount.process().pid() + ") does not answer");
                    case News.Broken(IOException reason) -> throw broken(reason);
                    case News.Heard(Message message) -> {
                        if (message.word().equals(Answers.DONE)
                                || message.word().equals(Answers.REFUSED)) {
                            return message;
                        }
                        listener.hear(message);
                    }
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ForebayException.Interrupted("interrupted while waiting for the mount", stop);
        } finally {
            speaker.interrupt(); // closes the connection, which stops what the mount does
        }
    }

    private void speak(Request request, BlockingQueue<News> news) {
        try {
            try (Wire wire = new Wire(sockets.connect(mount.process()))) {
                request.sendTo(wire);
                for (Message message = wire.receive(); message != null; message = wire.receive()) {
                    news.put(new News.Heard(message));
                }
                news.put(new News.Broken(new IOException("the connection ended")));
            } catch (IOException failed) {
                news.put(new News.Broken(failed));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody listens any more
        }
    }

    private ForebayException broken(IOException reason) {
        if (reason instanceof ForebayException understood) {
            return understood;
        }
        if (!mount.process().isAlive()) {
            return new ForebayException.Unavailable("the mount at " + mount.mountPoint()
                    + " is dead, its process has ended; clean it up with: forebay unmount " + mount.mountPoint());
        }
        String log = mount.log().map(file -> " (log: " + file + ")").orElse("");
        return new ForebayException.Unavailable(
                "the mount at " + mount.mountPoint() + " cannot be asked: " + reason.getMessage() + log, reason);
    }
}
