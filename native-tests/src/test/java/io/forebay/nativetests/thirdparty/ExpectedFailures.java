package io.forebay.nativetests.thirdparty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tests of a suite that cannot pass on a mount. Each line of the file is a name, in which {@code *} stands for anything,
 * and behind a {@code #} the reason.
 */
final class ExpectedFailures {
    private record Line(String name, Pattern pattern, String reason) {
        boolean covers(String test) {
            return pattern.matcher(test).matches();
        }
    }

    private final List<Line> lines;

    private ExpectedFailures(List<Line> lines) {
        this.lines = lines;
    }

    /** None at all: a plain folder must pass everything. */
    static ExpectedFailures none() {
        return new ExpectedFailures(List.of());
    }

    static ExpectedFailures read(String resource) throws IOException {
        try (InputStream in = ExpectedFailures.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static ExpectedFailures parse(String text) {
        List<Line> lines = new ArrayList<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int hash = line.indexOf('#');
            String name = hash < 0 ? "" : line.substring(0, hash).strip();
            String reason = line.substring(hash + 1).strip();
            if (hash < 0 || reason.isEmpty()) {
                throw new IllegalArgumentException("an expected failure needs a reason: " + line);
            }
            if (!name.isEmpty()) { // or it is a comment
                Stream<String> parts = Stream.of(name.split("\\*", -1)).map(Pattern::quote);
                lines.add(new Line(name, Pattern.compile(String.join(".*", parts.toList())), reason));
            }
        });
        return new ExpectedFailures(lines);
    }

    /** What is wrong if exactly {@code failed} did fail: tests without a line, and lines without a test. */
    List<String> differences(Collection<String> failed) {
        List<String> wrong = new ArrayList<>();
        for (String test : failed) {
            if (lines.stream().noneMatch(line -> line.covers(test))) {
                wrong.add("failed, and is not expected to: " + test);
            }
        }
        for (Line line : lines) {
            if (failed.stream().noneMatch(line::covers)) {
                wrong.add("passes; take its line out: " + line.name());
            }
        }
        return wrong;
    }
}
