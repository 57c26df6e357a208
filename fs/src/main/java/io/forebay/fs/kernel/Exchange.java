package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.forebay.base.error.ForebayException;
import io.forebay.cache.FileRegion;
import io.forebay.fs.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory in which one request arrives and in which its answer is written, over it, once it is decoded.
 *
 * <pre>
 *   0        64              4016           4080         4096
 *   | errno  |    unused     | request:     | answer:    | bytes of a WRITE request, or
 *   |        |               | header, body | header     | body of the answer, page-aligned
 * </pre>
 *
 * <p>A WRITE's header and arguments take 80 bytes, so its data begins at 4096; so do the contents of a READ's answer,
 * and each message is one piece that one system call moves.
 *
 * <p>One thread at a time works with an exchange. Only {@link #abandon} may be called by others.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final int DATA = 4096;
    private static final int REQUEST = DATA - Wire.InHeader.SIZE - Wire.WriteIn.SIZE;
    private static final int ANSWER = DATA - Wire.OutHeader.SIZE;

    private static final Header NO_HEADER = new Header(0, 0, 0, 0, 0, 0, 0);
    private static final int ENOENT = 2;

    private final MemorySegment memory;
    private final MemorySegment state;
    private final MemorySegment requestRoom;
    /** The unique of the request that is not answered yet; 0 if there is none. */
    private final AtomicLong owed = new AtomicLong();

    private @Nullable ReplyChannel channel;
    private Header header = NO_HEADER;
    private long requestBytes;
    private long answerBytes;
    private int answeredErrno;

    private Exchange(MemorySegment memory) {
        this.memory = memory;
        this.state = memory.asSlice(0, NativeFunction.STATE_BYTES);
        this.requestRoom = memory.asSlice(REQUEST);
    }

    /** @param maxDataBytes the most that one READ or WRITE moves */
    static Exchange allocate(int maxDataBytes, Arena arena) {
        return new Exchange(Posix.allocatePages(DATA + maxDataBytes + DATA, arena));
    }

    /** Where a request is read to. */
    MemorySegment requestRoom() {
        return requestRoom;
    }

    /** Memory for {@link Posix}. */
    MemorySegment state() {
        return state;
    }

    /**
     * Begins with the request in {@link #requestRoom}.
     *
     * @param lengthBytes how much of it was read
     * @param answers where it came from, and its answer goes
     * @return the request; null if not even its header is there, so that nothing can be answered
     */
    @Nullable
    Request begin(long lengthBytes, ReplyChannel answers) {
        requestBytes = lengthBytes;
        answerBytes = 0;
        answeredErrno = 0;
        channel = answers;
        if (lengthBytes < Wire.InHeader.SIZE) {
            header = NO_HEADER;
            owed.set(0);
            return null;
        }
        MemorySegment bytes = requestRoom.asSlice(0, lengthBytes);
        header = Header.of(bytes);
        Opcode opcode = Opcode.of(header.opcode());
        owed.set(opcode == null || opcode.wantsAnswer() ? header.unique() : 0);
        return RequestDecoder.decode(header, bytes);
    }

    Header header() {
        return header;
    }

    /** The most that an answer may carry. */
    int maxAnswerBytes() {
        return (int) memory.byteSize() - DATA;
    }

    /** The body of the answer, as it is; the request's data, if it had any, lies there until it is overwritten. */
    MemorySegment body(int lengthBytes) {
        return memory.asSlice(DATA, lengthBytes);
    }

    /** The body of the answer, zeroed. */
    MemorySegment emptyBody(int lengthBytes) {
        return body(lengthBytes).fill((byte) 0);
    }

    /**
     * Answers with the first {@code bodyBytes} of the body.
     *
     * @return whether it arrived; if not, nobody knows of an inode or handle that it was about to hand out
     */
    boolean answer(int bodyBytes) {
        return claim() && send(Wire.OutHeader.SIZE + bodyBytes, 0);
    }

    /**
     * Answers with bytes of a file, from where they lie.
     *
     * @param pipe empty
     * @throws ForebayException if they cannot be had; nothing is answered then, and the pipe may hold something
     */
    void answer(FileRegion region, AnswerPipe pipe) throws ForebayException {
        int lengthBytes = Wire.OutHeader.SIZE + region.lengthBytes();
        setHeader(lengthBytes, 0);
        try {
            pipe.begin(memory.asSlice(ANSWER, Wire.OutHeader.SIZE), region.lengthBytes());
        } catch (IOException failure) {
            throw new ForebayException.Unavailable("cannot answer through a pipe", failure);
        }
        region.transferTo(pipe.writing());
        if (claim()) {
            noteSent(pipe.sendTo(replies(), state));
        }
    }

    /** Answers that it was done. */
    boolean done() {
        return answer(0);
    }

    /** Answers that it failed. Does nothing if the request is already answered, or wants no answer. */
    void refuse(Errno errno) {
        answeredErrno = errno.number();
        if (claim()) {
            send(Wire.OutHeader.SIZE, -errno.number());
        }
    }

    /**
     * Answers {@code EINTR} for the thread that works on the request, which may go on: its own answer is then dropped,
     * and it learns that from {@link #answer}. Does nothing if the exchange has moved on to another request.
     *
     * @param unique of the request that nobody waits for any more
     */
    void abandon(long unique, ReplyChannel answers) {
        if (owed.compareAndSet(unique, 0)) {
            Messages.sendError(answers, unique, Errno.EINTR);
        }
    }

    private boolean claim() {
        long unique = header.unique();
        return unique != 0 && owed.compareAndSet(unique, 0);
    }

    private boolean send(int lengthBytes, int error) {
        answerBytes = lengthBytes;
        setHeader(lengthBytes, error);
        long sent = replies().write(memory.asSlice(ANSWER, lengthBytes), state);
        noteSent(sent);
        return sent == lengthBytes;
    }

    private void setHeader(int lengthBytes, int error) {
        memory.set(JAVA_INT, ANSWER + Wire.OutHeader.LEN, lengthBytes);
        memory.set(JAVA_INT, ANSWER + Wire.OutHeader.ERROR, error);
        memory.set(JAVA_LONG, ANSWER + Wire.OutHeader.UNIQUE, header.unique());
    }

    private ReplyChannel replies() {
        if (channel == null) {
            throw new IllegalStateException("an answer without a request");
        }
        return channel;
    }

    private void noteSent(long sent) {
        if (sent < 0 && sent != -ENOENT) {
            LOG.debug("answer not taken unique={} opcode={} errno={}", header.unique(), header.opcode(), -sent);
        }
    }

    /** The positive errno that was answered; 0 after success. */
    int answeredErrno() {
        return answeredErrno;
    }

    /** The body of what was answered; empty if it was an error. To be read before the next request only. */
    MemorySegment answered() {
        return body((int) Math.max(0, answerBytes - Wire.OutHeader.SIZE));
    }

    /** The most memory that the last request or its answer touched. */
    long touchedBytes() {
        return Math.max(requestBytes, answerBytes);
    }

    /** Gives the memory back until the next request. */
    void dropPages() {
        Posix.dropPages(memory);
    }
}
