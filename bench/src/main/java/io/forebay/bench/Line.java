package io.forebay.bench;

/** One line of the report. */
sealed interface Line {
    String what();

    /** Compared with something else, round by round; the goal is about Forebay's value divided by the other's. */
    record Compared(String what, Unit unit, Sample forebay, Sample yardstick, Goal goal) implements Line {
        Sample ratios() {
            return forebay.dividedBy(yardstick);
        }
    }

    /** Measured alone; the goal is about the value itself. */
    record Absolute(String what, Unit unit, Sample forebay, Goal goal) implements Line {}

    /** Not measured. */
    record Missing(String what, String why) implements Line {}
}
