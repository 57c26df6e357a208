package io.forebay.bench;

import java.util.List;

/** The report as a Markdown table. */
final class ReportTable {
    private static final String HEAD = """
            | what | Forebay | yardstick | ratio | goal | holds |
            |---|---|---|---|---|---|
            """;

    private ReportTable() {}

    static String of(List<Line> lines) {
        StringBuilder table = new StringBuilder(HEAD);
        lines.forEach(line -> table.append(row(line)));
        return table.toString();
    }

    private static String row(Line line) {
        return switch (line) {
            case Line.Compared compared -> {
                Sample ratios = compared.ratios();
                yield cells(
                        compared.what(),
                        compared.unit().text(compared.forebay()),
                        compared.unit().text(compared.yardstick()),
                        Unit.RATIO.text(ratios),
                        compared.goal().text(Unit.RATIO),
                        holds(compared.goal(), ratios));
            }
            case Line.Absolute absolute ->
                cells(
                        absolute.what(),
                        absolute.unit().text(absolute.forebay()),
                        "",
                        "",
                        absolute.goal().text(absolute.unit()),
                        holds(absolute.goal(), absolute.forebay()));
            case Line.Missing missing -> cells(missing.what(), "not measured: " + missing.why(), "", "", "", "");
        };
    }

    private static String holds(Goal goal, Sample sample) {
        if (goal.isNone()) {
            return "";
        }
        return goal.isMetBy(sample.median()) ? "yes" : "**no**";
    }

    private static String cells(String... cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ')
                    .append(cell.replace("|", "\\|").replaceAll("\\s+", " "))
                    .append(" |");
        }
        return row.append('\n').toString();
    }
}
