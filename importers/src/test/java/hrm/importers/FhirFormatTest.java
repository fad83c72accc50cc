package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FhirFormatTest {
    private static final String CODE =
            "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]}";
    private static final String VALUE =
            "\"valueQuantity\":{\"value\":%s,\"unit\":\"beats/minute\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}";
    private static final String TIME = "\"effectiveDateTime\":\"2026-01-31T08:15:30+01:00\"";

    @TempDir private Path folder;

    private static String observation(String... fields) {
        return "{\"resourceType\":\"Observation\",\"status\":\"final\","
                + String.join(",", fields)
                + "}";
    }

    private static String rate(String bpm) {
        return observation(
                CODE, TIME, VALUE.formatted(bpm), "\"subject\":{\"reference\":\"Patient/ben\"}");
    }

    private static String bundle(String... resources) {
        return "{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"searchset\",\n  \"link\": [{\"relation\":\"self\"}],\n  \"entry\": [\n{\"resource\":"
                + String.join("},\n{\"resource\":", resources)
                + "}\n]}\n";
    }

    @Test
    void observationsOfABundleAreReadAndOthersPassed() throws IOException {
        var file =
                write(
                        folder.resolve("bundle.json"),
                        bundle(
                                rate("72"),
                                "{\"resourceType\":\"Patient\",\"id\":\"ben\"}",
                                observation(
                                        CODE.replace("8867-4", "8310-5"),
                                        TIME,
                                        VALUE.formatted("37")),
                                observation(
                                        CODE,
                                        "\"effectiveInstant\":\"2026-01-31T08:15:30.123Z\"",
                                        VALUE.formatted("73.4"),
                                        "\"subject\":{\"reference\":\"https://ehr.example/fhir/Patient/carl/_history/3\"}",
                                        "\"device\":{\"display\":\"Monitor 4\"}"),
                                observation(
                                        CODE,
                                        "\"effectivePeriod\":{\"start\":\"2026-01-31T08:16:00Z\",\"end\":\"2026-01-31T08:17:00Z\"}",
                                        VALUE.formatted("74"))));

        var imported = Imported.of(file);

        assertThat(imported.rejections()).isEmpty();
        assertThat(imported.others()).isEqualTo(2);
        assertThat(imported.readings())
                .containsExactly(
                        reading("ben", "default", 1769843730000L, 72),
                        reading("carl", "Monitor 4", 1769847330123L, 73),
                        reading("anna", "default", 1769847360000L, 74));
    }

    @Test
    void aPanelsComponentAndSampledDataAreRead() throws IOException {
        var panel =
                observation(
                        "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"85353-1\"}]}",
                        TIME,
                        "\"component\":[{"
                                + CODE.replace("8867-4", "9279-1")
                                + ",\"valueQuantity\":{\"value\":14}},{"
                                + CODE
                                + ","
                                + VALUE.formatted("75")
                                + "}]");
        var sampled =
                observation(
                        CODE,
                        TIME,
                        "\"valueSampledData\":{\"origin\":{\"value\":60,\"code\":\"/min\"},\"period\":1000,\"factor\":0.5,\"dimensions\":1,\"data\":\"0 20 E 21 L x 9000\"}");
        var file = write(folder.resolve("bundle.json"), bundle(panel, sampled));

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(75, 60, 70, 71);
        assertThat(imported.times())
                .containsExactly(
                        "2026-01-31T07:15:30Z",
                        "2026-01-31T07:15:30Z",
                        "2026-01-31T07:15:31Z",
                        "2026-01-31T07:15:33Z");
        assertThat(imported.refused()).containsExactly("7 WRONG_TYPE", "7 HEART_RATE_OUT_OF_RANGE");
    }

    @Test
    void linesOfABulkExportAreReadEachByItself() throws IOException {
        var file =
                write(
                        folder.resolve("Observation.ndjson"),
                        String.join(
                                "\n",
                                rate("72"),
                                rate("72").replace("final", "entered-in-error"),
                                rate("72").replace("/min", "/s"),
                                rate("\"72\""),
                                rate("72").replace("valueQuantity", "dataAbsentReason"),
                                rate("500"),
                                rate("72").replace("T08:15:30+01:00", ""),
                                rate("72").replace("effectiveDateTime", "issued"),
                                "{",
                                rate("73")));

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(72, 73);
        assertThat(imported.refused())
                .containsExactly(
                        "2 NOT_A_MEASUREMENT",
                        "3 WRONG_UNIT",
                        "4 WRONG_TYPE",
                        "5 MISSING_FIELD",
                        "6 HEART_RATE_OUT_OF_RANGE",
                        "7 WRONG_TYPE",
                        "8 WRONG_TYPE",
                        "9 NOT_JSON");
    }

    private static Reading reading(String user, String device, long at, int bpm) {
        return Reading.of(user, device, at, bpm, Reading.UNKNOWN);
    }
}
