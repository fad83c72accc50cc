package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitbitFormatTest {
    @TempDir private Path folder;

    private static final String HEART_RATE =
            """
            [{
              "dateTime" : "01/31/24 08:15:02",
              "value" : {
                "bpm" : 72,
                "confidence" : 3
              }
            },{
              "dateTime" : "01/31/24 08:15:17",
              "value" : {
                "bpm" : 74,
                "confidence" : 0
              }
            },{
              "dateTime" : "01/31/24 08:17:00",
              "value" : {
                "bpm" : 75
              }
            }]
            """;

    private static final String STEPS =
            """
            [{"dateTime":"01/31/24 08:15:00","value":"12"},
             {"dateTime":"01/31/24 08:16:00","value":"0"},
             {"dateTime":"01/31/24 08:16:00","value":"oops"},
             {"dateTime":"01/31/24 08:14:00","value":7}]
            """;

    @Test
    void stepsOfTheMinuteStandOnItsReadingsAndConfidenceIsAShare() throws IOException {
        var zip =
                Imported.zip(
                        folder.resolve("fitbit.zip"),
                        Map.of(
                                "Takeout/Fitbit/Global Export Data/heart_rate-2024-01-31.json",
                                HEART_RATE,
                                // Behind them by its name.
                                "Takeout/Fitbit/Global Export Data/steps-2024-01-24.json",
                                STEPS,
                                "Takeout/Fitbit/Global Export Data/sleep-2024-01-31.json",
                                "[]",
                                "README.txt",
                                "hello"));

        var imported = Imported.of(zip);

        assertThat(imported.readings())
                .containsExactly(
                        reading(1706688902000L, 72, 12, 1.0),
                        reading(1706688917000L, 74, 12, 0.0),
                        reading(1706689020000L, 75, Reading.UNKNOWN, Double.NaN));
        assertThat(imported.refused()).containsExactly("3 WRONG_TYPE");
        assertThat(imported.rejections().get(0).file())
                .endsWith("fitbit.zip!/Takeout/Fitbit/Global Export Data/steps-2024-01-24.json");
        assertThat(imported.rejections().get(0).original()).contains("oops");
        assertThat(imported.unrecognised()).hasSize(2);
        assertThat(imported.formats()).isEqualTo(Map.of("fitbit", 2));
    }

    @Test
    void whatIsOutOfRangeOrLacksAFieldIsSetAsideAndTheRestIsRead() throws IOException {
        var file =
                write(
                        folder.resolve("heart_rate-2024-01-31.json"),
                        """
                        [{"dateTime":"01/31/24 08:15:02","value":{"bpm":0,"confidence":0}},
                        {"dateTime":"31/01/24 08:15:02","value":{"bpm":70,"confidence":0}},
                        {"dateTime":"02/30/24 08:15:02","value":{"bpm":70,"confidence":0}},
                        {"value":{"bpm":70,"confidence":0}},
                        {"dateTime":"01/31/24 08:15:03","value":{"confidence":1}},
                        {"dateTime":"01/31/24 08:15:04","value":{"bpm":"x"}},
                        17,
                        {"dateTime":"01/31/24 08:15:05","value":{"bpm":71,"confidence":7}},
                        {"dateTime":"01/31/24 08:15:06","value":{"bpm":72,"confidence":1}}]
                        """);

        var imported = Imported.of(file);

        assertThat(imported.bpm()).containsExactly(72);
        assertThat(imported.refused())
                .containsExactly(
                        "1 HEART_RATE_OUT_OF_RANGE",
                        "2 WRONG_TYPE",
                        "3 WRONG_TYPE",
                        "4 MISSING_FIELD",
                        "5 MISSING_FIELD",
                        "6 WRONG_TYPE",
                        "7 MISSING_FIELD",
                        "8 CONFIDENCE_OUT_OF_RANGE");
    }

    @Test
    void aFileThatEndsInTheMiddleGivesWhatItHasAndTheNextIsRead() throws IOException {
        write(
                folder.resolve("heart_rate-2024-01-31.json"),
                HEART_RATE.substring(0, HEART_RATE.indexOf("08:17:00") - 5));
        write(folder.resolve("heart_rate-2024-02-01.json"), HEART_RATE.replace("01/31", "02/01"));
        write(folder.resolve("heart_rate-2024-02-02.json"), HEART_RATE.replace("74,", "74 74"));

        var imported = Imported.of(folder);

        assertThat(imported.bpm()).containsExactly(72, 74, 72, 74, 75, 72);
        assertThat(imported.rejections())
                .extracting(FileRejection::reason)
                .containsExactly("CUT_OFF", "NOT_JSON");
        assertThat(imported.rejections().get(0).line()).isEqualTo(14);
    }

    private static Reading reading(long at, int bpm, int steps, double confidence) {
        return new Reading("anna", "fitbit", at, bpm, steps, null, null, null, confidence);
    }
}
