package io.forebay.testkit.sim;

import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** All that is said over one connection, by the thread that owns it. */
final class Conversation {
    private final Store store;
    private final Link link;
    private final RequestReader reader;
    private final Shaper.Lane lane;
    private final AnswerWriter writer;
    private final ControlRequests control;
    /** Control requests have no part in limits and counts. */
    private final AnswerWriter controlWriter;

    Conversation(Store store, Link link) {
        this.store = store;
        this.link = link;
        this.reader = new RequestReader(link);
        this.lane = store.shaper().lane();
        this.writer = new AnswerWriter(link, lane, store.counters());
        this.control = new ControlRequests(store);
        Shaper unlimited = new Shaper(Limits.NONE, new SplittableRandom(0));
        this.controlWriter = new AnswerWriter(link, unlimited.lane(), new Counters());
    }

    /** Answers until either side ends it. */
    void run() throws IOException {
        RequestHead head = reader.head();
        while (head != null && answer(head)) {
            head = reader.head();
        }
    }

    /** Answers one request; false if it was the last one of this connection. */
    private boolean answer(RequestHead head) throws IOException {
        if (ControlRequests.isControl(head)) {
            Answer answer = control.answer(head, reader);
            return controlWriter.write(head, Operation.OTHER, answer, head.closes(), null);
        }
        store.counters().began();
        try {
            return answerCounted(head);
        } finally {
            store.counters().ended();
        }
    }

    private boolean answerCounted(RequestHead head) throws IOException {
        Target target;
        Operation operation;
        try {
            target = Target.of(head.rawPath());
            operation = Operation.of(head, target);
        } catch (Refusal noTarget) {
            return writer.write(head, Operation.OTHER, Answer.of(noTarget), true, null);
        }
        FaultRule fault = store.faults().next(operation, target.blob());
        if (fault != null && fault.kind() == FaultKind.RESET) {
            return reset(operation, fault);
        }
        RequestBodies bodies = new RequestBodies(head, reader, lane, store.counters());
        Answer answer = answerOf(operation, bodies, target, fault);
        boolean closes = !bodies.discardRest() || head.closes();
        store.shaper().awaitFirstByte(System.nanoTime());
        if (fault != null && fault.kind() == FaultKind.LOST_ANSWER) {
            return reset(operation, fault);
        }
        if (fault != null && fault.kind() == FaultKind.SILENCE && fault.afterBytes() < 0) {
            Pace.await(System.nanoTime() + fault.lasting().toNanos());
        }
        store.counters().answered(operation, outcome(answer, fault));
        return writer.write(head, operation, answer, closes, fault);
    }

    private boolean reset(Operation operation, FaultRule fault) throws IOException {
        store.counters().answered(operation, fault.kind().label());
        link.reset();
        return false;
    }

    private static String outcome(Answer answer, @Nullable FaultRule fault) {
        return fault == null || fault.kind().status() != 0
                ? Integer.toString(answer.status())
                : fault.kind().label();
    }

    private Answer answerOf(Operation operation, RequestBodies bodies, Target target, @Nullable FaultRule fault)
            throws IOException {
        if (fault != null && fault.kind().status() != 0) {
            return busy(fault.kind().status(), fault.retryAfterSeconds());
        }
        if (!store.shaper().admits()) {
            Limits limits = store.shaper().limits();
            return busy(limits.busyStatus(), limits.retryAfterSeconds());
        }
        return store.service().answer(operation, bodies, target);
    }

    private static Answer busy(int status, long retryAfterSeconds) {
        Refusal refusal = status == 500
                ? new Refusal(status, "InternalError", "The server encountered an internal error.")
                : new Refusal(status, "ServerBusy", "The server is busy.");
        Answer answer = Answer.of(refusal);
        return retryAfterSeconds == 0 ? answer : answer.with("Retry-After", Long.toString(retryAfterSeconds));
    }
}
