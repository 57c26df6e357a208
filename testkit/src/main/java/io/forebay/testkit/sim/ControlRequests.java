package io.forebay.testkit.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;

/** The requests below {@code /$sim/}, by which a test changes the store while it runs. They are neither slowed nor counted. */
final class ControlRequests {
    static final String PATH = "/$sim/";

    private static final String ESCAPED_PATH = "/%24sim/";

    private static final String HELP = """
            GET    /$sim/counts   what was asked, line by line
            DELETE /$sim/counts   count anew
            GET    /$sim/limits   how slow the store is
            POST   /$sim/limits   change some: latency-ms=20&connection-bytes-per-second=60000000
            GET    /$sim/faults   the rules, and how often each happened
            GET    /$sim/happened how often any of them did
            POST   /$sim/faults   one more: kind=reset-in-body&op=get-blob&name=data/*&nth=3&after-bytes=1000
            DELETE /$sim/faults   none from now on
            POST   /$sim/blobs    synthetic ones: container=train&names=data/%06d.bin&count=1000&size=102400
            """;

    private final Store store;

    ControlRequests(Store store) {
        this.store = store;
    }

    static boolean isControl(RequestHead head) {
        return head.rawPath().startsWith(PATH) || head.rawPath().startsWith(ESCAPED_PATH);
    }

    Answer answer(RequestHead head, RequestReader reader) throws IOException {
        StringBuilder body = new StringBuilder();
        reader.body(
                head, (bytes, from, length) -> body.append(new String(bytes, from, length, StandardCharsets.UTF_8)));
        String path = head.rawPath().substring(head.rawPath().lastIndexOf('/') + 1);
        try {
            return answer(head.method() + " " + path, RequestHead.form(body.toString()));
        } catch (IllegalArgumentException wrong) {
            return Answer.text(400, wrong.getMessage() + "\n");
        }
    }

    private Answer answer(String what, Map<String, String> form) {
        return switch (what) {
            case "GET counts" -> Answer.text(200, store.counters().report());
            case "DELETE counts" -> done(form, _ -> store.counters().reset());
            case "GET limits" -> limits();
            case "POST limits" -> {
                store.shaper().limits(store.shaper().limits().changed(form));
                yield limits();
            }
            case "GET faults" -> Answer.text(200, store.faults().report());
            case "GET happened" -> Answer.text(200, store.faults().happened() + "\n");
            case "POST faults" -> done(form, asked -> store.faults().add(FaultRule.of(asked)));
            case "DELETE faults" -> done(form, _ -> store.faults().clear());
            case "POST blobs" -> done(form, this::declare);
            default -> Answer.text(what.equals("GET help") ? 200 : 404, HELP);
        };
    }

    private static Answer done(Map<String, String> form, Consumer<Map<String, String>> action) {
        action.accept(form);
        return Answer.text(200, "done\n");
    }

    private Answer limits() {
        StringBuilder text = new StringBuilder();
        store.shaper().limits().asForm().forEach((name, value) -> text.append(name)
                .append(' ')
                .append(value)
                .append('\n'));
        return Answer.text(200, text.toString());
    }

    private void declare(Map<String, String> form) {
        String container = form.get("container");
        String names = form.get("names");
        if (container == null || names == null) {
            throw new IllegalArgumentException("synthetic blobs need a container and names");
        }
        long count = Long.parseLong(form.getOrDefault("count", "1"));
        long size = Long.parseLong(form.getOrDefault("size", "0"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        store.table().made(container).declare(SyntheticFamily.of(names, count, size, now));
    }
}
