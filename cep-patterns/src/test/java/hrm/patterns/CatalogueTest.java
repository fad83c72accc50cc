package hrm.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.spec.Example;
import hrm.patterns.spec.PatternSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
    static List<PatternSpec> patterns() {
        return Catalogue.shipped();
    }

    static List<Arguments> examples() {
        var examples = new ArrayList<Arguments>();
        for (var spec : Catalogue.shipped()) {
            spec.examples()
                    .forEach(example -> examples.add(Arguments.of(spec.id(), spec, example)));
        }
        return examples;
    }

    @Test
    void everyFileOfTheFolderIsShipped() throws IOException {
        try (var files = Files.list(Path.of("catalogue"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Catalogue.ids().stream().map(id -> id + ".yaml").toList());
        }
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void everyPatternIsFreeOfWarningsCompilesAndSaysWhereItsNumbersComeFrom(PatternSpec spec) {
        assertThat(PatternLoader.load(spec.id() + ".yaml", spec.yaml()).report()).isEmpty();
        assertThat(spec.source()).isNotBlank();
        assertThat(spec.message()).contains("${");
        assertThat(PatternCompiler.compile(spec).longestMemoryMs()).isLessThan(60 * 60 * 1000L);
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void everyPatternShowsWhenItTellsAndWhenItMustNot(PatternSpec spec) {
        assertThat(spec.examples()).anyMatch(example -> !example.expect().isEmpty());
        assertThat(spec.examples()).anyMatch(example -> example.expect().isEmpty());
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("examples")
    void everyExampleHoldsByAPlainReadingOfTheRules(String id, PatternSpec spec, Example example) {
        assertThat(PlainRunner.detections(spec, example.given())).isEqualTo(example.expect());
    }

    @Test
    void anUnknownIdSaysWhatThereIs() {
        assertThatThrownBy(() -> Catalogue.yaml("tachycardia"))
                .hasMessageContaining("resting-tachycardia");
    }
}
