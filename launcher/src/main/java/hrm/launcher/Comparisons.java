package hrm.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How far a condition with its values filled in, {@code bpm 118 > limit 120 && steps 0 == 0}, is
 * from being true. Understands sums of numbers; of the rest it says nothing.
 */
final class Comparisons {
    private static final String NAME = "(?:[A-Za-z_][\\w.()]* )?";
    private static final String NUMBER = "-?\\d+(?:\\.\\d+)?";
    private static final String SUM = NAME + NUMBER + "(?: [-+] " + NAME + NUMBER + ")*";
    private static final Pattern COMPARISON =
            Pattern.compile("(" + SUM + ") ?(<=|>=|==|!=|<|>) ?(" + SUM + ")");
    private static final Pattern TERM =
            Pattern.compile("(?:^| ([-+]) )" + NAME + "(" + NUMBER + ")");

    private Comparisons() {}

    /**
     * @param by how much is missing, in the units of what is compared
     * @param share the same as a share of what it is compared with
     */
    record Distance(double by, double share) {}

    /**
     * @return of the failing comparison; null when none or more than one fails, or one cannot be
     *     read
     */
    static Distance distance(String filled) {
        if (filled.contains("||") || filled.contains("!(")) {
            return null;
        }
        Distance distance = null;
        for (var part : filled.split("&&", -1)) {
            var found = COMPARISON.matcher(part.strip());
            if (!found.matches()) {
                // True or false without a number: it may be what failed.
                return null;
            }
            double left = sum(found.group(1));
            double right = sum(found.group(3));
            if (holds(left, found.group(2), right)) {
                continue;
            }
            if (distance != null) {
                return null;
            }
            double by = Math.abs(left - right);
            distance = new Distance(by, by / Math.max(1, Math.abs(right)));
        }
        return distance;
    }

    /**
     * A comparison that does not hold.
     *
     * @param text as it is written, with its values
     * @param by how much is missing until both sides are equal
     * @param more what must be added to one side, in whole numbers, so that it holds
     */
    record Failing(String text, double by, double more) {
        String line() {
            return text
                    + " is not true: "
                    + Words.number(by)
                    + " short, "
                    + Words.number(more)
                    + " would do";
        }
    }

    /** All that do not hold, as far as they can be read. */
    static List<Failing> failing(String filled) {
        boolean choice = filled.contains(" ? ") && filled.contains(" : ");
        if (filled.contains("||") || filled.contains("!(") || choice) {
            return List.of();
        }
        var failing = new ArrayList<Failing>();
        for (var part : filled.split("&&", -1)) {
            var found = COMPARISON.matcher(part.strip());
            if (found.matches()) {
                double left = sum(found.group(1));
                double right = sum(found.group(3));
                var operator = found.group(2);
                if (!holds(left, operator, right)) {
                    double by = Math.abs(left - right);
                    boolean strict = !operator.contains("=") || operator.equals("!=");
                    failing.add(
                            new Failing(
                                    part.strip(), by, strict ? Math.floor(by) + 1 : Math.ceil(by)));
                }
            }
        }
        return failing;
    }

    private static double sum(String text) {
        double sum = 0;
        var terms = TERM.matcher(text);
        while (terms.find()) {
            double value = Double.parseDouble(terms.group(2));
            sum += "-".equals(terms.group(1)) ? -value : value;
        }
        return sum;
    }

    private static boolean holds(double left, String operator, double right) {
        return switch (operator) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            case ">=" -> left >= right;
            case "==" -> left == right;
            default -> left != right;
        };
    }
}
