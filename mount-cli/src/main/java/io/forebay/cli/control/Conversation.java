package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.fs.CacheSteering;
import io.forebay.fs.Selection;
import io.forebay.fs.SteeringProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answers, on the side of the mount. */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    /** Often enough for a bar that moves, and for noticing soon that nobody listens any more. */
    private static final Duration BETWEEN_LINES = Duration.ofMillis(200);

    private final Wire wire;
    private final Steering steering;
    private final Metrics metrics;
    private final SteeringProgress progress = new SteeringProgress();
    private final AtomicReference<@Nullable ForebayException> failure = new AtomicReference<>();
    /** What is told beside progress and failures; written by the work, read when that has ended. */
    private final List<Message> findings = new ArrayList<>();

    Conversation(Wire wire, Steering steering, Metrics metrics) {
        this.wire = wire;
        this.steering = steering;
        this.metrics = metrics;
    }

    /** Answers {@code request}, on this thread; whatever it began has ended when this returns. */
    void answer(Request request) throws IOException, InterruptedException {
        Thread work = Thread.ofVirtual().name("control " + request.command()).start(() -> work(request));
        try {
            while (!work.join(BETWEEN_LINES)) {
                wire.send(Answers.of(progress.state()));
            }
        } finally {
            work.interrupt();
            work.join(); // it holds content, which must be given back before the mount can end
        }
        tellResult();
    }

    private void work(Request request) {
        try {
            Selection selection = Selection.of(request.paths());
            switch (request.command()) {
                case WARMUP -> steering.cache().warm(selection, progress);
                case PIN -> steering.cache().pin(selection, progress);
                case UNPIN -> steering.cache().unpin(selection, progress);
                case CHECK -> steering.cache().check(selection, progress);
                case EVICT -> steering.cache().evict(selection, progress);
                case REPORT -> find(steering.cache().report(selection, request.most()));
                case UPLOADS -> findings.addAll(Answers.of(steering.uploads().report(selection, request.most())));
                case FLUSH -> steering.uploads().flush(selection, progress);
                case CONFLICT ->
                    findings.add(Answers.of(
                            steering.uploads().conflict(request.paths().getFirst())));
                case RETRY -> steering.uploads().retry(request.paths(), progress);
                case DISCARD -> steering.uploads().discard(request.paths(), progress);
            }
        } catch (ForebayException known) {
            failure.set(known);
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("a control request broke command={}", request.command(), unforeseen);
            metrics.increment(Metric.UNEXPECTED_ERRORS);
            failure.set(new ForebayException.Unexpected(
                    "the mount could not do it, for a reason that its log has: " + unforeseen, unforeseen));
        }
    }

    private void tellResult() throws IOException {
        wire.send(Answers.of(progress.state()));
        List<SteeringProgress.Failure> failures = progress.failures();
        for (SteeringProgress.Failure one : failures) {
            wire.send(Answers.of(one));
        }
        for (Message finding : findings) {
            wire.send(finding);
        }
        @Nullable ForebayException reason = failure.get();
        wire.send(
                reason == null ? Message.of(Answers.DONE) : Message.of(Answers.REFUSED, "reason", reason.getMessage()));
    }

    private void find(CacheSteering.CacheReport found) {
        found.disks().forEach(disk -> findings.add(Answers.of(disk)));
        found.failedDisks().forEach(disk -> findings.add(Answers.of(disk)));
        found.largest().forEach(group -> findings.add(Answers.of(group)));
        for (Metric metric : Metric.values()) {
            findings.add(Message.of(Answers.COUNTER, "name", metric.label(), "value", metrics.value(metric)));
        }
        findings.add(Message.of(
                Answers.CACHE,
                "resting",
                found.resting(),
                "in-use",
                found.inUse(),
                "evicted-files",
                found.evictedFiles(),
                "evicted-bytes",
                found.evictedBytes(),
                "damaged",
                found.damaged(),
                "files",
                found.files(),
                "bytes",
                found.bytes(),
                "pinned-files",
                found.pinnedFiles(),
                "pinned-bytes",
                found.pinnedBytes()));
    }
}
