package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppleHealthFormatTest {
    /** Broken as in real exports: a declaration opened twice, attributes without a type. */
    private static final String PROLOGUE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE HealthData [
            <!-- HealthKit Export Version: 14 -->
            <!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout)*)>
            <!ATTLIST HealthData
              locale CDATA #REQUIRED
            >
            <!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
            <!ATTLIST Record
              type          CDATA #REQUIRED
              unit          CDATA #IMPLIED
            >
            <!ELEMENT WorkoutEvent EMPTY>
            <!ATTLIST WorkoutEvent
            <!ATTLIST WorkoutEvent
              type                 CDATA #REQUIRED
              date
              duration             CDATA #IMPLIED
            >
            <!ENTITY secret SYSTEM "file:///etc/hostname">
            ]>
            <HealthData locale="de_DE">
             <ExportDate value="2026-11-20 10:00:00 +0100"/>
             <Me HKCharacteristicTypeIdentifierDateOfBirth=""/>
            """;

    /** The line of the first record. */
    private static final int FIRST = 25;

    private static final String DEVICE =
            "device=\"&lt;&lt;HKDevice: 0x283b54d20&gt;, name:Apple Watch, manufacturer:Apple Inc.&gt;\" ";

    @TempDir private Path folder;

    private static String heartRate(String at, String bpm) {
        return record("HeartRate", "Anna\u2019s Apple\u00a0Watch", "count/min", at, at, bpm);
    }

    private static String steps(String source, String from, String to, String count) {
        return record("StepCount", source, "count", from, to, count);
    }

    private static String record(
            String type, String source, String unit, String from, String to, String value) {
        return (" <Record type=\"HKQuantityTypeIdentifier%s\" sourceName=\"%s\" sourceVersion=\"9.1\" "
                        + DEVICE
                        + "unit=\"%s\" creationDate=\"2024-01-31 08:20:00 +0100\" startDate=\"%s\" endDate=\"%s\" value=\"%s\"/>%n")
                .formatted(type, source, unit, from, to, value);
    }

    private Imported imported(String... records) throws IOException {
        return Imported.of(
                write(
                        folder.resolve("export.xml"),
                        PROLOGUE + String.join("", records) + "</HealthData>\n"));
    }

    @Test
    void recordsAreReadWithTheirOffsetAlsoOverTheEndOfSummerTime() throws IOException {
        var imported =
                imported(
                        heartRate("2024-10-27 02:30:00 +0200", "61"),
                        heartRate("2024-10-27 02:30:00 +0100", "62.5"),
                        record(
                                "BodyMass",
                                "Scale",
                                "kg",
                                "2024-10-27 02:30:00 +0100",
                                "2024-10-27 02:30:00 +0100",
                                "70"),
                        heartRate("2024-07-01 12:00:00 -0330", "63"),
                        heartRate("2024-07-01 12:00:00 +0545", "64"));

        assertThat(imported.times())
                .containsExactly(
                        "2024-10-27T00:30:00Z",
                        "2024-10-27T01:30:00Z",
                        "2024-07-01T15:30:00Z",
                        "2024-07-01T06:15:00Z");
        assertThat(imported.bpm()).containsExactly(61, 63, 63, 64);
        assertThat(imported.readings())
                .extracting(Reading::deviceId)
                .containsOnly("Anna\u2019s Apple\u00a0Watch");
        assertThat(imported.rejections()).isEmpty();
        assertThat(imported.others()).isEqualTo(1);
    }

    @Test
    void theMotionContextIsTheActivity() throws IOException {
        var open = heartRate("2024-01-31 08:15:30 +0100", "72").replace("/>", ">");
        var imported =
                imported(
                        open
                                + "  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" value=\"1\"/>\n </Record>\n",
                        open + "  <MetadataEntry key=\"Other\" value=\"2\"/>\n </Record>\n");

        assertThat(imported.readings())
                .extracting(Reading::activity)
                .containsExactly("sedentary", null);
    }

    @Test
    void stepsBehindTheHeartRatesAreSpreadOverTheirMinutesAndOfTwoCountersTheGreatestCounts()
            throws IOException {
        var imported =
                imported(
                        heartRate("2024-01-31 08:13:00 +0100", "60"),
                        heartRate("2024-01-31 08:15:30 +0100", "72"),
                        heartRate("2024-01-31 08:16:30 +0100", "73"),
                        heartRate("2024-01-31 08:17:30 +0100", "74"),
                        heartRate("2024-01-31 08:30:00 +0100", "75"),
                        heartRate("2024-01-31 09:00:30 +0100", "76"),
                        heartRate("2024-02-02 09:00:30 +0100", "77"),
                        steps(
                                "Phone",
                                "2024-01-31 08:15:30 +0100",
                                "2024-01-31 08:17:30 +0100",
                                "100"),
                        steps(
                                "Watch",
                                "2024-01-31 08:16:00 +0100",
                                "2024-01-31 08:17:00 +0100",
                                "60"),
                        steps(
                                "Watch",
                                "2024-01-31 08:16:10 +0100",
                                "2024-01-31 08:16:20 +0100",
                                "5"),
                        steps(
                                "Phone",
                                "2024-01-31 09:00:00 +0100",
                                "2024-01-31 09:00:10 +0100",
                                "9"),
                        steps(
                                "Phone",
                                "2024-01-31 06:00:00 +0100",
                                "2024-01-31 23:00:00 +0100",
                                "9000"),
                        steps(
                                "Phone",
                                "2024-01-31 09:10:00 +0100",
                                "2024-01-31 09:09:00 +0100",
                                "9"));

        assertThat(imported.steps())
                .containsExactly(Reading.UNKNOWN, 25, 65, 25, 0, 9, Reading.UNKNOWN);
        assertThat(imported.rejections())
                .extracting(FileRejection::reason)
                .containsExactly("LONG_STEPS", "STEPS_OUT_OF_RANGE");
    }

    @Test
    void whatIsNotWellFormedSpoilsItsLineAlone() throws IOException {
        var imported =
                imported(
                        heartRate("2024-01-31 08:15:30 +0100", "70"),
                        heartRate("2024-01-31 08:15:31 +0100", "71").replace("unit=", "unit"),
                        heartRate("2024-01-31 08:15:32 +0100", "72"),
                        " <Workout name=\"a & b\">\n",
                        heartRate("2024-01-31 08:15:33 +0100", "73"),
                        heartRate("2024-01-31 08:15:34 +0100", "&secret;"),
                        heartRate("2024-01-31 08:15:35 +0100", "75"),
                        heartRate("2024-01-31 08:15:36 +0100", "400"),
                        heartRate("yesterday", "76"),
                        heartRate("2024-01-31 08:15:37 +0100", "fast"),
                        heartRate("2024-01-31 08:15:38 +0100", "1.2")
                                .replace("count/min", "count/s"),
                        heartRate("2024-01-31 08:15:39 +0100", "79"));

        assertThat(imported.bpm()).containsExactly(70, 72, 73, 75, 79);
        assertThat(imported.refused())
                .containsExactly(
                        FIRST + 1 + " NOT_XML",
                        FIRST + 3 + " NOT_XML",
                        FIRST + 5 + " WRONG_TYPE",
                        FIRST + 7 + " HEART_RATE_OUT_OF_RANGE",
                        FIRST + 8 + " WRONG_TYPE",
                        FIRST + 9 + " WRONG_TYPE",
                        FIRST + 10 + " WRONG_UNIT");
        assertThat(imported.rejections().get(0).original()).contains("08:15:31").contains("unit\"");
        assertThat(imported.rejections().get(3).original()).contains("value=\"400\"");
    }

    @Test
    void noEntityIsFollowedOutOfTheFile() throws IOException {
        var imported =
                imported(heartRate("&secret;", "70"), heartRate("2024-01-31 08:15:30 +0100", "70"));

        assertThat(imported.readings()).hasSize(1);
        var host = Path.of("/etc/hostname");
        if (Files.isReadable(host) && !Files.readString(host).isBlank()) {
            assertThat(imported.rejections().toString())
                    .doesNotContain(Files.readString(host).strip());
        }
    }

    @Test
    void aFileThatEndsInTheMiddleGivesWhatItHas() throws IOException {
        var whole =
                PROLOGUE
                        + heartRate("2024-01-31 08:15:30 +0100", "70")
                        + heartRate("2024-01-31 08:15:31 +0100", "71");
        var file = write(folder.resolve("export.xml"), whole.substring(0, whole.length() - 30));

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(70);
        assertThat(imported.refused()).containsExactly(FIRST + 1 + " CUT_OFF");
    }

    /** Longer than any buffer, so that a mistake falls on their edges as well. */
    @Test
    void manyMistakesInALongFileAreEachToldAndNothingElseIsLost() throws IOException {
        var text = new StringBuilder(PROLOGUE);
        int records = 5_000;
        for (int i = 0; i < records; i++) {
            var record =
                    heartRate(
                            "2024-01-31 %02d:%02d:%02d +0100"
                                    .formatted(i / 3600, i / 60 % 60, i % 60),
                            Integer.toString(60 + i % 7));
            text.append(i % 97 == 50 ? record.replace("value=", "value=<") : record);
        }
        var file = write(folder.resolve("export.xml"), text.append("</HealthData>").toString());

        var imported = Imported.of(file);

        int broken = (records - 50 + 96) / 97;
        assertThat(imported.rejections()).hasSize(broken);
        assertThat(imported.readings()).hasSize(records - broken);
        assertThat(imported.rejections())
                .allSatisfy(
                        one -> {
                            assertThat(one.reason()).isEqualTo("NOT_XML");
                            assertThat((one.line() - FIRST) % 97).isEqualTo(50);
                            assertThat(one.original()).contains("value=<");
                        });
    }

    @Test
    void theZipArchiveIsReadAsItComesAndWhatElseIsInItIsLeftOut() throws IOException {
        var zip =
                Imported.zip(
                        folder.resolve("export.zip"),
                        Map.of(
                                "apple_health_export/export.xml",
                                PROLOGUE
                                        + heartRate("2024-01-31 08:15:30 +0100", "70")
                                        + "</HealthData>",
                                "apple_health_export/export_cda.xml",
                                "<?xml version=\"1.0\"?><ClinicalDocument/>",
                                "apple_health_export/workout-routes/route.gpx",
                                "<gpx/>"));

        var imported = Imported.of(zip);

        assertThat(imported.bpm()).containsExactly(70);
        assertThat(imported.formats()).isEqualTo(Map.of("apple-health", 1));
        assertThat(imported.unrecognised()).hasSize(2);
    }
}
