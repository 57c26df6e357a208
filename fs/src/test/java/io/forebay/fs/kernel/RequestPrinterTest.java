package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Caller;
import io.forebay.fs.OpenMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class RequestPrinterTest {
    private static Header header(Opcode opcode) {
        return new Header(100, opcode.number(), 8, 1, 1000, 1000, 4711);
    }

    @Test
    void a_request_is_one_line() {
        assertThat(RequestPrinter.line(header(Opcode.LOOKUP), new Request.Lookup(1, "a\n\"b\" ä"), 2, 41_999))
                .isEqualTo(
                        "unique=8 op=LOOKUP inode=1 name=\"a\\u000a\\u0022b\\u0022 ä\" pid=4711 uid=1000 errno=ENOENT us=41");
        assertThat(RequestPrinter.line(header(Opcode.READ), new Request.Read(3, 4096, 131_072), 0, 7_000))
                .isEqualTo(
                        "unique=8 op=READ inode=1 handle=3 offset=4096 length=131072 pid=4711 uid=1000 errno=0 us=7");
    }

    @Test
    void changes_show_what_changes() {
        Request.Setattr setattr =
                new Request.Setattr(1, new AttributeChange(0640, null, 12, 0L, null, null), false, true);
        assertThat(RequestPrinter.line(header(Opcode.SETATTR), setattr, 0, 0))
                .contains(" mode=0640 gid=12 size=0 mtime=now pid=");
        Request.Create create =
                new Request.Create(1, "f", 0600, new OpenMode(true, true, true, true), new Caller(0, 0));
        assertThat(RequestPrinter.line(header(Opcode.CREATE), create, 17, 0))
                .contains(" name=\"f\" mode=rwta permissions=0600 pid=4711 uid=1000 errno=EEXIST");
    }

    @Test
    void an_answer_ties_inodes_and_handles_to_names() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment body = arena.allocate(Wire.EntryOut.SIZE + Wire.OpenOut.SIZE, Long.BYTES);
            MemorySegment entry = body.asSlice(0, Wire.EntryOut.SIZE);
            assertThat(RequestPrinter.answer(new Request.Lookup(1, "f"), entry)).isEqualTo("absent");

            entry.set(JAVA_LONG, Wire.EntryOut.NODEID, 17);
            entry.set(JAVA_LONG, Wire.EntryOut.ATTR + Wire.Attr.SIZE_FIELD, 4096);
            entry.set(JAVA_INT, Wire.EntryOut.ATTR + Wire.Attr.MODE, 0100644);
            assertThat(RequestPrinter.answer(new Request.Lookup(1, "f"), entry))
                    .isEqualTo("inode=17 size=4096 mode=0100644");

            ReplyEncoder.opened(body.asSlice(Wire.EntryOut.SIZE), 5, FileRequests.FOPEN_PASSTHROUGH, 1);
            Request.Create create =
                    new Request.Create(1, "f", 0600, new OpenMode(true, true, true, true), new Caller(0, 0));
            assertThat(RequestPrinter.answer(create, body))
                    .isEqualTo("inode=17 size=4096 mode=0100644 handle=5 flags=0x80 passthrough");
            assertThat(RequestPrinter.answer(new Request.Read(5, 0, 4096), body.asSlice(0, 100)))
                    .isEqualTo("bytes=100");
        }
    }

    @Test
    void an_operation_that_nobody_knows_has_a_number() {
        Header unknown = new Header(40, 4096, 8, 1, 0, 0, 0);
        assertThat(RequestPrinter.line(unknown, new Request.NotServed(), 38, 0)).contains("op=OPCODE-4096");
    }
}
