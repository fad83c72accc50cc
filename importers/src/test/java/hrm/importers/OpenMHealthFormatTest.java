package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenMHealthFormatTest {
    private static final String POINT =
            """
            {"header":{"uuid":"243c773b","schema_id":{"namespace":"omh","name":"heart-rate","version":"2.0"},\
            "source_creation_date_time":"2026-01-31T08:16:00Z","modality":"sensed",\
            "acquisition_provenance":{"source_name":"Strap H10"}},\
            "body":{"heart_rate":{"value":%s,"unit":"beats/min"},\
            "effective_time_frame":{%s},\
            "temporal_relationship_to_physical_activity":"at rest"}}""";

    private static final String MOMENT = "\"date_time\":\"2026-01-31T08:15:30.250+01:00\"";

    @TempDir private Path folder;

    private static String point(String value, String frame) {
        return POINT.formatted(value, frame);
    }

    @Test
    void momentsAndIntervalsOfAnArrayAreRead() throws IOException {
        var file =
                write(
                        folder.resolve("omh.json"),
                        "[\n"
                                + String.join(
                                        ",\n",
                                        point("72", MOMENT),
                                        point(
                                                "73",
                                                "\"time_interval\":{\"start_date_time\":\"2026-01-31T08:16:00Z\",\"end_date_time\":\"2026-01-31T08:17:00Z\"}"),
                                        point(
                                                "74",
                                                "\"time_interval\":{\"end_date_time\":\"2026-01-31T08:17:00Z\",\"duration\":{\"value\":30,\"unit\":\"sec\"}}"),
                                        point("75", "\"date_time\":\"2026-01-31T08:18:00\""))
                                + "]");

        var imported = Imported.of("anna", null, "Europe/Berlin", file);

        assertThat(imported.rejections()).isEmpty();
        assertThat(imported.times())
                .containsExactly(
                        "2026-01-31T07:15:30.250Z",
                        "2026-01-31T08:16:00Z",
                        "2026-01-31T08:16:30Z",
                        "2026-01-31T07:18:00Z");
        assertThat(imported.bpm()).containsExactly(72, 73, 74, 75);
        assertThat(imported.readings())
                .allSatisfy(
                        reading -> {
                            assertThat(reading.userId()).isEqualTo("anna");
                            assertThat(reading.deviceId()).isEqualTo("Strap H10");
                            assertThat(reading.activity()).isEqualTo("at rest");
                            assertThat(reading.steps()).isEqualTo(Reading.UNKNOWN);
                        });
    }

    @Test
    void linesAreReadEachByItselfAndABadOneSpoilsNoOther() throws IOException {
        var file =
                write(
                        folder.resolve("omh.jsonl.gz"),
                        String.join(
                                "\n",
                                point("72", MOMENT),
                                point("72", MOMENT).substring(0, 200),
                                "",
                                point("\"72\"", MOMENT),
                                point("0.5", MOMENT),
                                point("72", "\"date_time\":\"2026-01-31\""),
                                point("72", ""),
                                point("72", MOMENT).replace("beats/min", "beats/s"),
                                point("72", MOMENT)
                                        .replace(
                                                "\"temporal",
                                                "\"descriptive_statistic\":\"maximum\",\"temporal"),
                                point("72", MOMENT).replace("heart-rate", "step-count"),
                                point("73", MOMENT)
                                        .replace(
                                                "\"temporal",
                                                "\"descriptive_statistic\":\"average\",\"temporal")
                                        .replace("\"uuid\"", "\"user_id\":\"ben\",\"uuid\""),
                                "nonsense"));

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(72, 73);
        assertThat(imported.readings()).extracting(Reading::userId).containsExactly("anna", "ben");
        assertThat(imported.refused())
                .containsExactly(
                        "2 NOT_JSON",
                        "4 WRONG_TYPE",
                        "5 HEART_RATE_OUT_OF_RANGE",
                        "6 WRONG_TYPE",
                        "7 WRONG_TYPE",
                        "8 WRONG_UNIT",
                        "9 NOT_A_MEASUREMENT",
                        "12 NOT_JSON");
        assertThat(imported.others()).isEqualTo(1);
        assertThat(imported.rejections().get(7).original()).isEqualTo("nonsense");
    }

    @Test
    void shimmersAnswerIsReadToo() throws IOException {
        var file =
                write(
                        folder.resolve("shimmer.json"),
                        "{\n\"shim\": \"googlefit\", \"timeStamp\": 1, \"body\": [\n"
                                + point("72", MOMENT)
                                + "\n]}");

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(72);
        assertThat(imported.formats()).isEqualTo(Map.of("open-mhealth", 1));
    }
}
