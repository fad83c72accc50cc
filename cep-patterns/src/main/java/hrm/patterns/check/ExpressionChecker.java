package hrm.patterns.check;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.Arithmetic;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.BooleanOperator;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.Comparison;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.Conversions;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.InternalOperator;
import dev.cel.checker.CelStandardDeclarations.StandardOverload;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.CelVarDecl;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import hrm.patterns.Name;
import hrm.patterns.check.Checked.Use;
import hrm.patterns.spec.Durations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parses and type-checks one expression with CEL and says all that is wrong with it in words of
 * patterns. CEL has integers and doubles and refuses to mix them; a person has numbers, so every
 * number becomes a double before the types are checked. {@code ${name}} is the same as {@code
 * name}.
 *
 * @see "https://github.com/google/cel-spec/blob/master/doc/langdef.md"
 */
public final class ExpressionChecker {
    static final String ALL_NAMES = "All names: docs/patterns.md#names";
    private static final String HOW = "How to write conditions: docs/patterns.md#conditions";
    private static final int LONGEST = 2_000;

    private static final Map<String, String> OPERATORS =
            Map.ofEntries(
                    Map.entry("_&&_", "&&"),
                    Map.entry("_||_", "||"),
                    Map.entry("!_", "!"),
                    Map.entry("_?_:_", "? :"),
                    Map.entry("_==_", "=="),
                    Map.entry("_!=_", "!="),
                    Map.entry("_<_", "<"),
                    Map.entry("_<=_", "<="),
                    Map.entry("_>_", ">"),
                    Map.entry("_>=_", ">="),
                    Map.entry("_+_", "+"),
                    Map.entry("_-_", "-"),
                    Map.entry("_*_", "*"),
                    Map.entry("_/_", "/"),
                    Map.entry("-_", "-"),
                    Map.entry("@in", "in"));
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=", "in");

    private static final Map<String, String> FUNCTIONS =
            new TreeMap<>(
                    Map.of(
                            "exists", "exists(steps)",
                            "size", "size(rr)",
                            "first", "first(step).bpm",
                            "last", "last(step).bpm",
                            "count", "count(step)",
                            "duration", "duration(\"5m\")",
                            "abs", "abs(x)",
                            "min", "min(x, y)",
                            "max", "max(x, y)"));

    private static final Set<String> DETECTORS_NOT_BUILT = Set.of("drift", "rhythm", "night");

    private static final Set<StandardOverload> STANDARD =
            Set.of(
                    BooleanOperator.CONDITIONAL,
                    BooleanOperator.LOGICAL_AND,
                    BooleanOperator.LOGICAL_OR,
                    BooleanOperator.LOGICAL_NOT,
                    InternalOperator.IN_LIST,
                    Comparison.LESS_DOUBLE,
                    Comparison.LESS_DURATION,
                    Comparison.LESS_EQUALS_DOUBLE,
                    Comparison.LESS_EQUALS_DURATION,
                    Comparison.GREATER_DOUBLE,
                    Comparison.GREATER_DURATION,
                    Comparison.GREATER_EQUALS_DOUBLE,
                    Comparison.GREATER_EQUALS_DURATION,
                    Arithmetic.ADD_DOUBLE,
                    Arithmetic.ADD_DURATION_DURATION,
                    Arithmetic.SUBTRACT_DOUBLE,
                    Arithmetic.SUBTRACT_DURATION_DURATION,
                    Arithmetic.MULTIPLY_DOUBLE,
                    Arithmetic.DIVIDE_DOUBLE,
                    Arithmetic.NEGATE_DOUBLE,
                    Conversions.STRING_TO_DURATION);

    private static final CelCompiler CEL = compiler();

    private final int[] text;
    private final Scope scope;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, Reference> references = new HashMap<>();
    private final Set<Long> withTextConstant = new HashSet<>();
    private Map<Long, Integer> positions = Map.of();

    private ExpressionChecker(String text, Scope scope) {
        this.text = text.codePoints().toArray();
        this.scope = scope;
    }

    /** Checks a condition: true or false. */
    public static Checked condition(String text, Scope scope) {
        return new ExpressionChecker(text, scope).check(true);
    }

    /** Checks an expression of any type but a list. */
    public static Checked expression(String text, Scope scope) {
        return new ExpressionChecker(text, scope).check(false);
    }

    private static CelCompiler compiler() {
        var standard =
                CelStandardDeclarations.newBuilder()
                        .filterFunctions(
                                (function, overload) ->
                                        STANDARD.contains(overload)
                                                || function.name().equals("EQUALS")
                                                || function.name().equals("NOT_EQUALS"))
                        .build();
        var number = SimpleType.DOUBLE;
        var builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setStandardEnvironmentEnabled(false)
                        .setStandardDeclarations(standard)
                        .setOptions(
                                CelOptions.current().maxExpressionCodePointSize(LONGEST).build())
                        .addFunctionDeclarations(
                                CelFunctionDecl.newFunctionDeclaration(
                                        "exists",
                                        exists("number", number),
                                        exists("bool", SimpleType.BOOL),
                                        exists("text", SimpleType.STRING),
                                        exists("duration", SimpleType.DURATION),
                                        exists("list", ListType.create(number))),
                                function("size", "size_readings", ListType.create(number)),
                                function("abs", "abs_number", number),
                                function("min", "min_numbers", number, number),
                                function("max", "max_numbers", number, number));
        Name.byText().forEach((text, name) -> builder.addVar(text, celType(name.type())));
        return builder.build();
    }

    private static CelOverloadDecl exists(String id, CelType argument) {
        return CelOverloadDecl.newGlobalOverload("exists_" + id, SimpleType.BOOL, argument);
    }

    private static CelFunctionDecl function(String name, String id, CelType... arguments) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(id, SimpleType.DOUBLE, arguments));
    }

    private static CelType celType(Name.Type type) {
        return switch (type) {
            case NUMBER -> SimpleType.DOUBLE;
            case BOOL -> SimpleType.BOOL;
            case TEXT -> SimpleType.STRING;
            case DURATION -> SimpleType.DURATION;
            case LIST -> ListType.create(SimpleType.DOUBLE);
        };
    }

    private static Name.Type nameType(CelType type) {
        if (type.equals(SimpleType.DOUBLE)) {
            return Name.Type.NUMBER;
        }
        if (type.equals(SimpleType.BOOL)) {
            return Name.Type.BOOL;
        }
        if (type.equals(SimpleType.STRING)) {
            return Name.Type.TEXT;
        }
        return type.equals(SimpleType.DURATION) ? Name.Type.DURATION : Name.Type.LIST;
    }

    private Checked check(boolean mustBeCondition) {
        if (text.length > LONGEST) {
            problem(0, 1, "longer than " + LONGEST + " characters", "Use 'let' for its parts.");
            return failed();
        }
        String plain = withoutBraces();
        if (plain.isBlank()) {
            problem(0, 1, "empty expression", "");
        }
        if (!problems.isEmpty()) {
            return failed();
        }
        CelValidationResult parsed = CEL.parse(plain);
        if (parsed.hasError()) {
            explainSyntax(parsed.getErrors().get(0), plain);
            return failed();
        }
        try {
            var ast = parsed.getAst();
            positions = ast.getSource().getPositionsMap();
            var named = CelAbstractSyntaxTree.newParsedAst(rewrite(ast.getExpr()), ast.getSource());
            var result = withVariables().check(named);
            result.getErrors().forEach(this::explainType);
            if (!problems.isEmpty()) {
                return failed();
            }
            var checked = result.getAst();
            checkEqualities(checked, checked.getExpr());
            if (!problems.isEmpty()) {
                return failed();
            }
            Name.Type type = nameType(checked.getResultType());
            int[] whole = visible();
            if (mustBeCondition && type != Name.Type.BOOL) {
                problem(
                        whole[0],
                        whole[1],
                        "a condition is true or false, this is " + word(type),
                        type == Name.Type.NUMBER ? "Compare it, for example: bpm > 120" : "");
            } else if (type == Name.Type.LIST) {
                problem(whole[0], whole[1], "a list is not a value", "Use size(rr).");
            }
            if (!problems.isEmpty()) {
                return failed();
            }
            uses.sort(Comparator.comparingInt(Use::offset));
            return new Checked(checked, type, references, uses, problems);
        } catch (CelValidationException e) {
            throw new IllegalStateException("checked above", e);
        }
    }

    private int[] visible() {
        int from = 0;
        int to = text.length;
        while (from < to - 1 && Character.isWhitespace(text[from])) {
            from++;
        }
        while (to > from + 1 && Character.isWhitespace(text[to - 1])) {
            to--;
        }
        return new int[] {from, to - from};
    }

    private Checked failed() {
        problems.sort(Comparator.comparingInt(Problem::offset));
        uses.sort(Comparator.comparingInt(Use::offset));
        return new Checked(null, null, references, uses, problems);
    }

    private void problem(int offset, int length, String message, String suggestion) {
        problems.add(new Problem(offset, Math.max(1, length), message, suggestion));
    }

    /** The text with the dollar and braces of {@code ${name}} blanked out: places stay. */
    private String withoutBraces() {
        int[] plain = text.clone();
        int quote = 0;
        for (int i = 0; i < text.length; i++) {
            int c = text[i];
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                    continue;
                }
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            }
            if (c != '$' || i + 1 >= text.length || text[i + 1] != '{') {
                continue;
            }
            int close = i;
            while (close < text.length && text[close] != '}') {
                close++;
            }
            String name =
                    new String(text, i + 2, Math.max(0, Math.min(close, text.length) - i - 2));
            int length = Math.min(close + 1, text.length) - i;
            if (close == text.length) {
                problem(i, length, "'${' without its '}'", "");
            } else if (quote != 0) {
                problem(
                        i,
                        length,
                        "'${" + name + "}' inside quotes is not filled in",
                        "Write the bare name, without quotes: " + name.strip());
            } else if (!name.strip().matches("[A-Za-z_][A-Za-z_0-9.]*")) {
                problem(i, length, "'${" + name + "}' is not a name", "");
            } else {
                plain[i] = ' ';
                plain[i + 1] = ' ';
                plain[close] = ' ';
                i = close;
            }
        }
        return new String(plain, 0, plain.length);
    }

    private CelCompiler withVariables() {
        var variables = new LinkedHashMap<String, CelVarDecl>();
        references.forEach(
                (text, reference) -> {
                    if (!(reference instanceof Reference.Value)) {
                        variables.put(
                                text,
                                CelVarDecl.newVarDeclaration(text, celType(reference.type())));
                    }
                });
        return CEL.toCompilerBuilder().addVarDeclarations(variables.values()).build();
    }

    // ---- names: from the parsed tree to one in which each reference is one identifier

    private CelExpr rewrite(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> constant(expr);
            case IDENT, SELECT -> reference(expr);
            case CALL -> call(expr);
            case LIST -> unknownConstruct(expr, "a list", "Lists stand only after 'in'.");
            case MAP, STRUCT -> unknownConstruct(expr, "'{ … }'", "");
            default -> unknownConstruct(expr, "this", "");
        };
    }

    private CelExpr constant(CelExpr expr) {
        var constant = expr.constant();
        return switch (constant.getKind()) {
            case INT64_VALUE -> number(expr, constant.int64Value());
            case UINT64_VALUE -> number(expr, constant.uint64Value().doubleValue());
            case DOUBLE_VALUE, STRING_VALUE, BOOLEAN_VALUE -> expr;
            default -> unknownConstruct(expr, "this constant", "To ask for a value: exists(steps)");
        };
    }

    private static CelExpr number(CelExpr expr, double value) {
        return expr.toBuilder().setConstant(CelConstant.ofValue(value)).build();
    }

    private CelExpr call(CelExpr expr) {
        var call = expr.call();
        if (call.target().isPresent()) {
            return unknownConstruct(
                    expr, "'." + call.function() + "(…)'", "Functions: " + functions());
        }
        if (OPERATORS.containsKey(call.function())) {
            return operator(expr);
        }
        int[] name = nameBefore(position(expr));
        return switch (call.function()) {
            case "first", "last" ->
                    error(
                            expr,
                            name,
                            "'" + call.function() + "(…)' is a reading, not a value",
                            "Write which value: " + call.function() + "(step).bpm");
            case "count" -> count(expr, name);
            case "duration" -> duration(expr, name);
            default -> {
                if (FUNCTIONS.containsKey(call.function())) {
                    yield withArguments(expr);
                }
                if (call.function().startsWith("_")) {
                    yield unknownConstruct(
                            expr,
                            "'" + call.function().replace("_", "") + "'",
                            "Operators: + - * / == != < <= > >= in && || ! ? :");
                }
                String near = Spelling.suggest(call.function(), FUNCTIONS.keySet());
                call.args().forEach(this::rewrite);
                yield error(
                        expr,
                        name,
                        "unknown function '" + call.function() + "'",
                        (near + " Functions: " + functions()).strip());
            }
        };
    }

    private static String functions() {
        return String.join(", ", FUNCTIONS.values());
    }

    private CelExpr operator(CelExpr expr) {
        var args = expr.call().args();
        if (!expr.call().function().equals("@in") || args.get(1).getKind() != Kind.LIST) {
            return withArguments(expr);
        }
        var list = args.get(1).list().toBuilder();
        for (int i = 0; i < args.get(1).list().elements().size(); i++) {
            list.setElement(i, rewrite(args.get(1).list().elements().get(i)));
        }
        var built = args.get(1).toBuilder().setList(list.build()).build();
        var call = expr.call().toBuilder().setArg(0, rewrite(args.get(0))).setArg(1, built);
        return expr.toBuilder().setCall(call.build()).build();
    }

    private CelExpr withArguments(CelExpr expr) {
        var call = expr.call().toBuilder();
        boolean hasText = expr.call().args().stream().anyMatch(ExpressionChecker::isText);
        if (hasText) {
            withTextConstant.add(expr.id());
        }
        for (int i = 0; i < expr.call().args().size(); i++) {
            call.setArg(i, rewrite(expr.call().args().get(i)));
        }
        return expr.toBuilder().setCall(call.build()).build();
    }

    private static boolean isText(CelExpr expr) {
        return expr.getKind() == Kind.CONSTANT
                && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    private CelExpr duration(CelExpr expr, int[] name) {
        var args = expr.call().args();
        if (args.size() != 1 || !isText(args.get(0))) {
            return error(
                    expr, name, "'duration' takes one text", "Write for example duration(\"5m\").");
        }
        String written = args.get(0).constant().stringValue();
        try {
            Durations.parse(written);
            return expr;
        } catch (Durations.Unreadable e) {
            int at = position(args.get(0));
            return error(expr, new int[] {at, written.length() + 2}, e.what(), e.advice());
        }
    }

    private CelExpr count(CelExpr expr, int[] name) {
        var args = expr.call().args();
        if (args.size() != 1 || args.get(0).getKind() != Kind.IDENT) {
            return error(expr, name, "'count' takes the name of a step", "count(step)");
        }
        int step = step(args.get(0));
        if (step < 0) {
            return notThere(expr);
        }
        var reference = new Reference.Count("count(" + args.get(0).ident().name() + ")", step);
        return use(expr, reference, name[0], closingAfter(endOf(args.get(0))));
    }

    /** The step's place, or -1 after saying what is wrong with it. */
    private int step(CelExpr ident) {
        String name = ident.ident().name();
        int step = scope.stepNames().indexOf(name);
        int at = position(ident);
        if (step < 0) {
            String near = Spelling.suggest(name, scope.stepNames());
            String named =
                    scope.stepNames().stream()
                            .filter(known -> !known.isEmpty())
                            .collect(Collectors.joining(", "));
            problem(
                    at,
                    name.length(),
                    "unknown step '" + name + "'",
                    near.isEmpty() ? "Steps: " + named : near);
        } else if (scope.steps().get(step).negative()) {
            problem(
                    at,
                    name.length(),
                    "'" + name + "' is a not_followed_by: it has no readings to refer to",
                    "");
            return -1;
        }
        return step;
    }

    private CelExpr reference(CelExpr expr) {
        // From the last field inwards: deviation.score, first(high).deviation.score.
        var fields = new ArrayList<String>();
        CelExpr base = expr;
        while (base.getKind() == Kind.SELECT) {
            if (base.select().testOnly()) {
                return unknownConstruct(base, "'has(…)'", "To ask for a value: exists(steps)");
            }
            fields.add(0, base.select().field());
            base = base.select().operand();
        }
        int end = endOf(expr);
        if (base.getKind() == Kind.IDENT) {
            fields.add(0, base.ident().name());
            return variable(expr, String.join(".", fields), position(base), end);
        }
        if (base.getKind() == Kind.CALL
                && base.call().target().isEmpty()
                && (base.call().function().equals("first")
                        || base.call().function().equals("last"))) {
            return ofStep(expr, base, String.join(".", fields), end);
        }
        rewrite(base);
        return unknownConstruct(expr, "'." + fields.get(fields.size() - 1) + "'", "");
    }

    private CelExpr variable(CelExpr expr, String text, int from, int end) {
        Reference reference = scope.variable(text);
        if (reference != null) {
            return use(expr, reference, from, end);
        }
        String first = text.contains(".") ? text.substring(0, text.indexOf('.')) : text;
        if (DETECTORS_NOT_BUILT.contains(first)) {
            return error(expr, new int[] {from, end - from}, "'" + text + "' is not built yet", "");
        }
        String near = Spelling.suggest(text, scope.names());
        if (near.isEmpty() && scope.stepNames().contains(first)) {
            near = "For a value of step '" + first + "' write last(" + first + ").bpm.";
        }
        return error(
                expr,
                new int[] {from, end - from},
                "unknown name '" + text + "'",
                (near + " " + ALL_NAMES).strip());
    }

    private CelExpr ofStep(CelExpr expr, CelExpr base, String field, int end) {
        String function = base.call().function();
        int[] name = nameBefore(position(base));
        var args = base.call().args();
        if (args.size() != 1 || args.get(0).getKind() != Kind.IDENT) {
            return error(
                    expr,
                    name,
                    "'" + function + "' takes the name of a step",
                    function + "(step).bpm");
        }
        Name value = Name.byText().get(field);
        int fieldAt = end - field.length();
        if (value == null) {
            String near = Spelling.suggest(field, Name.byText().keySet());
            problem(
                    fieldAt,
                    field.length(),
                    "unknown name '" + field + "'",
                    (near + " " + ALL_NAMES).strip());
        } else if (value.type() == Name.Type.TEXT || value.type() == Name.Type.LIST) {
            problem(
                    fieldAt,
                    field.length(),
                    "'" + field + "' of an earlier step is not built yet",
                    "Numbers, durations and true or false of earlier steps are kept.");
            value = null;
        }
        int step = step(args.get(0));
        if (step < 0 || value == null) {
            return notThere(expr);
        }
        String text = function + "(" + args.get(0).ident().name() + ")." + field;
        return use(
                expr,
                new Reference.OfStep(text, function.equals("first"), step, value),
                name[0],
                end);
    }

    private CelExpr use(CelExpr expr, Reference reference, int from, int end) {
        references.put(reference.text(), reference);
        uses.add(withBraces(from, end, reference));
        return CelExpr.ofIdent(expr.id(), reference.text());
    }

    private Use withBraces(int from, int end, Reference reference) {
        int start = from;
        while (start > 0 && Character.isWhitespace(text[start - 1])) {
            start--;
        }
        int stop = end;
        while (stop < text.length && Character.isWhitespace(text[stop])) {
            stop++;
        }
        boolean braces =
                start >= 2
                        && text[start - 1] == '{'
                        && text[start - 2] == '$'
                        && stop < text.length
                        && text[stop] == '}';
        return braces
                ? new Use(start - 2, stop + 1 - (start - 2), reference)
                : new Use(from, end - from, reference);
    }

    private CelExpr unknownConstruct(CelExpr expr, String what, String suggestion) {
        return error(
                expr,
                new int[] {position(expr), 1},
                what + " is not part of conditions",
                suggestion.isEmpty() ? HOW : suggestion);
    }

    private CelExpr error(CelExpr expr, int[] place, String message, String suggestion) {
        problem(place[0], place[1], message, suggestion);
        return notThere(expr);
    }

    /** Undeclared, so that CEL makes no further error of it. */
    private static CelExpr notThere(CelExpr expr) {
        return CelExpr.ofIdent(expr.id(), "?");
    }

    private int position(CelExpr expr) {
        return positions.getOrDefault(expr.id(), 0);
    }

    /** Offset behind an identifier or the last field of a selection. */
    private int endOf(CelExpr expr) {
        int at = position(expr);
        if (expr.getKind() == Kind.SELECT) {
            at++;
            while (at < text.length && Character.isWhitespace(text[at])) {
                at++;
            }
            return at + expr.select().field().length();
        }
        return expr.getKind() == Kind.IDENT ? at + expr.ident().name().length() : at + 1;
    }

    private int closingAfter(int offset) {
        int at = offset;
        while (at < text.length && text[at] != ')') {
            at++;
        }
        return Math.min(text.length, at + 1);
    }

    /** Place and length of the function's name before a parenthesis. */
    private int[] nameBefore(int parenthesis) {
        int to = parenthesis;
        while (to > 0 && Character.isWhitespace(text[to - 1])) {
            to--;
        }
        int from = to;
        while (from > 0 && Character.isJavaIdentifierPart(text[from - 1])) {
            from--;
        }
        return new int[] {from, Math.max(1, to - from)};
    }

    // ---- types

    private void checkEqualities(CelAbstractSyntaxTree ast, CelExpr expr) {
        if (expr.getKind() != Kind.CALL) {
            return;
        }
        var args = expr.call().args();
        String symbol = OPERATORS.getOrDefault(expr.call().function(), "");
        args.forEach(argument -> checkEqualities(ast, argument));
        if (symbol.equals("in") && args.get(1).getKind() == Kind.LIST) {
            Name.Type wanted = nameType(ast.getTypeOrThrow(args.get(0).id()));
            for (var element : args.get(1).list().elements()) {
                checkEqualities(ast, element);
                CelType type = ast.getTypeOrThrow(element.id());
                if (!type.equals(celType(wanted))) {
                    problem(
                            position(element),
                            1,
                            "'in' looks for " + word(wanted) + " here, this is " + word(type),
                            "");
                }
            }
        } else if (symbol.equals("in") || symbol.equals("==") || symbol.equals("!=")) {
            if (ast.getTypeOrThrow(args.get(1).id()) instanceof ListType) {
                problem(
                        position(expr),
                        symbol.length(),
                        "'" + symbol + "' does not work on a list of the reading",
                        "Use size(rr) or exists(rr).");
            }
        }
    }

    private static final Pattern NO_OVERLOAD =
            Pattern.compile("found no matching overload for '(.*)' applied to '\\((.*?)\\)'.*");

    private void explainType(CelIssue issue) {
        if (issue.getMessage().startsWith("undeclared reference")) {
            return; // Said already, in words of patterns.
        }
        int at = positions.getOrDefault(issue.getExprId(), 0);
        var found = NO_OVERLOAD.matcher(issue.getMessage());
        if (!found.matches()) {
            problem(at, 1, issue.getMessage(), HOW);
            return;
        }
        var types = List.of(found.group(2).split(", "));
        if (types.contains("*error*")) {
            return;
        }
        var words = types.stream().map(ExpressionChecker::word).toList();
        String symbol = OPERATORS.get(found.group(1));
        if (symbol == null) {
            int[] name = nameBefore(at);
            problem(
                    name[0],
                    name[1],
                    "'" + found.group(1) + "' does not take " + String.join(" and ", words),
                    "Write " + FUNCTIONS.get(found.group(1)) + ".");
            return;
        }
        int length = symbol.equals("? :") ? 1 : symbol.length();
        boolean hasText = withTextConstant.contains(issue.getExprId());
        problem(at, length, mismatch(symbol, words), advice(symbol, types, hasText));
    }

    private static String mismatch(String symbol, List<String> words) {
        if (symbol.equals("? :")) {
            return words.get(0).equals(word("bool"))
                    ? "both sides of ':' must be of one type, here: "
                            + String.join(" and ", words.subList(1, 3))
                    : "what stands before '?' must be true or false, not " + words.get(0);
        }
        if (words.size() == 1) {
            return "'" + symbol + "' does not work on " + words.get(0);
        }
        if (symbol.equals("&&") || symbol.equals("||")) {
            return "'" + symbol + "' joins two conditions, here: " + String.join(" and ", words);
        }
        String verb = COMPARISONS.contains(symbol) ? "compare" : "combine";
        return "'" + symbol + "' cannot " + verb + " " + String.join(" with ", words);
    }

    private static String advice(String symbol, List<String> types, boolean hasTextConstant) {
        if (types.contains("google.protobuf.Duration") && types.contains("double")) {
            return "A duration is written duration(\"10m\"); 'gap' is one, 'still_minutes' a number.";
        }
        if (types.contains("string") && types.contains("double")) {
            return hasTextConstant
                    ? "A number is written without quotes."
                    : "Compare a text with a text: activity == \"run\"";
        }
        if (types.size() == 2 && types.get(0).equals("bool") && types.get(1).equals("double")) {
            return symbol.startsWith("<") || symbol.startsWith(">")
                    ? "Write a range as: 50 < bpm && bpm < 70"
                    : "Write the comparison in full: bpm > 120";
        }
        return "";
    }

    private static String word(Name.Type type) {
        return word(celType(type));
    }

    private static String word(CelType type) {
        return type instanceof ListType ? "a list" : word(type.name());
    }

    private static String word(String celName) {
        return switch (celName) {
            case "double" -> "a number";
            case "bool" -> "true or false";
            case "string" -> "a text";
            case "google.protobuf.Duration" -> "a duration";
            default -> celName.startsWith("list") ? "a list" : celName;
        };
    }

    // ---- syntax

    private void explainSyntax(CelIssue issue, String plain) {
        int at = offset(issue);
        String rest = new String(text, at, text.length - at).stripLeading();
        String before = new String(text, 0, at).strip();
        String word = rest.split("[^A-Za-z_]", 2)[0];
        String previous = before.replaceAll(".*?([A-Za-z_]*)$", "$1");
        Map<String, String> operators = Map.of("and", "&&", "or", "||", "not", "!");
        if (operators.containsKey(word)) {
            problem(at, word.length(), "'" + word + "' is not an operator", write(operators, word));
        } else if (operators.containsKey(previous)) {
            problem(
                    plain.lastIndexOf(previous, at),
                    previous.length(),
                    "'" + previous + "' is not an operator",
                    write(operators, previous));
        } else if (rest.startsWith("=>")) {
            problem(at, 2, "'=>' is not an operator", "Write >=.");
        } else if (rest.startsWith("=")) {
            problem(at, 1, "a single '=' compares nothing", "Write == to compare.");
        } else if (rest.startsWith("&") || rest.startsWith("|")) {
            String twice = rest.substring(0, 1).repeat(2);
            problem(at, 1, "a single '" + rest.charAt(0) + "'", "Write " + twice + ".");
        } else if (rest.startsWith(">") && before.endsWith("<")) {
            problem(at - 1, 2, "'<>' is not an operator", "Write != for not equal.");
        } else if (rest.startsWith("\"") || rest.startsWith("'")) {
            problem(at, rest.length(), "a text without its closing quote", "");
        } else if (rest.isEmpty()) {
            int end = plain.stripTrailing().length();
            boolean open = issue.getMessage().startsWith("missing ')'");
            problem(
                    Math.max(0, open ? end : end - 1),
                    1,
                    open ? "a ')' is missing" : "the expression ends too early",
                    "");
        } else if (word.matches("ms|[smhd]") && previousIsDigit(at)) {
            problem(
                    at,
                    word.length(),
                    "a number has no unit here",
                    "Write a duration as duration(\"10m\"), or name it in 'parameters'.");
        } else {
            String token = rest.split("\\s", 2)[0];
            problem(at, token.length(), "did not expect '" + token + "' here", HOW);
        }
    }

    private static String write(Map<String, String> operators, String word) {
        return word.equals("not")
                ? "Write ! before what it negates, and the whole condition in quotes."
                : "Write " + operators.get(word) + ".";
    }

    private boolean previousIsDigit(int at) {
        return at > 0 && Character.isDigit(text[at - 1]);
    }

    /** Where an issue is; CEL counts lines from 1 and columns from 0. */
    private int offset(CelIssue issue) {
        int line = issue.getSourceLocation().getLine();
        int at = 0;
        for (int seen = 1; seen < line && at < text.length; at++) {
            if (text[at] == '\n') {
                seen++;
            }
        }
        return Math.max(0, Math.min(text.length, at + issue.getSourceLocation().getColumn()));
    }

    static Set<String> functionNames() {
        return FUNCTIONS.keySet().stream().collect(Collectors.toUnmodifiableSet());
    }
}
