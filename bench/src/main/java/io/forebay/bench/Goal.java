package io.forebay.bench;

/** What a median must reach, if anything. */
record Goal(Direction direction, double bound) {
    enum Direction {
        AT_LEAST("≥"),
        AT_MOST("≤"),
        ANYWHERE("");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }
    }

    /** For what is only told. */
    static final Goal NONE = new Goal(Direction.ANYWHERE, 0);

    static Goal atLeast(double bound) {
        return new Goal(Direction.AT_LEAST, bound);
    }

    static Goal atMost(double bound) {
        return new Goal(Direction.AT_MOST, bound);
    }

    boolean isMetBy(double median) {
        return switch (direction) {
            case AT_LEAST -> median >= bound;
            case AT_MOST -> median <= bound;
            case ANYWHERE -> true;
        };
    }

    String text(Unit unit) {
        return isNone() ? "" : direction.sign + " " + unit.text(bound);
    }

    boolean isNone() {
        return direction == Direction.ANYWHERE;
    }
}
