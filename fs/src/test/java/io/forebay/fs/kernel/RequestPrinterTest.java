package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.fs.AttributeChange;
import io.forebay.fs.Caller;
import io.forebay.fs.OpenMode;
import org.junit.jupiter.api.Test;

final class RequestPrinterTest {
    private static Header header(Opcode opcode) {
        return new Header(100, opcode.number(), 8, 1, 0, 0, 4711);
    }

    @Test
    void a_request_is_one_line() {
        assertThat(RequestPrinter.line(header(Opcode.LOOKUP), new Request.Lookup(1, "a\n\"b\" ä"), 2, 41_999))
                .isEqualTo("unique=8 op=LOOKUP inode=1 name=\"a\\u000a\\u0022b\\u0022 ä\" errno=ENOENT us=41");
        assertThat(RequestPrinter.line(header(Opcode.READ), new Request.Read(3, 4096, 131_072), 0, 7_000))
                .isEqualTo("unique=8 op=READ inode=1 handle=3 offset=4096 length=131072 errno=0 us=7");
    }

    @Test
    void changes_show_what_changes() {
        Request.Setattr setattr =
                new Request.Setattr(1, new AttributeChange(0640, null, 12, 0L, null, null), false, true);
        assertThat(RequestPrinter.line(header(Opcode.SETATTR), setattr, 0, 0))
                .contains(" mode=0640 gid=12 size=0 mtime=now errno");
        Request.Create create =
                new Request.Create(1, "f", 0600, new OpenMode(true, true, true, true), new Caller(0, 0));
        assertThat(RequestPrinter.line(header(Opcode.CREATE), create, 17, 0))
                .contains(" name=\"f\" mode=rwta permissions=0600 errno=EEXIST");
    }

    @Test
    void an_operation_that_nobody_knows_has_a_number() {
        Header unknown = new Header(40, 4096, 8, 1, 0, 0, 0);
        assertThat(RequestPrinter.line(unknown, new Request.NotServed(), 38, 0)).contains("op=OPCODE-4096");
    }
}
