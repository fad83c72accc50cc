package hrm.patterns.compile;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import hrm.patterns.Condition;
import hrm.patterns.Expression;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.check.Checked;
import hrm.patterns.check.Reference;
import hrm.patterns.spec.Durations;
import hrm.patterns.spec.Parameter;
import java.util.List;
import java.util.Map;

/**
 * Turns a checked expression into closures: no CEL when they run, no allocation, never an
 * exception. A comparison with an unknown value is unknown, arithmetic with one is {@code NaN}, and
 * so is a division by zero.
 */
final class Translator {
    private final Map<String, Reference> references;
    private final Map<String, Code> lets;

    private Translator(Map<String, Reference> references, Map<String, Code> lets) {
        this.references = references;
        this.lets = lets;
    }

    /**
     * @param lets compiled before, by name
     */
    static Code translate(Checked checked, Map<String, Code> lets) {
        CelAbstractSyntaxTree ast = checked.ast();
        return new Translator(checked.references(), lets).translate(ast.getExpr());
    }

    private Code translate(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> constant(expr.constant());
            case IDENT -> code(references.get(expr.ident().name()), lets);
            case CALL -> call(expr.call());
            default -> throw new IllegalStateException("not checked: " + expr.getKind());
        };
    }

    private static Code constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case DOUBLE_VALUE -> number(constant.doubleValue());
            case BOOLEAN_VALUE -> {
                int truth = Truth.of(constant.booleanValue());
                yield Code.bool((values, steps) -> truth);
            }
            case STRING_VALUE -> text(constant.stringValue());
            default -> throw new IllegalStateException("not checked: " + constant.getKind());
        };
    }

    private static Code number(double value) {
        return Code.number(Name.Type.NUMBER, new Operand(null, value));
    }

    /**
     * A number, or a value. Most comparisons are of two of these, and reading them then needs no
     * call through an interface.
     *
     * @param name null for the number
     */
    private record Operand(Name name, double number) implements Expression {
        double of(Values values) {
            return name == null ? number : values.get(name);
        }

        @Override
        public double evaluate(Values values, MatchedSteps steps) {
            return of(values);
        }
    }

    private static Code text(String value) {
        return Code.text((values, steps) -> value);
    }

    /** Code that reads what a reference stands for. */
    static Code code(Reference reference, Map<String, Code> lets) {
        if (reference instanceof Reference.Value value) {
            return value(value.name());
        }
        if (reference instanceof Reference.Let let) {
            return lets.get(let.text());
        }
        if (reference instanceof Reference.OfParameter parameter) {
            return parameter(parameter.parameter());
        }
        if (reference instanceof Reference.Count count) {
            int step = count.step();
            return Code.number(Name.Type.NUMBER, (values, steps) -> steps.count(step));
        }
        var ofStep = (Reference.OfStep) reference;
        int step = ofStep.step();
        Name name = ofStep.name();
        return ofNumber(
                name.type(),
                ofStep.first()
                        ? (values, steps) -> steps.first(step, name)
                        : (values, steps) -> steps.last(step, name));
    }

    private static Code value(Name name) {
        return name.type() == Name.Type.TEXT
                ? Code.text((values, steps) -> values.text(name))
                : ofNumber(name.type(), new Operand(name, Double.NaN));
    }

    /** From the number that {@code Values} keeps for a type. */
    private static Code ofNumber(Name.Type type, Expression number) {
        return switch (type) {
            case BOOL ->
                    Code.bool(
                            (values, steps) -> {
                                double now = number.evaluate(values, steps);
                                return Double.isNaN(now)
                                        ? Truth.UNKNOWN
                                        : now != 0 ? Truth.TRUE : Truth.FALSE;
                            });
            case DURATION ->
                    Code.number(
                            type,
                            (values, steps) -> Math.rint(number.evaluate(values, steps) * 1000));
            default -> Code.number(type, number);
        };
    }

    private static Code parameter(Parameter parameter) {
        if (parameter instanceof Parameter.Number number) {
            return number(number.value());
        }
        if (parameter instanceof Parameter.Span span) {
            double millis = span.value().toMillis();
            return Code.number(Name.Type.DURATION, (values, steps) -> millis);
        }
        return text(((Parameter.Text) parameter).value());
    }

    private Code call(CelExpr.CelCall call) {
        List<CelExpr> args = call.args();
        if (call.function().equals("@in")) {
            return in(args);
        }
        if (call.function().equals("duration")) {
            double millis = Durations.parse(args.get(0).constant().stringValue()).toMillis();
            return Code.number(Name.Type.DURATION, (values, steps) -> millis);
        }
        var a = translate(args.get(0));
        var b = args.size() > 1 ? translate(args.get(1)) : null;
        return switch (call.function()) {
            case "_&&_" -> and(a.condition(), b.condition());
            case "_||_" -> or(a.condition(), b.condition());
            case "!_" -> not(a.condition());
            case "_?_:_" -> choose(a.condition(), b, translate(args.get(2)));
            case "_==_" -> Code.bool(equal(a, b));
            case "_!=_" -> not(equal(a, b));
            case "_<_" -> less(a.number(), b.number());
            case "_>_" -> less(b.number(), a.number());
            case "_<=_" -> atMost(a.number(), b.number());
            case "_>=_" -> atMost(b.number(), a.number());
            case "exists" -> exists(a);
            case "size" -> Code.number(Name.Type.NUMBER, a.number());
            default -> Code.number(a.type(), arithmetic(call.function(), a, b));
        };
    }

    private static Code and(Condition a, Condition b) {
        return Code.bool(
                (values, steps) -> {
                    int left = a.test(values, steps);
                    return left == Truth.FALSE ? left : Truth.and(left, b.test(values, steps));
                });
    }

    private static Code or(Condition a, Condition b) {
        return Code.bool(
                (values, steps) -> {
                    int left = a.test(values, steps);
                    return left == Truth.TRUE ? left : Truth.or(left, b.test(values, steps));
                });
    }

    private static Code not(Condition a) {
        return Code.bool((values, steps) -> Truth.not(a.test(values, steps)));
    }

    /** What an unknown condition chooses is unknown, whatever stands on both sides. */
    private static Code choose(Condition condition, Code a, Code b) {
        return switch (a.type()) {
            case BOOL ->
                    Code.bool(
                            (values, steps) ->
                                    switch (condition.test(values, steps)) {
                                        case Truth.TRUE -> a.condition().test(values, steps);
                                        case Truth.FALSE -> b.condition().test(values, steps);
                                        default -> Truth.UNKNOWN;
                                    });
            case TEXT ->
                    Code.text(
                            (values, steps) ->
                                    switch (condition.test(values, steps)) {
                                        case Truth.TRUE -> a.text().evaluate(values, steps);
                                        case Truth.FALSE -> b.text().evaluate(values, steps);
                                        default -> null;
                                    });
            default ->
                    Code.number(
                            a.type(),
                            (values, steps) ->
                                    switch (condition.test(values, steps)) {
                                        case Truth.TRUE -> a.number().evaluate(values, steps);
                                        case Truth.FALSE -> b.number().evaluate(values, steps);
                                        default -> Double.NaN;
                                    });
        };
    }

    private static Condition equal(Code a, Code b) {
        return switch (a.type()) {
            case BOOL ->
                    (values, steps) -> {
                        int left = a.condition().test(values, steps);
                        int right = b.condition().test(values, steps);
                        return left == Truth.UNKNOWN || right == Truth.UNKNOWN
                                ? Truth.UNKNOWN
                                : Truth.of(left == right);
                    };
            case TEXT ->
                    (values, steps) -> {
                        String left = a.text().evaluate(values, steps);
                        String right = b.text().evaluate(values, steps);
                        return left == null || right == null
                                ? Truth.UNKNOWN
                                : Truth.of(left.equals(right));
                    };
            default -> {
                Expression x = a.number();
                Expression y = b.number();
                yield (values, steps) -> {
                    double left = x.evaluate(values, steps);
                    double right = y.evaluate(values, steps);
                    return Double.isNaN(left) || Double.isNaN(right)
                            ? Truth.UNKNOWN
                            : Truth.of(left == right);
                };
            }
        };
    }

    private static Code less(Expression a, Expression b) {
        return Code.bool(
                a instanceof Operand x && b instanceof Operand y
                        ? (values, steps) -> isLess(x.of(values), y.of(values))
                        : (values, steps) ->
                                isLess(a.evaluate(values, steps), b.evaluate(values, steps)));
    }

    private static int isLess(double left, double right) {
        return left < right ? Truth.TRUE : left >= right ? Truth.FALSE : Truth.UNKNOWN;
    }

    private static Code atMost(Expression a, Expression b) {
        return Code.bool(
                a instanceof Operand x && b instanceof Operand y
                        ? (values, steps) -> isAtMost(x.of(values), y.of(values))
                        : (values, steps) ->
                                isAtMost(a.evaluate(values, steps), b.evaluate(values, steps)));
    }

    private static int isAtMost(double left, double right) {
        return left <= right ? Truth.TRUE : left > right ? Truth.FALSE : Truth.UNKNOWN;
    }

    private Code in(List<CelExpr> args) {
        var wanted = translate(args.get(0));
        var elements = args.get(1).list().elements();
        var equal = new Condition[elements.size()];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = equal(wanted, translate(elements.get(i)));
        }
        return Code.bool(
                (values, steps) -> {
                    int found = Truth.FALSE;
                    for (Condition each : equal) {
                        found = Truth.or(found, each.test(values, steps));
                    }
                    return found;
                });
    }

    private static Code exists(Code a) {
        return Code.bool(
                switch (a.type()) {
                    case BOOL ->
                            (values, steps) ->
                                    Truth.of(a.condition().test(values, steps) != Truth.UNKNOWN);
                    case TEXT ->
                            (values, steps) -> Truth.of(a.text().evaluate(values, steps) != null);
                    default ->
                            (values, steps) ->
                                    Truth.of(!Double.isNaN(a.number().evaluate(values, steps)));
                });
    }

    private static Expression arithmetic(String function, Code left, Code right) {
        Expression a = left.number();
        Expression b = right == null ? null : right.number();
        if (a instanceof Operand x && b instanceof Operand y) {
            return arithmetic(function, x, y);
        }
        return switch (function) {
            case "_+_" -> (values, steps) -> a.evaluate(values, steps) + b.evaluate(values, steps);
            case "_-_" -> (values, steps) -> a.evaluate(values, steps) - b.evaluate(values, steps);
            case "_*_" -> (values, steps) -> a.evaluate(values, steps) * b.evaluate(values, steps);
            case "_/_" ->
                    (values, steps) ->
                            quotient(a.evaluate(values, steps), b.evaluate(values, steps));
            case "-_" -> (values, steps) -> -a.evaluate(values, steps);
            case "abs" -> (values, steps) -> Math.abs(a.evaluate(values, steps));
            case "min" ->
                    (values, steps) ->
                            Math.min(a.evaluate(values, steps), b.evaluate(values, steps));
            case "max" ->
                    (values, steps) ->
                            Math.max(a.evaluate(values, steps), b.evaluate(values, steps));
            default -> throw new IllegalStateException("not checked: " + function);
        };
    }

    private static Expression arithmetic(String function, Operand a, Operand b) {
        return switch (function) {
            case "_+_" -> (values, steps) -> a.of(values) + b.of(values);
            case "_-_" -> (values, steps) -> a.of(values) - b.of(values);
            case "_*_" -> (values, steps) -> a.of(values) * b.of(values);
            case "_/_" -> (values, steps) -> quotient(a.of(values), b.of(values));
            case "min" -> (values, steps) -> Math.min(a.of(values), b.of(values));
            case "max" -> (values, steps) -> Math.max(a.of(values), b.of(values));
            default -> throw new IllegalStateException("not checked: " + function);
        };
    }

    private static double quotient(double dividend, double divisor) {
        return divisor == 0 ? Double.NaN : dividend / divisor;
    }
}
