package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metric;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.FailureReport;
import io.forebay.fs.LocalAnswers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throws random requests, and real ones with a few bytes changed, at the decoder and at everything behind it.
 *
 * <p>A few seconds in every build; {@code -Dforebay.fuzz.seconds=600} for longer, and {@code -Dforebay.fuzz.seed=…} to
 * see a failure again.
 */
final class RequestDecoderFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("forebay.fuzz.seconds", 3));
    private static final long SEED = Long.getLong("forebay.fuzz.seed", 20_260_401L);
    private static final int MAX_DATA_BYTES = 64 << 10;

    @TempDir
    Path scratch;

    /** Each request lies alone at the end of its memory: whoever looks behind it falls off. */
    @Test
    void decoding_neither_throws_nor_looks_outside() {
        Requests requests = new Requests(new Random(SEED));
        long count = 0;
        long end = System.nanoTime() + TIME.toNanos();
        while (System.nanoTime() - end < 0) {
            byte[] bytes = requests.next();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment exact =
                        arena.allocate(Math.max(1, bytes.length), 1).asSlice(0, bytes.length);
                exact.copyFrom(MemorySegment.ofArray(bytes));
                if (bytes.length >= Wire.InHeader.SIZE) {
                    Header header = Header.of(exact);
                    Request request = RequestDecoder.decode(header, exact);
                    assertThat(RequestPrinter.line(header, request, 0, 1)).doesNotContain("\n");
                }
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("request " + count + " of seed " + SEED + ": " + hex(bytes), failure);
            }
            count++;
        }
        assertThat(count).as("requests tried").isGreaterThan(10_000);
    }

    @Test
    void every_request_that_wants_an_answer_gets_exactly_one() throws Exception {
        Requests requests = new Requests(new Random(SEED + 1));
        Metrics metrics = new Metrics();
        ScratchTree tree = MountedTree.newTree(scratch);
        RequestService service = service(tree, metrics);
        Answers answers = new Answers();
        try (Arena arena = Arena.ofConfined()) {
            Exchange exchange = Exchange.allocate(MAX_DATA_BYTES, arena);
            long end = System.nanoTime() + TIME.toNanos();
            while (System.nanoTime() - end < 0) {
                byte[] bytes = requests.next();
                exchange.requestRoom().asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
                answers.clear();
                @Nullable Request request = exchange.begin(bytes.length, answers);
                if (request != null) {
                    service.serve(request, exchange);
                    answers.check(exchange.header(), () -> hex(bytes));
                }
            }
        }
        tree.close();
        assertThat(metrics.value(Metric.UNEXPECTED_ERRORS))
                .as("failures that nobody foresaw")
                .isZero();
    }

    private static RequestService service(ScratchTree tree, Metrics metrics) {
        ReplyEncoder encoder = new ReplyEncoder(MountedTree.SETTINGS, null);
        OpenFiles files = new OpenFiles(BackingFiles.NONE, BackingRegistry.CLOSED);
        return new RequestService(
                new NameRequests(tree, encoder),
                new AttributeRequests(tree, encoder, Clock.system()),
                new FileRequests(tree, encoder, files, new AnswerPipes(1), false, Clock.system()),
                new DirectoryRequests(tree, encoder),
                new XattrRequests(null, LocalAnswers.NONE),
                LocalAnswers.NONE,
                new FailureReport(metrics));
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 256));
    }

    /** Stands for the kernel, which would refuse an answer that is not well-formed and leave its caller waiting. */
    private static final class Answers implements ReplyChannel {
        private final List<byte[]> received = new ArrayList<>();

        @Override
        public long write(MemorySegment message, MemorySegment state) {
            received.add(message.toArray(JAVA_BYTE));
            return message.byteSize();
        }

        @Override
        public long splice(int pipeFd, long lengthBytes, MemorySegment state) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment message = arena.allocate(lengthBytes);
                assertThat(Posix.read(pipeFd, message, state))
                        .as("bytes in the pipe")
                        .isEqualTo(lengthBytes);
                return write(message, state);
            }
        }

        void clear() {
            received.clear();
        }

        void check(Header header, java.util.function.Supplier<String> request) {
            @Nullable Opcode opcode = Opcode.of(header.opcode());
            boolean wanted = header.unique() != 0 && (opcode == null || opcode.wantsAnswer());
            assertThat(received).as("answers to %s", request.get()).hasSize(wanted ? 1 : 0);
            for (byte[] answer : received) {
                MemorySegment message = MemorySegment.ofArray(answer);
                assertThat(message.get(JAVA_INT_UNALIGNED, Wire.OutHeader.LEN)).isEqualTo(answer.length);
                assertThat(message.get(JAVA_LONG_UNALIGNED, Wire.OutHeader.UNIQUE))
                        .isEqualTo(header.unique());
                assertThat(message.get(JAVA_INT_UNALIGNED, Wire.OutHeader.ERROR))
                        .isBetween(-511, 0);
            }
        }
    }
}
