package hrm.patterns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.check.ExpressionChecker;
import hrm.patterns.check.Scope;
import hrm.patterns.spec.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Compiled conditions against CEL's own runtime where every value is known, and against a plain
 * three-valued interpreter where some are not.
 */
class ConditionProperties {
    private static final int CONDITIONS = 4_000;
    private static final int INPUTS = 8;

    private static final Map<String, Parameter> PARAMETERS =
            Map.of(
                    "p_clear", new Parameter.Number(5),
                    "p_hold", new Parameter.Span(Duration.ofMinutes(10)),
                    "p_word", new Parameter.Text("run"));
    private static final Scope SCOPE =
            new Scope(
                    PARAMETERS,
                    Map.of(),
                    List.of(
                            new Scope.StepName("calm", false),
                            new Scope.StepName("moving", true),
                            new Scope.StepName("high", false)));

    /** Few, so that equal ones meet; 1.001 s is 1000.9999999999999 ms before rounding. */
    private static final double[] DURATIONS_IN_SECONDS = {0, 0.1, 1.001, 300, 301.001, 600};

    private static final List<String> NUMBERS =
            List.of(
                    "bpm",
                    "steps",
                    "deviation.score",
                    "limits.high",
                    "hour",
                    "p_clear",
                    "first(calm).bpm",
                    "last(high).steps",
                    "first(high).deviation.score",
                    "count(calm)",
                    "size(rr)");
    private static final List<String> BOOLS =
            List.of("at_rest", "sensor_contact", "last(calm).at_rest");
    private static final List<String> TEXTS = List.of("activity", "baseline.state", "p_word");
    private static final List<String> DURATIONS = List.of("gap", "p_hold", "last(high).gap");

    private final CelRuntime cel =
            CelRuntimeFactory.standardCelRuntimeBuilder()
                    .addFunctionBindings(
                            CelFunctionBinding.from("exists_number", Double.class, x -> true),
                            CelFunctionBinding.from("exists_bool", Boolean.class, x -> true),
                            CelFunctionBinding.from("exists_text", String.class, x -> true),
                            CelFunctionBinding.from("exists_duration", Duration.class, x -> true),
                            CelFunctionBinding.from("exists_list", List.class, x -> true),
                            CelFunctionBinding.from(
                                    "size_readings", List.class, x -> (double) x.size()),
                            CelFunctionBinding.from("abs_number", Double.class, Math::abs),
                            CelFunctionBinding.from(
                                    "min_numbers", Double.class, Double.class, Math::min),
                            CelFunctionBinding.from(
                                    "max_numbers", Double.class, Double.class, Math::max))
                    .build();

    @Test
    void compiledConditionsAgreeWithCelAndWithThreeValuedLogic() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ConditionProperties -Dseed=" + seed);
        var random = new Random(seed);
        int withCel = 0;
        var outcomes = new int[3];
        int least = CONDITIONS / 4;
        for (int i = 0;
                i < CONDITIONS
                        || i < 5 * CONDITIONS && (withCel < CONDITIONS || fewest(outcomes) < least);
                i++) {
            Tree tree = bool(random, 4);
            var checked = ExpressionChecker.condition(tree.text, SCOPE);
            assertThat(checked.problems()).as("seed %d: %s", seed, tree.text).isEmpty();
            var compiled = Translator.translate(checked, Map.of()).condition();
            var program = cel.createProgram(checked.ast());
            for (int input = 0; input < INPUTS; input++) {
                var known = new World(random, input % 2 == 0 ? 0 : 0.3);
                int actual = compiled.test(known.values, known.steps);
                Object expected = tree.value.of(known.variables);

                assertThat(actual)
                        .as("seed %d: %s with %s", seed, tree.text, known.variables)
                        .isEqualTo(expected == null ? Truth.UNKNOWN : Truth.of((Boolean) expected));
                outcomes[actual]++;
                if (known.complete && !known.celDiffers) {
                    assertThat(program.eval(known.variables))
                            .as("CEL, seed %d: %s with %s", seed, tree.text, known.variables)
                            .isEqualTo(expected);
                    withCel++;
                }
            }
        }
        System.out.printf(
                "%d conditions, %d judged by CEL too; false, unknown, true: %s%n",
                CONDITIONS, withCel, Arrays.toString(outcomes));
        // Else the generator has lost its aim and the test would show nothing.
        assertThat(withCel).isGreaterThanOrEqualTo(CONDITIONS);
        assertThat(fewest(outcomes)).isGreaterThanOrEqualTo(least);
    }

    private static int fewest(int[] outcomes) {
        return Arrays.stream(outcomes).min().getAsInt();
    }

    // ---- expressions: their text, and what they mean when said plainly

    /** Null is unknown. */
    private interface Meaning {
        Object of(Map<String, Object> variables);
    }

    private record Tree(String text, Meaning value) {}

    private static World current;

    private static Tree bool(Random random, int depth) {
        if (depth == 0) {
            return random.nextInt(4) == 0 ? constant("true", true) : variable(random, BOOLS);
        }
        int left = random.nextInt(depth);
        int right = random.nextInt(depth);
        return switch (random.nextInt(10)) {
            case 0, 1 -> and(bool(random, left), bool(random, right));
            case 2, 3 -> or(bool(random, left), bool(random, right));
            case 4 -> {
                Tree a = bool(random, left);
                yield new Tree(
                        "!(" + a.text + ")",
                        v -> a.value.of(v) == null ? null : !(Boolean) a.value.of(v));
            }
            case 5 -> exists(random);
            case 6 -> in(random, left);
            case 7 -> choose(bool(random, left), bool(random, right), bool(random, right));
            default -> comparison(random, left, right);
        };
    }

    private static Tree and(Tree a, Tree b) {
        return new Tree(
                "(" + a.text + ") && (" + b.text + ")",
                v -> {
                    Object x = a.value.of(v);
                    Object y = b.value.of(v);
                    if (Boolean.FALSE.equals(x) || Boolean.FALSE.equals(y)) {
                        return false;
                    }
                    return x == null || y == null ? null : true;
                });
    }

    private static Tree or(Tree a, Tree b) {
        return new Tree(
                "(" + a.text + ") || (" + b.text + ")",
                v -> {
                    Object x = a.value.of(v);
                    Object y = b.value.of(v);
                    if (Boolean.TRUE.equals(x) || Boolean.TRUE.equals(y)) {
                        return true;
                    }
                    return x == null || y == null ? null : false;
                });
    }

    private static Tree choose(Tree condition, Tree a, Tree b) {
        return new Tree(
                "((" + condition.text + ") ? (" + a.text + ") : (" + b.text + "))",
                v -> {
                    Object chosen = condition.value.of(v);
                    return chosen == null ? null : ((Boolean) chosen ? a : b).value.of(v);
                });
    }

    private static Tree exists(Random random) {
        var kinds = List.of(NUMBERS, BOOLS, TEXTS, DURATIONS);
        Tree a = variable(random, kinds.get(random.nextInt(kinds.size())));
        return new Tree("exists(" + a.text + ")", v -> a.value.of(v) != null);
    }

    private static Tree in(Random random, int depth) {
        boolean numbers = random.nextBoolean();
        Tree wanted = numbers ? number(random, depth) : text(random);
        var elements = new ArrayList<Tree>();
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(numbers ? number(random, 0) : text(random));
        }
        var texts = elements.stream().map(Tree::text).toList();
        return new Tree(
                "(" + wanted.text + ") in [" + String.join(", ", texts) + "]",
                v -> {
                    Object x = wanted.value.of(v);
                    boolean unknown = false;
                    for (Tree element : elements) {
                        Object y = element.value.of(v);
                        if (x != null && y != null && same(x, y)) {
                            return true;
                        }
                        unknown |= x == null || y == null;
                    }
                    return unknown ? null : false;
                });
    }

    private static boolean same(Object x, Object y) {
        // 0.0 and -0.0 are the same number.
        return x instanceof Double a ? a.doubleValue() == (Double) y : x.equals(y);
    }

    private static Tree comparison(Random random, int left, int right) {
        String operator = List.of("<", "<=", ">", ">=", "==", "!=").get(random.nextInt(6));
        int kind = random.nextInt(6);
        if (kind == 0 && operator.endsWith("=") && !operator.matches("[<>]=")) {
            return compared(bool(random, left), operator, bool(random, right));
        }
        if (kind == 1 && operator.endsWith("=") && !operator.matches("[<>]=")) {
            return compared(text(random), operator, text(random));
        }
        return kind == 2
                ? compared(duration(random, left), operator, duration(random, right))
                : compared(number(random, left), operator, number(random, right));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Tree compared(Tree a, String operator, Tree b) {
        return new Tree(
                "(" + a.text + ") " + operator + " (" + b.text + ")",
                v -> {
                    Object x = a.value.of(v);
                    Object y = b.value.of(v);
                    if (x == null || y == null) {
                        return null;
                    }
                    if (operator.equals("==") || operator.equals("!=")) {
                        return same(x, y) == operator.equals("==");
                    }
                    int order = same(x, y) ? 0 : ((Comparable) x).compareTo(y);
                    return switch (operator) {
                        case "<" -> order < 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order >= 0;
                    };
                });
    }

    private static Tree number(Random random, int depth) {
        if (depth == 0) {
            int kind = random.nextInt(4);
            if (kind == 0) {
                int whole = random.nextInt(7);
                return constant(String.valueOf(whole), (double) whole);
            }
            if (kind == 1) {
                double value = random.nextInt(12) / 2.0;
                return constant(String.valueOf(value), value);
            }
            return variable(random, NUMBERS);
        }
        Tree a = number(random, random.nextInt(depth));
        Tree b = number(random, random.nextInt(depth));
        return switch (random.nextInt(9)) {
            case 0 -> number(a, "+", b, Double::sum);
            case 1 -> number(a, "-", b, (x, y) -> x - y);
            case 2 -> number(a, "*", b, (x, y) -> x * y);
            case 3 ->
                    number(
                            a,
                            "/",
                            b,
                            (x, y) -> {
                                current.celDiffers |= y == 0;
                                return y == 0 ? null : (Double) (x / y);
                            });
            case 4 -> number("min(%s, %s)", a, b, Math::min);
            case 5 -> number("max(%s, %s)", a, b, Math::max);
            case 6 -> number("abs(%s)", a, a, (x, y) -> Math.abs(x));
            case 7 -> number("-(%s)", a, a, (x, y) -> -x);
            default -> choose(bool(random, random.nextInt(depth)), a, b);
        };
    }

    private interface Arithmetic {
        Double of(double a, double b);
    }

    private static Tree number(Tree a, String operator, Tree b, Arithmetic meaning) {
        return number("(%s) " + operator + " (%s)", a, b, meaning);
    }

    private static Tree number(String format, Tree a, Tree b, Arithmetic meaning) {
        return new Tree(
                String.format(format, a.text, b.text),
                v -> {
                    Object x = a.value.of(v);
                    Object y = b.value.of(v);
                    return x == null || y == null ? null : meaning.of((Double) x, (Double) y);
                });
    }

    private static Tree text(Random random) {
        return random.nextInt(3) == 0
                ? constant("\"run\"", "run")
                : random.nextInt(3) == 0 ? constant("'rest'", "rest") : variable(random, TEXTS);
    }

    private static Tree duration(Random random, int depth) {
        if (depth == 0) {
            return random.nextInt(3) == 0
                    ? constant("duration(\"5m\")", Duration.ofMinutes(5))
                    : random.nextInt(3) == 0
                            ? constant("duration('1001ms')", Duration.ofMillis(1001))
                            : variable(random, DURATIONS);
        }
        Tree a = duration(random, random.nextInt(depth));
        Tree b = duration(random, random.nextInt(depth));
        boolean plus = random.nextBoolean();
        return new Tree(
                "(" + a.text + (plus ? ") + (" : ") - (") + b.text + ")",
                v -> {
                    Object x = a.value.of(v);
                    Object y = b.value.of(v);
                    if (x == null || y == null) {
                        return null;
                    }
                    Duration result =
                            plus
                                    ? ((Duration) x).plus((Duration) y)
                                    : ((Duration) x).minus((Duration) y);
                    current.celDiffers |= result.isNegative();
                    return result;
                });
    }

    private static Tree constant(String text, Object value) {
        return new Tree(text, v -> value);
    }

    private static Tree variable(Random random, List<String> names) {
        String name = names.get(random.nextInt(names.size()));
        // A parameter may be written either way.
        boolean braces = name.startsWith("p_") && random.nextBoolean();
        return new Tree(braces ? "${" + name + "}" : name, v -> v.get(name));
    }

    /** Values of everything, in the shapes that the three evaluators want. */
    private static final class World {
        final Values values = new Values();
        final Map<String, Object> variables = new HashMap<>();
        final Map<String, Double> ofSteps = new HashMap<>();
        final MatchedSteps steps = new OfSteps(ofSteps);
        boolean complete = true;

        /** Infinity after a division by zero, and CEL-Java fails on durations below zero. */
        boolean celDiffers;

        World(Random random, double unknown) {
            current = this;
            for (Name name : Name.values()) {
                if (random.nextDouble() < unknown) {
                    complete = false;
                    continue;
                }
                switch (name.type()) {
                    case TEXT -> {
                        String word = random.nextBoolean() ? "run" : "rest";
                        values.set(name, word);
                        variables.put(name.text(), word);
                    }
                    case LIST -> {
                        int size = random.nextInt(5);
                        values.set(name, size);
                        variables.put(name.text(), Collections.nCopies(size, 800.0));
                        variables.put("size(rr)", (double) size);
                    }
                    default -> {
                        double number = number(random, name);
                        values.set(name, number);
                        variables.put(name.text(), shown(name, number));
                    }
                }
            }
            for (String text :
                    List.of(
                            "first(calm).bpm",
                            "last(high).steps",
                            "first(high).deviation.score",
                            "last(calm).at_rest",
                            "last(high).gap")) {
                if (random.nextDouble() < unknown) {
                    complete = false;
                    continue;
                }
                Name name = Name.byText().get(text.substring(text.indexOf('.') + 1));
                double number = number(random, name);
                ofSteps.put(text, number);
                variables.put(text, shown(name, number));
            }
            double count = random.nextInt(4);
            ofSteps.put("count(calm)", count);
            variables.put("count(calm)", count);
            variables.put("p_clear", 5.0);
            variables.put("p_hold", Duration.ofMinutes(10));
            variables.put("p_word", "run");
        }

        private static double number(Random random, Name name) {
            return switch (name.type()) {
                case BOOL -> random.nextInt(2);
                case DURATION -> DURATIONS_IN_SECONDS[random.nextInt(DURATIONS_IN_SECONDS.length)];
                // Few values, so that equality and division by zero happen.
                default -> (random.nextInt(13) - 4) / 2.0;
            };
        }

        private static Object shown(Name name, double number) {
            return switch (name.type()) {
                case BOOL -> number != 0;
                case DURATION -> Duration.ofMillis(Math.round(number * 1000));
                default -> (Object) number;
            };
        }
    }

    private record OfSteps(Map<String, Double> byText) implements MatchedSteps {
        @Override
        public double first(int step, Name name) {
            return get("first(" + SCOPE.steps().get(step).name() + ")." + name.text());
        }

        @Override
        public double last(int step, Name name) {
            return get("last(" + SCOPE.steps().get(step).name() + ")." + name.text());
        }

        @Override
        public int count(int step) {
            return (int) get("count(" + SCOPE.steps().get(step).name() + ")");
        }

        private double get(String text) {
            return Objects.requireNonNullElse(byText.get(text), Double.NaN);
        }
    }
}
