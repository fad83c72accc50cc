package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
    @TempDir private Path folder;

    @Test
    void everyColumnIsReadAndEmptyIsUnknown() throws IOException {
        var file =
                write(
                        folder.resolve("all.csv"),
                        """
                        \uFEFFTimestamp,bpm,user,device,steps,activity,rr_intervals_ms,sensor_contact,confidence
                        2026-01-31T08:15:30Z,72.5,ben,watch,3,"a ""brisk"", long walk",832 840,true,0.98
                        2026-01-31 08:15:31,,,,0,,,,
                        """);

        var imported = Imported.of("anna", "ring", "UTC", file);

        assertThat(imported.readings())
                .containsExactly(
                        new Reading(
                                "ben",
                                "watch",
                                1769847330000L,
                                73,
                                3,
                                "a \"brisk\", long walk",
                                new int[] {832, 840},
                                true,
                                0.98),
                        Reading.of("anna", "ring", 1769847331000L, Reading.UNKNOWN, 0));
        assertThat(imported.rejections()).isEmpty();
    }

    @Test
    void aBadLineIsSetAsideWithItsNumberReasonAndText() throws IOException {
        var file =
                write(
                        folder.resolve("bad.csv"),
                        """
                        user_id,timestamp,heart_rate
                        u1,2026-01-31T08:15:30Z,400

                        u1,yesterday,72
                        u1,2026-01-31T08:15:30Z
                        "u1,2026-01-31T08:15:30Z,72
                        u1,2027-01-31T08:15:30Z,72
                        u1,1999-12-31T23:59:59Z,72
                        u1,2026-01-31T08:15:30Z,72
                        """);

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(72);
        assertThat(imported.refused())
                .containsExactly(
                        "2 HEART_RATE_OUT_OF_RANGE",
                        "4 WRONG_TYPE",
                        "5 NOT_CSV",
                        "6 NOT_CSV",
                        "7 FUTURE_TIMESTAMP",
                        "8 TIMESTAMP_TOO_OLD");
        assertThat(imported.rejections().get(0).original())
                .isEqualTo("u1,2026-01-31T08:15:30Z,400");
        assertThat(imported.rejections().get(0).file()).isEqualTo(file.toString());
        assertThat(imported.rejections().get(0).detail()).contains("20 to 300");
    }

    /**
     * Berlin's clocks went from 3:00 to 2:00 on 25 October 2020, and from 2:00 to 3:00 in March.
     */
    @Test
    void wallClockTimesAreOfTheTimeZoneAlsoWhereAnHourComesTwiceOrNever() throws IOException {
        var file =
                write(
                        folder.resolve("berta.hr.csv"),
                        """
                        timestamp,bpm,steps,activity
                        2020-03-29T01:59:59,60,0,lying
                        2020-03-29T02:30:00,61,0,lying
                        2020-03-29T03:00:00,62,0,lying
                        2020-10-25T01:59:00,63,0,lying
                        2020-10-25T02:00:00,64,0,lying
                        2020-10-25T02:59:30,65,0,lying
                        2020-10-25T02:59:30,99,0,lying
                        2020-10-25T02:59:25,98,0,lying
                        2020-10-25T02:00:00,66,0,lying
                        2020-10-25T02:00:30,67,0,lying
                        2020-10-25T02:59:59,68,0,lying
                        2020-10-25T03:00:00,69,0,lying
                        2020-10-25T12:00:00+05:00,70,0,lying
                        """);

        var imported = Imported.of(null, null, "Europe/Berlin", file);

        assertThat(imported.times())
                .containsExactly(
                        "2020-03-29T00:59:59Z",
                        "2020-03-29T01:30:00Z",
                        "2020-03-29T01:00:00Z",
                        "2020-10-24T23:59:00Z",
                        "2020-10-25T00:00:00Z",
                        "2020-10-25T00:59:30Z",
                        "2020-10-25T00:59:30Z",
                        "2020-10-25T00:59:25Z",
                        "2020-10-25T01:00:00Z",
                        "2020-10-25T01:00:30Z",
                        "2020-10-25T01:59:59Z",
                        "2020-10-25T02:00:00Z",
                        "2020-10-25T07:00:00Z");
        assertThat(imported.readings()).extracting(Reading::userId).containsOnly("berta");
    }

    @Test
    void withoutAUserAFileThatNamesNobodyIsSetAsideWithWhatToDo() throws IOException {
        var file = write(folder.resolve("a.csv"), "timestamp,bpm\n2026-01-31T08:15:30Z,72\n");

        var imported = Imported.of(null, null, "UTC", file);

        assertThat(imported.readings()).isEmpty();
        assertThat(imported.rejections()).hasSize(1);
        assertThat(imported.rejections().get(0).detail()).contains("--user");
    }

    /** Not part of the project; where they are not, this is skipped. */
    @ParameterizedTest
    @ValueSource(strings = {"mmash", "fitbit-2016"})
    void realRecordingsAreReadAndWhatIsNoRecordingInTheirFolderIsLeftOut(String set)
            throws IOException {
        var home = Path.of(System.getProperty("hrm.home", "..")).toAbsolutePath().normalize();
        var real = home.resolveSibling("shared").resolve("data").resolve(set);
        assumeTrue(Files.isDirectory(real), () -> "no recordings at ../shared/data/" + set);

        var imported = Imported.of(null, null, "Europe/Rome", real);

        assertThat(imported.unrecognised())
                .singleElement()
                .asString()
                .matches(".*/(events|sleep)\\.csv");
        // Strap faults under 20 and over 300.
        assertThat(imported.rejections())
                .allMatch(one -> one.reason().equals("HEART_RATE_OUT_OF_RANGE"));
        assertThat(imported.rejections().size()).isLessThan(100);
        assertThat(imported.readings().size()).isGreaterThan(100_000);
    }
}
