package hrm.patterns.compile;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.Checked;
import hrm.patterns.check.Reference;
import hrm.patterns.spec.Parameter;
import hrm.patterns.spec.PatternSpec;
import java.util.List;
import java.util.Map;

/**
 * What a reading must have for a pattern to begin: a value between two numbers, taken from the
 * first step's condition. Most readings begin nothing, and this tells so without asking the
 * condition.
 */
public final class Guard {
    /** Lets every reading pass. */
    public static final Guard NONE = new Guard(null, Double.NaN, Double.NaN);

    private final Name name;
    private final double over;
    private final double under;

    /**
     * @param name null when nothing is known
     * @param over exclusive
     * @param under exclusive
     */
    private Guard(Name name, double over, double under) {
        this.name = name;
        this.over = over;
        this.under = under;
    }

    /** False: on a device of which nothing is remembered, these values change nothing. */
    public boolean admits(Values values) {
        if (name == null) {
            return true;
        }
        double now = values.get(name);
        return now > over && now < under;
    }

    /** That of a pattern whose first step has this condition. */
    static Guard of(PatternSpec spec, Checked where) {
        if (!spec.beginnings().equals(List.of(0))) {
            return NONE;
        }
        var expr = where.ast().getExpr();
        var name = firstCompared(expr, where.references());
        return name == null ? NONE : bounds(name, expr, where.references());
    }

    private static Name firstCompared(CelExpr expr, Map<String, Reference> references) {
        if (isAnd(expr)) {
            var left = firstCompared(expr.call().args().get(0), references);
            return left != null ? left : firstCompared(expr.call().args().get(1), references);
        }
        var comparison = Comparison.of(expr, references);
        return comparison == null ? null : comparison.name;
    }

    private static Guard bounds(Name name, CelExpr expr, Map<String, Reference> references) {
        if (isAnd(expr)) {
            var left = bounds(name, expr.call().args().get(0), references);
            var right = bounds(name, expr.call().args().get(1), references);
            return new Guard(
                    name, Math.max(left.over, right.over), Math.min(left.under, right.under));
        }
        var comparison = Comparison.of(expr, references);
        return comparison == null || comparison.name != name
                ? new Guard(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new Guard(name, comparison.over, comparison.under);
    }

    private static boolean isAnd(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.CALL
                && expr.call().function().equals("_&&_");
    }

    /** A value against a number. */
    private record Comparison(Name name, double over, double under) {
        /** Null when it is something else. */
        static Comparison of(CelExpr expr, Map<String, Reference> references) {
            if (expr.getKind() != CelExpr.ExprKind.Kind.CALL || expr.call().args().size() != 2) {
                return null;
            }
            var left = expr.call().args().get(0);
            var right = expr.call().args().get(1);
            var function = expr.call().function();
            var name = name(left, references);
            if (name != null) {
                return of(name, function, number(right, references));
            }
            name = name(right, references);
            return name == null ? null : of(name, turned(function), number(left, references));
        }

        private static Comparison of(Name name, String function, double number) {
            if (Double.isNaN(number)) {
                return null;
            }
            double none = Double.NEGATIVE_INFINITY;
            double all = Double.POSITIVE_INFINITY;
            return switch (function) {
                case "_>_" -> new Comparison(name, number, all);
                case "_>=_" -> new Comparison(name, Math.nextDown(number), all);
                case "_<_" -> new Comparison(name, none, number);
                case "_<=_" -> new Comparison(name, none, Math.nextUp(number));
                default -> null;
            };
        }

        private static String turned(String function) {
            return switch (function) {
                case "_>_" -> "_<_";
                case "_>=_" -> "_<=_";
                case "_<_" -> "_>_";
                case "_<=_" -> "_>=_";
                default -> function;
            };
        }

        private static Name name(CelExpr expr, Map<String, Reference> references) {
            return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                            && references.get(expr.ident().name()) instanceof Reference.Value value
                            && value.name().type() == Name.Type.NUMBER
                    ? value.name()
                    : null;
        }

        /** {@code NaN} when it is none. */
        private static double number(CelExpr expr, Map<String, Reference> references) {
            return switch (expr.getKind()) {
                case CONSTANT ->
                        expr.constant().getKind() == CelConstant.Kind.DOUBLE_VALUE
                                ? expr.constant().doubleValue()
                                : Double.NaN;
                case IDENT ->
                        references.get(expr.ident().name())
                                                instanceof Reference.OfParameter parameter
                                        && parameter.parameter() instanceof Parameter.Number number
                                ? number.value()
                                : Double.NaN;
                case CALL ->
                        expr.call().function().equals("-_")
                                ? -number(expr.call().args().get(0), references)
                                : Double.NaN;
                default -> Double.NaN;
            };
        }
    }
}
