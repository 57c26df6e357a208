package io.forebay.bench;

/** What a median must reach. */
record Goal(Direction direction, double bound) {
    enum Direction {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }
    }

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
        };
    }

    String text(Unit unit) {
        return direction.sign + " " + unit.text(bound);
    }
}
