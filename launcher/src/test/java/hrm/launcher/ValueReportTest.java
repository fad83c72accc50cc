package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.flink.Matchers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ValueReportTest {
    private static final long NINE = Instant.parse("2026-01-31T09:00:00Z").toEpochMilli();

    private static Map<String, ValueReport.Row> report(Reference reference, Reading... readings) {
        return new ValueReport(reference, List.of(readings))
                .rows().stream().collect(Collectors.toMap(ValueReport.Row::name, row -> row));
    }

    private static Reference baseline(Baseline.State state, List<Baseline.Cell> cells) {
        var reference = new Reference();
        reference.baselines(
                new Baselines(
                        "anna",
                        List.of(
                                new Baseline(
                                        "anna",
                                        "r1",
                                        Instant.EPOCH,
                                        state,
                                        null,
                                        cells,
                                        3,
                                        5_000,
                                        28))));
        return reference;
    }

    @Test
    void everyNameHasAValueOrAReason() {
        var rows = report(new Reference(), Reading.of("anna", "watch", NINE, 72, Reading.UNKNOWN));

        assertThat(rows).containsOnlyKeys(Name.byText().keySet());
        assertThat(rows.values()).allSatisfy(row -> assertThat(row.source()).isNotBlank());
        assertThat(rows.get("steps").source()).contains("sent no steps");
        assertThat(rows.get("at_rest").source())
                .isEqualTo("no steps reported in the last 5 minutes");
        assertThat(rows.get("gap").source()).startsWith("no reading before");
        assertThat(rows.get("jump.score").source()).startsWith("fewer than 4 values");
        assertThat(rows.get("baseline.p50").source()).contains("no baseline yet (LEARNING)");
        assertThat(rows.get("limits.high").source()).startsWith("the general limits");
    }

    @Test
    void aBaselineThatIsNoneSaysWhy() {
        var still = Reading.of("anna", "watch", NINE, 72, 0);
        var learning = report(baseline(Baseline.State.LEARNING, List.of()), still);
        var ready = report(baseline(Baseline.State.READY, List.of()), still);
        var walking =
                report(
                        baseline(Baseline.State.READY, List.of()),
                        Reading.of("anna", "watch", NINE, 72, 20));

        assertThat(learning.get("baseline.state").text()).isEqualTo("'LEARNING'");
        assertThat(learning.get("deviation.score").source())
                .contains("the baseline of run r1 is LEARNING, from 3 usable days");
        assertThat(ready.get("at_rest").source()).contains("less than 12 minutes ago");
        assertThat(ready.get("baseline.p50").source()).startsWith("at_rest is unknown");
        assertThat(ready.get("baseline.resting").source()).startsWith("no night");
        assertThat(walking.get("baseline.p50").source())
                .isEqualTo("the baseline has too few readings active from 09 to 12 h");
    }

    /** Of generated days. */
    @Test
    void itSeesWhatPatternsSeeInTheStream() {
        long seed = Long.getLong("hrm.seed", System.nanoTime() % 1_000_000);
        var random = new Random(seed);
        var file = PatternFile.shipped().resolve("resting-tachycardia.yaml");
        var catalogue =
                Catalogue.of(PatternFile.read(List.of(file)).get(0).loaded().spec(), Matchers::of);
        var reference =
                baseline(
                        Baseline.State.READY,
                        List.of(new Baseline.Cell(3, true, 1_000, 55, 70, 92, 2.5)));
        for (int day = 0; day < 20; day++) {
            var readings = new ArrayList<Reading>();
            long at = NINE;
            for (int i = 0; i < 300; i++) {
                at += 1 + random.nextInt(random.nextInt(20) == 0 ? 600_000 : 20_000);
                int bpm = random.nextInt(10) == 0 ? Reading.UNKNOWN : 60 + random.nextInt(30);
                int steps = random.nextInt(3) == 0 ? Reading.UNKNOWN : random.nextInt(2) * 9;
                readings.add(Reading.of("anna", "watch", at, bpm, steps));
            }
            var seen = new String[1];
            var judgement = new Judgement();
            var state = new UserState();
            for (var reading : readings) {
                judgement.judge(
                        state,
                        reference,
                        reading,
                        catalogue,
                        (values, start, end) -> seen[0] = start == end ? all(values) : seen[0]);
            }

            assertThat(all(Judgement.values(reference, readings)))
                    .as("-Dhrm.seed=" + seed)
                    .isEqualTo(seen[0]);
        }
    }

    private static String all(Values values) {
        var text = new StringBuilder();
        for (var name : Name.values()) {
            text.append(name).append(' ');
            text.append(name.type() == Name.Type.TEXT ? values.text(name) : values.get(name));
            text.append('\n');
        }
        return text.toString();
    }
}
