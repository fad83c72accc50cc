package hrm.functions.judgement;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.flink.Matchers;
import hrm.patterns.spec.PatternSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example in the shipped catalogue, in the detection that judges people. */
class ShippedExamplesTest {
    static List<PatternSpec> shipped() {
        return hrm.patterns.Catalogue.shipped();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void firesWhenItsExamplesSayAndAtNoOtherTime(PatternSpec pattern) {
        var outcomes = ExampleRunner.run(pattern, Matchers::of);

        assertThat(outcomes).hasSizeGreaterThanOrEqualTo(2);
        assertThat(outcomes)
                .allSatisfy(
                        outcome ->
                                assertThat(outcome.fired())
                                        .as(pattern.id() + ": " + outcome.example().given())
                                        .isEqualTo(outcome.example().expect()));
        assertThat(outcomes).anyMatch(outcome -> !outcome.fired().isEmpty());
        assertThat(outcomes).anyMatch(outcome -> outcome.fired().isEmpty());
    }
}
