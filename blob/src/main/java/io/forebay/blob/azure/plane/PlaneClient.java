package io.forebay.blob.azure.plane;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.ByteSink;
import io.forebay.blob.azure.plane.Watchdog.Watch;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends requests to one server, and takes the answers. Safe for many threads. */
public final class PlaneClient implements AutoCloseable {
    /**
     * Below what any server or balancer on the way keeps an idle connection for: Azure's load balancers 4 minutes, the
     * Blob service's own limit is not published.
     */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);

    /** So much of a refusal is read to save its connection: Azure's are below 1 KiB. */
    private static final long MAX_SKIPPED_BYTES = 64 << 10;

    private final Origin origin;
    private final Signing signing;
    private final String serviceVersion;
    private final Watchdog watchdog;
    private final ConnectionPool pool;

    /**
     * A client that has no connection yet.
     *
     * @param tls for an encrypted origin
     * @param serviceVersion of the REST interface that requests are made for
     * @param maxConnections how many there may be at a time; whoever needs another one waits
     * @param stallLimit after how long without a byte in either direction a call is given up
     */
    public PlaneClient(
            Origin origin,
            @Nullable TlsEngines tls,
            Signing signing,
            String serviceVersion,
            int maxConnections,
            Duration stallLimit) {
        this.origin = origin;
        this.signing = signing;
        this.serviceVersion = serviceVersion;
        this.watchdog = new Watchdog(stallLimit);
        this.pool = new ConnectionPool(new SocketDialer(origin, tls), maxConnections, IDLE_LIMIT, watchdog);
    }

    /**
     * Runs one request to the end of its answer.
     *
     * @param body what is sent, or null
     * @param receiver takes the body of a success
     * @return the answer, be it a success or a refusal
     * @throws java.net.SocketTimeoutException if time was up
     * @throws ForebayException from {@code body} and {@code receiver}, as it is
     * @throws IOException if anything broke
     */
    public Answer run(Request request, @Nullable BlobBody body, Receiver receiver, Deadline deadline)
            throws IOException, InterruptedException {
        pool.beginCall(deadline);
        try (Watch watch = watchdog.watch(deadline)) {
            watch.check();
            Connection connection = pool.take(watch);
            try {
                return new Call(connection, watch, request, body, receiver).run();
            } catch (IOException broken) {
                if (!mayRepeat(connection, request, broken)) {
                    throw explained(watch, broken);
                }
            }
            watch.check();
            try {
                return new Call(pool.open(watch), watch, request, body, receiver).run();
            } catch (IOException broken) {
                throw explained(watch, broken);
            }
        } finally {
            pool.endCall();
        }
    }

    /** Whether the server closed a kept connection before it saw the request, as far as this side can tell. */
    private static boolean mayRepeat(Connection connection, Request request, IOException broken) {
        boolean ours = broken instanceof ForebayException || broken instanceof AsynchronousCloseException;
        return connection.isKept() && !connection.isAnswered() && request.repeatable() && !ours;
    }

    /** The reason why the watchdog closed the socket, if it did; the failure itself otherwise. */
    private static IOException explained(Watch watch, IOException broken) throws IOException {
        if (!(broken instanceof ForebayException) && !(broken instanceof ClosedByInterruptException)) {
            watch.check();
        }
        return broken;
    }

    /** How many connections there are, for tests and gauges. */
    public ConnectionCounts connections() {
        ConnectionPool.Counts counts = pool.counts();
        return new ConnectionCounts(counts.busy(), counts.idle());
    }

    /**
     * Connections at one moment.
     *
     * @param busy in use by a call
     * @param idle kept for the next one
     */
    public record ConnectionCounts(int busy, int idle) {}

    /** Breaks off what is under way. */
    @Override
    public void close() {
        pool.close();
        watchdog.close();
    }

    private String head(Request request, @Nullable BlobBody body, Clock clock) throws ProtocolException {
        SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        headers.put("x-ms-date", HttpDate.of(clock.now()));
        headers.put("x-ms-version", serviceVersion);
        if (body != null) {
            headers.put("content-length", Long.toString(body.lengthBytes()));
        }
        String query = request.encodedQuery();
        switch (signing) {
            case Signing.SharedKey key -> headers.put("authorization", key.authorization(origin, request, headers));
            case Signing.Token token -> query = query.isEmpty() ? token.query() : query + "&" + token.query();
        }
        StringBuilder head = new StringBuilder(1_024)
                .append(request.method())
                .append(' ')
                .append(origin.basePath())
                .append(request.path());
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\nhost: ").append(origin.authority()).append("\r\nuser-agent: forebay\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        return head.toString();
    }

    /** One request on one connection. */
    private final class Call {
        private final Connection connection;
        private final Watch watch;
        private final Request request;
        private final @Nullable BlobBody body;
        private final Receiver receiver;

        Call(Connection connection, Watch watch, Request request, @Nullable BlobBody body, Receiver receiver) {
            this.connection = connection;
            this.watch = watch;
            this.request = request;
            this.body = body;
            this.receiver = receiver;
        }

        Answer run() throws IOException {
            boolean reusable = false;
            try {
                @Nullable IOException unsent = send();
                connection.beginAnswer();
                Answer answer = answer(unsent);
                BodyReader reader =
                        new BodyReader(connection, answer, request.method().equals("HEAD"));
                boolean skipped = take(answer, reader);
                reusable =
                        unsent == null && skipped && answer.keepsAlive() && reader.endIsKnown() && connection.isClean();
                return answer;
            } finally {
                watch.release();
                if (reusable) {
                    pool.keep(connection, watch.deadline().clock());
                } else {
                    pool.discard(connection);
                }
            }
        }

        /**
         * Sends the request.
         *
         * @return why the server did not take all of it, or null if it did; it may have said why
         */
        private @Nullable IOException send() throws IOException {
            connection.send(head(request, body, watch.deadline().clock()));
            try {
                if (body == null) {
                    connection.flush();
                } else {
                    connection.send(body);
                }
                return null;
            } catch (ForebayException | AsynchronousCloseException own) {
                throw own;
            } catch (IOException refused) {
                return refused;
            }
        }

        private Answer answer(@Nullable IOException unsent) throws IOException {
            try {
                return new AnswerReader(connection).read();
            } catch (IOException silent) {
                throw unsent == null ? silent : unsent;
            }
        }

        /** @return whether the body was read to its end */
        private boolean take(Answer answer, BodyReader reader) throws IOException {
            if (answer.isSuccess()) {
                reader.readTo(receiver.begin(answer));
                return true;
            }
            try {
                reader.readTo(new Skipping());
                return true;
            } catch (IOException notWorthIt) {
                // The head said all that is needed. The connection is the price.
                return false;
            }
        }
    }

    /** Takes the text of a refusal, which nobody reads: it may repeat a signature. */
    private static final class Skipping implements ByteSink {
        private long skippedBytes;

        @Override
        public void accept(ByteBuffer bytes) throws IOException {
            skippedBytes += bytes.remaining();
            if (skippedBytes > MAX_SKIPPED_BYTES) {
                throw new ProtocolException("a refusal should be shorter");
            }
        }
    }
}
