package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.PatternVersions;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.flink.Matchers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttackPlanTest {
    private static final int SECONDS = 5 * AttackPlan.CYCLE + 30;
    private final AttackPlan plan = new AttackPlan(1_000, 1_772_438_400_123L);

    @ParameterizedTest
    @CsvSource({"0, 11", "1, 11", "17, 10", "63, 9", "64, 11", "999, 10"})
    void theShippedPatternsTellExactlyWhatThePlanSays(int person, int decisions)
            throws IOException {
        var expected = new ArrayList<Decision>();
        var told = new ArrayList<Decision>();
        var judgement = new Judgement();
        var state = new UserState();
        var catalogue = shipped();
        for (long second = 0; second < SECONDS; second++) {
            var reading = plan.reading(second, person);
            var decided = plan.decides(second, person);
            if (decided != null) {
                expected.add(new Decision(reading.userId(), reading.timestampMs(), decided));
            }
            judgement.judge(state, new Reference(), reading, catalogue).alerts().stream()
                    .map(Decision::of)
                    .forEach(told::add);
        }

        assertThat(told).isEqualTo(expected).hasSize(decisions);
    }

    private static Catalogue shipped() throws IOException {
        var catalogue = Catalogue.EMPTY;
        var folder = Path.of(System.getProperty("hrm.home"), "cep-patterns/catalogue");
        try (var files = Files.list(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                var yaml = Files.readString(file);
                var spec = PatternLoader.load(file.toString(), yaml).spec();
                var version = new PatternVersions.Version(spec.version(), Instant.EPOCH, yaml);
                catalogue =
                        catalogue
                                .with(
                                        new PatternVersions(spec.id(), List.of(version)),
                                        Matchers::of)
                                .catalogue();
            }
        }
        return catalogue;
    }
}
