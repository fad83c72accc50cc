package hrm.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.check.ExampleNotation;
import hrm.patterns.spec.Durations;
import hrm.patterns.spec.Example;
import hrm.patterns.spec.Parameter;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import hrm.patterns.spec.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/catalogue.md} is made of the catalogue; {@code -Dhrm.write=true} writes it. */
class CataloguePageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("hrm.home"), "docs", "catalogue.md");

    /** Columns of a drawing. */
    private static final int WIDTH = 48;

    private static final String LEVELS = "▁▂▃▄▅▆▇█";

    static Iterable<PatternSpec> shipped() {
        return Catalogue.shipped();
    }

    @Test
    void thePageShowsWhatIsShipped() throws IOException {
        var page = page();
        if (Boolean.getBoolean("hrm.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as(
                        "stale; write it anew: mvn -pl cep-patterns -am test"
                                + " -Dtest=CataloguePageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhrm.write=true")
                .isEqualTo(page);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyPatternSaysWhatItMeansAndWhereEachNumberComesFrom(PatternSpec pattern) {
        assertThat(meaning(pattern)).hasSizeGreaterThan(40);
        assertThat(pattern.source()).containsPattern("Chosen by this project|\\(\\d{4}\\)");
        for (var parameter : pattern.parameters().keySet()) {
            // A person or a manual by name, which 'source' has in full, or nobody.
            var from = note(pattern, parameter);
            assertThat(from).as(parameter).containsPattern("chosen by this project|\\b[A-Z]\\w+");
            var name = Pattern.compile("\\b[A-Z]\\w+").matcher(from);
            while (name.find()) {
                assertThat(pattern.source()).as(parameter).contains(name.group());
            }
        }
    }

    private static String page() {
        var page =
                new StringBuilder(
                        """
                        # The catalogue

                        <!-- Written by CataloguePageTest from cep-patterns/catalogue. -->

                        **This is not a medical device.** It diagnoses nothing and replaces no professional judgement; who feels
                        unwell does not wait for an alert.

                        The patterns that ship. Each is a file that a data team changes without a rebuild
                        ([tune.md](tune.md)), in the language of [patterns.md](patterns.md). "Chosen by this project" means that no
                        source says this number: it is a choice, to be tried on your own recordings
                        (`hrm patterns run ID.yaml --data DIR`). `limits.high` and `limits.low` come from the person's profile,
                        else their baseline, else 120 and 40.

                        Drawings show bpm from 30 to 200 over the time of an example, low to high `▁▂▃▄▅▆▇█`; `▲` is when it
                        tells. What an example sets beside bpm stands behind.

                        | pattern | condition | severity | tells of |
                        | --- | --- | --- | --- |
                        """);
        for (var pattern : shipped()) {
            page.append(
                    "| [%s](#%s) | %s | %s | %s |\n"
                            .formatted(
                                    pattern.id(),
                                    pattern.id(),
                                    pattern.condition(),
                                    word(pattern.severity()),
                                    pattern.title()));
        }
        shipped().forEach(pattern -> section(pattern, page));
        return page.toString();
    }

    private static void section(PatternSpec pattern, StringBuilder page) {
        page.append("\n## ").append(pattern.id()).append("\n\n");
        page.append("**").append(pattern.title()).append("**, ").append(pattern.condition());
        page.append(", ").append(word(pattern.severity())).append(". Version ");
        page.append(pattern.version()).append(", ").append(word(pattern.mode())).append(", ");
        page.append(
                pattern.on() == On.MINUTE
                        ? "judges minutes, the median of each.\n\n"
                        : "judges every reading.\n\n");
        page.append(meaning(pattern)).append("\n\n");
        page.append("Tells: \"").append(pattern.message()).append("\"\n\n");
        page.append("It tells when\n\n");
        pattern.sequence().forEach(step -> step(step, page));
        if (pattern.within() != null) {
            page.append("- all within ").append(Durations.format(pattern.within())).append('\n');
        }
        pattern.let()
                .forEach(
                        (name, expression) ->
                                page.append(
                                        "- where `%s` is `%s`\n"
                                                .formatted(name, oneLine(expression))));
        page.append(resolved(pattern));
        page.append("\n| parameter | value | what, and from where |\n| --- | --- | --- |\n");
        pattern.parameters()
                .forEach(
                        (name, value) ->
                                page.append(
                                        "| `%s` | %s | %s |\n"
                                                .formatted(
                                                        name, show(value), note(pattern, name))));
        page.append("\nSource: ").append(oneLine(pattern.source())).append("\n\n```\n");
        pattern.examples().forEach(example -> page.append(drawn(example)));
        page.append("```\n");
    }

    private static void step(Step step, StringBuilder page) {
        var relation = word(step.relation()).replace('_', ' ');
        page.append("- ");
        page.append(step.relation() == Step.Relation.STEP ? "" : relation + " ");
        page.append("**").append(step.name()).append("**: `").append(oneLine(step.where()));
        page.append('`');
        if (step.hold() != null) {
            page.append(" for ").append(Durations.format(step.hold()));
            page.append(", with no pause over ").append(Durations.format(step.maxGap()));
        }
        page.append('\n');
    }

    private static String resolved(PatternSpec pattern) {
        var resolve = pattern.resolve();
        if (resolve == null) {
            return "\nIt is over as it is told; repeats within %s are only counted.\n"
                    .formatted(Durations.format(pattern.clearAfter()));
        }
        return "\nIt is over when `%s` for %s.\n"
                .formatted(oneLine(resolve.where()), Durations.format(resolve.hold()));
    }

    /** The comment at the head of the file. */
    private static String meaning(PatternSpec pattern) {
        return pattern.yaml()
                .lines()
                .takeWhile(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .collect(Collectors.joining("\n"));
    }

    /** The comment beside a parameter. */
    private static String note(PatternSpec pattern, String parameter) {
        var line =
                Pattern.compile("(?m)^  " + parameter + ": [^#\n]*# (.*)$").matcher(pattern.yaml());
        assertThat(line.find()).as("a comment beside " + parameter).isTrue();
        return line.group(1);
    }

    private static String show(Parameter value) {
        if (value instanceof Parameter.Number number) {
            return String.valueOf(number.value()).replaceAll("\\.0$", "");
        }
        return value instanceof Parameter.Span span
                ? Durations.format(span.value())
                : ((Parameter.Text) value).value();
    }

    /** A line of bpm, what else is set, and below it when it tells. */
    private static String drawn(Example example) {
        var readings = ExampleNotation.readings(example.given());
        long end = Math.max(1, readings.get(readings.size() - 1).at().toMillis());
        var columns = new char[WIDTH];
        Arrays.fill(columns, ' ');
        for (var reading : readings) {
            int level = (reading.reading().bpm() - 30) * LEVELS.length() / 170;
            columns[column(reading.at(), end)] =
                    LEVELS.charAt(Math.max(0, Math.min(LEVELS.length() - 1, level)));
        }
        for (int i = 1; i < WIDTH; i++) { // readings lie further apart than columns
            columns[i] = columns[i] == ' ' ? columns[i - 1] : columns[i];
        }
        var marks = new char[WIDTH];
        Arrays.fill(marks, ' ');
        example.expect().forEach(at -> marks[column(at, end)] = '▲');
        var told =
                example.expect().isEmpty()
                        ? "tells nothing"
                        : example.expect().stream()
                                .map(Durations::format)
                                .collect(Collectors.joining(", ", "tells at ", ""));
        return "%s  %s\n%s  %s\n"
                .formatted(new String(columns), example.given(), new String(marks), told);
    }

    private static int column(Duration at, long endMs) {
        return (int) Math.min(WIDTH - 1, at.toMillis() * (WIDTH - 1) / endMs);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
