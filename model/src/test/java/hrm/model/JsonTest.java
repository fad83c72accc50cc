package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    static Stream<Record> messages() {
        return Stream.of(
                Samples.alert(),
                Samples.sparseAlert(),
                Samples.baselines(),
                Samples.profiles(),
                Samples.patterns(),
                Samples.reevaluation(),
                Samples.correction(),
                Samples.patternRejection());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageIsReadBackAsItWasWritten(Record message) {
        var json = Json.write(message);
        var read = Json.read(json, message.getClass());
        assertThat(read).isEqualTo(message);
        assertThat(Json.write(read)).isEqualTo(json);
    }

    @Test
    void anAlertIsWrittenInTheOrderAndTheWordsOfTheContract() {
        assertThat(new String(Json.write(Samples.sparseAlert()), UTF_8))
                .startsWith("{\"schema_version\":1,\"event_id\":\"")
                .contains(
                        "\"state\":\"OPENED\"",
                        "\"severity\":\"info\"",
                        "\"mode\":\"shadow\"",
                        "\"onset\":\"2026-01-31T08:15:30.500Z\"",
                        "\"explanation\":{\"steps\":[{\"step\":\"stuck\",")
                .doesNotContain("null", "resolved_at", "limit");
    }

    @Test
    void timeZonesAreNames() {
        assertThat(new String(Json.write(Samples.profiles()), UTF_8))
                .contains("\"time_zone\":\"Europe/Berlin\"", "\"time_zone\":\"Z\"");
    }

    @Test
    void versionsComeOldestFirstHoweverTheyWereGiven() {
        assertThat(Samples.baselines().versions())
                .extracting(Baseline::runId)
                .containsExactly("run-6", "run-7");
        assertThat(Samples.profiles().versions())
                .extracting(UserProfile::effectiveFrom)
                .containsExactly(Instant.EPOCH, Samples.ONSET, Samples.ONSET.plusSeconds(1));
        assertThat(Samples.patterns().versions())
                .extracting(PatternVersions.Version::version)
                .containsExactly(1, 2);
        var json =
                "{\"user_id\":\"u1\",\"versions\":[{\"effective_from\":\"2026-01-02T00:00:00Z\","
                        + "\"time_zone\":\"Z\"},{\"effective_from\":\"2026-01-01T00:00:00Z\","
                        + "\"time_zone\":\"Z\"}]}";
        assertThat(Json.read(json.getBytes(UTF_8), UserProfiles.class).versions())
                .extracting(UserProfile::effectiveFrom)
                .isSorted();
    }

    @Test
    void anOlderReaderUnderstandsANewerWriter() {
        var json = new String(Json.write(Samples.reevaluation()), UTF_8);
        var newer = json.replace("{", "{\"since\":{\"x\":[1]},");
        assertThat(Json.read(newer.getBytes(UTF_8), Reevaluation.class))
                .isEqualTo(Samples.reevaluation());
    }

    @Test
    void unknownNumbersAreNoNaNInJson() {
        var alert = Samples.alert();
        var evidence = alert.explanation().steps().get(0);
        var unknown =
                new Alert.StepEvidence(
                        evidence.step(),
                        evidence.from(),
                        evidence.to(),
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        evidence.count());
        assertThat(new String(Json.write(unknown), UTF_8)).doesNotContain("bpm");
        var baseline =
                new Baseline(
                        "u1",
                        "r",
                        Instant.EPOCH,
                        Baseline.State.INSUFFICIENT,
                        Double.NaN,
                        List.of(),
                        0,
                        0,
                        28);
        assertThat(baseline.restingBpm()).isNull();
        assertThatThrownBy(() -> new Baseline.Cell(0, true, 0, 1, Double.NaN, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"user_id\":\"secret-17\"}",
                "{\"user_id\":\"secret-17\",\"versions\":[{\"effective_from\":\"secret-17\"}]}",
                "{\"user_id\":\"u\",\"versions\":[]} secret-17",
                "{\"versions\":[{\"effective_from\":\"2026-01-02T00:00:00Z\","
                        + "\"time_zone\":\"secret-17\"}]}"
            })
    void whatCannotBeReadIsRefusedWithoutSayingWhatItHeld(String json) {
        assertThatThrownBy(() -> Json.read(json.getBytes(UTF_8), UserProfiles.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("not the JSON of UserProfiles")
                .hasStackTraceContaining("UserProfiles")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret-17"));
    }

    @Test
    void theErrorSaysWhere() {
        assertThatThrownBy(
                        () ->
                                Json.read(
                                        "{\"versions\":[{},\n{\"limit_high\":\"x\"}]}"
                                                .getBytes(UTF_8),
                                        UserProfiles.class))
                .hasMessageContaining("versions.[1].limit_high at line 2, column 15");
        assertThatThrownBy(() -> Json.read(null, UserProfiles.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("tombstone");
    }

    private static String stackTrace(Throwable e) {
        var out = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(out));
        return out.toString();
    }
}
