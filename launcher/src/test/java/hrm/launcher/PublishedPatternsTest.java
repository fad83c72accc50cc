package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.PatternVersions.Version;
import hrm.patterns.Catalogue;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Mode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedPatternsTest {
    private static final String QUICK =
            """
            id: quick
            version: 1 # the first
            title: Quick heart
            condition: high
            severity: low
            sequence:
              - step: quick
                where: bpm > 150
            message: "Quick, version: 1"
            source: "a test"
            """;

    static java.util.List<String> shipped() {
        return Catalogue.ids();
    }

    private static PatternSpec spec(String yaml) {
        return PatternLoader.load("quick.yaml", yaml).spec();
    }

    @Test
    void anotherModeChangesTheNumberTheModeAndNothingElse() {
        var off =
                PublishedPatterns.again("quick", new Version(1, Instant.EPOCH, QUICK), 7, Mode.OFF);

        assertThat(off.yaml())
                .isEqualTo(
                        QUICK.replace(
                                "version: 1 # the first\n",
                                "version: 7 # the first\nmode: \"off\"\n"));
        assertThat(
                        PublishedPatterns.again(
                                        "quick",
                                        new Version(7, Instant.EPOCH, off.yaml()),
                                        8,
                                        Mode.SHADOW)
                                .yaml())
                .isEqualTo(off.yaml().replace("7 #", "8 #").replace("\"off\"", "shadow"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedPatternCanBeSwitchedOffAndShadowed(String id) {
        var version = new Version(1, Instant.EPOCH, Catalogue.yaml(id));

        for (var mode : new Mode[] {Mode.OFF, Mode.SHADOW}) {
            var again = PublishedPatterns.again(id, version, 99, mode);
            assertThat(again.mode()).isEqualTo(mode);
            assertThat(again.version()).isEqualTo(99);
        }
        assertThat(PublishedPatterns.again(id, version, 100, null).mode())
                .isEqualTo(Catalogue.pattern(id).mode());
    }

    @Test
    void aTextThatCannotBeEditedHereSaysWhatToDo() {
        var flow = new Version(1, Instant.EPOCH, "{" + QUICK.replace("\n", ",\n") + "}");

        assertThatThrownBy(() -> PublishedPatterns.again("quick", flow, 2, Mode.OFF))
                .isInstanceOf(Failure.class);
    }

    @Test
    void aDiffNamesWhatDiffersAndWhetherTheShapeIsKept() {
        var before = spec(QUICK);
        var threshold =
                spec(QUICK.replace("> 150", "> 140").replace("version: 1 #", "version: 2 #"));
        var held = spec(QUICK.replace("where: bpm > 150", "where: bpm > 150\n    hold: 5m"));

        assertThat(PatternDiff.between(before, threshold).stream().map(PatternDiff.Change::line))
                .containsExactlyInAnyOrder(
                        "step 1.where: bpm > 150 -> bpm > 140", "version: 1 -> 2");
        assertThat(PatternDiff.keepsMatches(before, threshold)).isTrue();
        assertThat(PatternDiff.between(before, held).stream().map(PatternDiff.Change::line))
                .contains("step 1.hold: (none) -> 5m");
        assertThat(PatternDiff.keepsMatches(before, held)).isFalse();
        assertThat(PatternDiff.between(before, before)).isEmpty();
    }

    @Test
    void aDiffShowsParametersAndExamplesAsTheyAreWritten() {
        var changes =
                PatternDiff.between(
                                Catalogue.pattern("sudden-drop"),
                                PatternLoader.load(
                                                "sudden-drop.yaml",
                                                Catalogue.yaml("sudden-drop")
                                                        .replace("drop: 20 ", "drop: 20.5 ")
                                                        .replace("hold: 20s ", "hold: 25s "))
                                        .spec())
                        .stream()
                        .map(PatternDiff.Change::line);

        assertThat(changes).contains("parameters.drop: 20 -> 20.5", "parameters.hold: 20s -> 25s");
    }

    @Test
    void withoutAClusterTheCountIsNotInvented() {
        assertThat(new HalfFinished(null).of("quick").count()).isNull();
        assertThat(new HalfFinished("http://127.0.0.1:1").of("quick").why())
                .contains("does not answer");
    }
}
