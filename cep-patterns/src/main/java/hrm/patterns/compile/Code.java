package hrm.patterns.compile;

import hrm.patterns.Condition;
import hrm.patterns.Expression;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.spec.Durations;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * A compiled expression of one type; the other parts are null.
 *
 * @param number of a number; of a duration its whole milliseconds, so that comparing is exact
 */
record Code(Name.Type type, Condition condition, Expression number, TextExpression text) {

    /** A compiled text; null when unknown. */
    @FunctionalInterface
    interface TextExpression {
        String evaluate(Values values, MatchedSteps steps);
    }

    static Code bool(Condition condition) {
        return new Code(Name.Type.BOOL, condition, null, null);
    }

    static Code number(Name.Type type, Expression number) {
        return new Code(type, null, number, null);
    }

    static Code text(TextExpression text) {
        return new Code(Name.Type.TEXT, null, null, text);
    }

    /** As others see it: durations in seconds, 1 and 0 for true and false. */
    Expression asExpression() {
        return switch (type) {
            case DURATION -> (values, steps) -> number.evaluate(values, steps) / 1000;
            case BOOL ->
                    (values, steps) -> {
                        int truth = condition.test(values, steps);
                        return truth == Truth.UNKNOWN ? Double.NaN : truth / 2;
                    };
            case TEXT -> throw new IllegalStateException("a text is no number");
            default -> number;
        };
    }

    /** What it is now, for people; {@code ?} when unknown. */
    CompiledPattern.Message shown(boolean inWords) {
        return switch (type) {
            case BOOL ->
                    (values, steps) ->
                            switch (condition.test(values, steps)) {
                                case Truth.TRUE -> "true";
                                case Truth.FALSE -> "false";
                                default -> "?";
                            };
            case TEXT ->
                    (values, steps) -> {
                        String now = text.evaluate(values, steps);
                        return now == null ? "?" : inWords ? now : "\"" + now + "\"";
                    };
            case DURATION ->
                    (values, steps) -> {
                        double millis = number.evaluate(values, steps);
                        if (Double.isNaN(millis)) {
                            return "?";
                        }
                        var now = Duration.ofMillis((long) Math.abs(millis));
                        return (millis < 0 ? "-" : "")
                                + (inWords ? Durations.words(now) : Durations.format(now));
                    };
            default -> (values, steps) -> shown(number.evaluate(values, steps));
        };
    }

    private static String shown(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return "?";
        }
        var rounded = BigDecimal.valueOf(number).setScale(2, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
