package io.forebay.testkit.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends answers over one connection, at the pace that is asked for, and with what is to go wrong with them. */
final class AnswerWriter {
    /** Up to this, head and body go to the socket together. */
    private static final int SMALL_BODY_BYTES = 16 << 10;

    private static final String VERSION = "2023-11-03";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is to be sent of a body, and what happens behind it. */
    private record Plan(long sentBytes, long wrongAt, long silentAt) {}

    private final Link link;
    private final Shaper.Lane lane;
    private final Counters counters;

    AnswerWriter(Link link, Shaper.Lane lane, Counters counters) {
        this.link = link;
        this.lane = lane;
        this.counters = counters;
    }

    /**
     * Sends an answer.
     *
     * @param closes whether the connection ends behind it
     * @return whether the client has all of it, and may ask again
     */
    boolean write(RequestHead request, Operation operation, Answer answer, boolean closes, @Nullable FaultRule fault)
            throws IOException {
        boolean hasBody = !request.method().equals("HEAD") && answer.status() != 304 && answer.status() != 204;
        Content body = hasBody ? answer.body() : Content.EMPTY;
        Plan plan = plan(body.lengthBytes(), fault);
        byte[] head = head(request, answer, closes).getBytes(StandardCharsets.ISO_8859_1);
        if (body.lengthBytes() > 0 && body.lengthBytes() <= SMALL_BODY_BYTES && fault == null) {
            writeTogether(operation, head, body);
        } else {
            link.write(ByteBuffer.wrap(head));
            writeBody(operation, body, plan, fault);
        }
        if (plan.sentBytes() == body.lengthBytes()) {
            return !closes;
        }
        if (fault != null && fault.kind() == FaultKind.RESET_IN_BODY) {
            link.reset();
        }
        return false;
    }

    private static Plan plan(long length, @Nullable FaultRule fault) {
        if (fault == null || length == 0) {
            return new Plan(length, -1, -1);
        }
        long place = fault.place(length);
        return switch (fault.kind()) {
            case RESET_IN_BODY, TRUNCATE -> new Plan(Math.min(place, length - 1), -1, -1);
            case WRONG_BYTES -> new Plan(length, Math.min(place, length - 1), -1);
            case SILENCE -> new Plan(length, -1, fault.afterBytes() < 0 ? -1 : place);
            default -> new Plan(length, -1, -1);
        };
    }

    private void writeTogether(Operation operation, byte[] head, Content body) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(head.length + (int) body.lengthBytes());
        all.put(head);
        for (long at = 0; at < body.lengthBytes(); ) {
            ByteBuffer piece = body.view(at, body.lengthBytes() - at);
            at += piece.remaining();
            all.put(piece);
        }
        lane.sending(body.lengthBytes());
        counters.sent(operation, body.lengthBytes());
        link.write(all.flip());
    }

    private void writeBody(Operation operation, Content body, Plan plan, @Nullable FaultRule fault) throws IOException {
        long at = 0;
        while (at < plan.sentBytes()) {
            if (at == plan.silentAt() && fault != null) {
                Pace.await(System.nanoTime() + fault.lasting().toNanos());
            }
            long end = next(plan.silentAt(), at, next(plan.wrongAt(), at, plan.sentBytes()));
            ByteBuffer piece = at == plan.wrongAt()
                    ? wrong(body.view(at, 1))
                    : body.view(at, Math.min(end - at, lane.pieceBytes()));
            int count = piece.remaining();
            lane.sending(count);
            counters.sent(operation, count);
            link.write(piece);
            at += count;
        }
    }

    /** The place at which something happens, if it is ahead, or else the end. */
    private static long next(long place, long at, long end) {
        return place > at && place < end ? place : end;
    }

    private static ByteBuffer wrong(ByteBuffer right) {
        return right.hasRemaining() ? ByteBuffer.wrap(new byte[] {(byte) ~right.get(right.position())}) : NOTHING;
    }

    private static String head(RequestHead request, Answer answer, boolean closes) {
        StringBuilder head = new StringBuilder(512)
                .append("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(reason(answer.status()))
                .append("\r\n");
        line(head, "Server", "Forebay-Simulator");
        line(head, "Date", HttpDate.of(Instant.now()));
        line(head, "x-ms-request-id", UUID.randomUUID().toString());
        line(head, "x-ms-version", request.headers().getOrDefault("x-ms-version", VERSION));
        String clientId = request.header("x-ms-client-request-id");
        if (clientId != null) {
            line(head, "x-ms-client-request-id", clientId);
        }
        answer.headers().forEach((name, value) -> line(head, name, value));
        if (answer.status() != 304 && answer.status() != 204) {
            line(head, "Content-Length", Long.toString(answer.body().lengthBytes()));
        }
        if (closes) {
            line(head, "Connection", "close");
        }
        return head.append("\r\n").toString();
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 304 -> "Not Modified";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 416 -> "Range Not Satisfiable";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Server Busy";
            default -> status < 400 ? "Done" : "Refused";
        };
    }
}
