package io.forebay.testkit.sim;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the store says to one request.
 *
 * @param headers in the order in which they are sent, without the length of the body
 * @param body whose length is told, and which is sent unless the request was a HEAD
 */
record Answer(int status, Map<String, String> headers, Content body) {
    static Answer of(int status) {
        return new Answer(status, new LinkedHashMap<>(), Content.EMPTY);
    }

    static Answer xml(String document) {
        Answer answer = new Answer(200, new LinkedHashMap<>(), Content.of(document.getBytes(StandardCharsets.UTF_8)));
        return answer.with("Content-Type", "application/xml");
    }

    static Answer text(int status, String text) {
        Answer answer = new Answer(status, new LinkedHashMap<>(), Content.of(text.getBytes(StandardCharsets.UTF_8)));
        return answer.with("Content-Type", "text/plain; charset=utf-8");
    }

    static Answer of(Refusal refusal) {
        if (refusal.status() == 304) {
            return of(304).with("x-ms-error-code", refusal.code());
        }
        String document = Xml.DECLARATION + "<Error><Code>" + refusal.code() + "</Code><Message>"
                + Xml.escaped(String.valueOf(refusal.getMessage())) + "</Message></Error>";
        Answer answer = new Answer(
                refusal.status(), new LinkedHashMap<>(), Content.of(document.getBytes(StandardCharsets.UTF_8)));
        return answer.with("Content-Type", "application/xml").with("x-ms-error-code", refusal.code());
    }

    /** This answer, with one more header. */
    Answer with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** This answer, with the version that is there now. */
    Answer with(StoredBlob blob) {
        return with("ETag", blob.etag()).with("Last-Modified", HttpDate.of(blob.changed()));
    }

    Answer withBody(Content other) {
        return new Answer(status, headers, other);
    }
}
