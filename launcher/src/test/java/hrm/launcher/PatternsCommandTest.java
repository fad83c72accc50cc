package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PatternsCommandTest {
    private static final String FINE =
            """
            id: quick
            version: 1
            title: Quick heart
            condition: high
            severity: low
            sequence:
              - step: quick
                where: bpm > 150
                hold: 2m
            resolve: { where: bpm < 140 }
            message: "Above 150"
            source: "a test"
            examples:
              - given: "0m..4m/30s bpm=160"
                expect: [2m]
            """;

    @TempDir Path folder;

    private String file;

    @BeforeEach
    void writeFile() throws IOException {
        file = write(FINE);
    }

    private String write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("quick.yaml"), yaml).toString();
    }

    private static JsonNode json(Cli cli) {
        return Json.read(cli.out().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    // ---- validate

    @Test
    void everyShippedPatternIsFine() {
        var cli = Cli.hrm("patterns", "validate", PatternFile.shipped().toString());

        assertThat(cli.out()).contains("resting-tachycardia.yaml: fine");
        assertThat(cli.code()).isZero();
    }

    static List<Arguments> mistakes() {
        return List.of(
                Arguments.of("bpm > 150", "bmp > 150", 8, 12, "bpm"),
                Arguments.of("bpm > 150", "bpm > 'fast'", 8, 16, ""),
                Arguments.of("severity: low", "severty: low", 5, 1, "severity"),
                Arguments.of("hold: 2m", "hold: -2m", 9, 11, "2m"),
                Arguments.of(
                        "    hold: 2m",
                        "    hold: 2m\n  - followed_by: quick\n    where: bpm > 1\n    within: 1m",
                        10,
                        18,
                        ""),
                Arguments.of("title: Quick heart", "title: \"Quick heart", 11, 0, ""));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsShownWithItsPlaceACaretAndASuggestion(
            String right, String wrong, int line, int column, String suggested) throws IOException {
        var cli = Cli.hrm("patterns", "validate", write(FINE.replace(right, wrong)));

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out())
                .containsPattern("quick\\.yaml:\\d+:\\d+: ")
                .containsPattern("(?m)^ +\\| +\\^+$");
        var findings = json(Cli.hrm("patterns", "validate", "--output", "json", file));
        var finding = findings.path("files").path(0).path("findings").path(0);
        assertThat(finding.path("line").asInt()).isEqualTo(line);
        if (column > 0) {
            assertThat(finding.path("column").asInt()).isEqualTo(column);
        }
        assertThat(finding.path("suggestion").asText()).isNotEmpty().contains(suggested);
        assertThat(findings.path("files").path(0).path("fine").asBoolean()).isFalse();
    }

    @Test
    void wholeAndFractionalNumbersAreBothFine() throws IOException {
        assertThat(Cli.hrm("patterns", "validate", file).code()).isZero();
        var fractional = write(FINE.replace("bpm > 150", "bpm > 150.5"));
        assertThat(Cli.hrm("patterns", "validate", fractional).code()).isZero();
    }

    @Test
    void allFilesAreCheckedAndOneBrokenFileFailsTheCommand() throws IOException {
        var other = folder.resolve("other.yml");
        Files.writeString(other, FINE.replace("id: quick", "id: other").replace("bpm <", "bpn <"));

        var cli = Cli.hrm("patterns", "validate", folder.toString());

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out())
                .contains("quick.yaml: fine")
                .contains("other.yml: 1 error")
                .contains("2 files, 1 with errors");
    }

    @Test
    void aFileThatIsNotThereIsAnErrorForPeople() {
        var cli = Cli.hrm("patterns", "validate", "nowhere.yaml");

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err().strip()).isEqualTo("nowhere.yaml: there is no such file");
        assertThat(Cli.hrm("patterns", "validate", folder.resolve("").toString()).code()).isZero();
    }

    @Test
    void aFileThatIsNotTextIsAnErrorForPeople() throws IOException {
        Files.write(folder.resolve("quick.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThat(Cli.hrm("patterns", "validate", file).err()).contains("not UTF-8");
    }

    // ---- test

    @Test
    void examplesRunWithATimeline() {
        var cli = Cli.hrm("patterns", "test", file);

        assertThat(cli.code()).isZero();
        assertThat(cli.out())
                .contains("ok   1. 0m..4m/30s bpm=160")
                .containsPattern("expect +\\^ +2m")
                .containsPattern("fired +\\^ +2m")
                .contains("1 example, all as expected");
    }

    @Test
    void anExampleThatFailsIsShownAndFailsTheCommand() throws IOException {
        var cli = Cli.hrm("patterns", "test", write(FINE.replace("[2m]", "[3m]")));

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out())
                .contains("FAIL 1.")
                .containsPattern("expect +\\^ +3m")
                .containsPattern("fired +\\^ +2m")
                .contains("1 example, 1 not as expected");
        var json = json(Cli.hrm("patterns", "test", "-o", "json", file)).path(0);
        assertThat(json.path("ok").asBoolean()).isFalse();
        assertThat(json.path("expected").toString()).isEqualTo("[\"3m\"]");
        assertThat(json.path("fired").toString()).isEqualTo("[\"2m\"]");
    }

    @Test
    void aFileWithErrorsIsNotTested() throws IOException {
        var cli = Cli.hrm("patterns", "test", write(FINE.replace("bpm > 150", "bmp > 150")));

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains("unknown name 'bmp'");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void everyShippedPatternDoesAsItsExamplesSay() {
        var cli = Cli.hrm("patterns", "test", PatternFile.shipped().toString());

        assertThat(cli.out()).doesNotContain("FAIL").contains("all as expected");
        assertThat(cli.code()).isZero();
    }

    // ---- list

    @Test
    void listNamesTheShippedPatterns() {
        var cli = Cli.hrm("patterns", "list");

        assertThat(cli.code()).isZero();
        assertThat(cli.out().lines().findFirst().orElseThrow())
                .startsWith("ID")
                .contains("VERSION", "MODE", "SEVERITY", "CONDITION", "TITLE");
        assertThat(cli.out()).contains("resting-tachycardia");
    }

    @Test
    void listOfAFolderIsAlsoJson() {
        var item = json(Cli.hrm("patterns", "list", "--output", "json", folder.toString())).path(0);

        assertThat(item.path("id").asText()).isEqualTo("quick");
        assertThat(item.path("severity").asText()).isEqualTo("low");
        assertThat(item.path("mode").asText()).isEqualTo("live");
        assertThat(item.path("version").asInt()).isEqualTo(1);
    }

    // ---- new

    @Test
    void aNewFileIsFineAndPassesItsExamplesAsItStands() {
        var cli = Cli.hrm("patterns", "new", "after-coffee", "--folder", folder.toString());

        assertThat(cli.code()).isZero();
        var written = folder.resolve("after-coffee.yaml").toString();
        var checked = json(Cli.hrm("patterns", "validate", "-o", "json", written));
        assertThat(checked.path("files").path(0).path("findings").isEmpty())
                .as("not even a warning")
                .isTrue();
        assertThat(Cli.hrm("patterns", "test", written).code()).isZero();
    }

    @Test
    void newNeverOverwrites() throws IOException {
        var cli = Cli.hrm("patterns", "new", "quick", "--folder", folder.toString());

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains("is there already");
        assertThat(Files.readString(Path.of(file))).isEqualTo(FINE);
    }

    @Test
    void newRefusesAnIdThatIsNone() {
        var cli = Cli.hrm("patterns", "new", "After Coffee", "--folder", folder.toString());

        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("after-coffee");
        assertThat(folder.resolve("After Coffee.yaml")).doesNotExist();
    }

    // ---- run

    private Path csv(String name, Map<String, Integer> stretches) throws IOException {
        var text = new StringBuilder("timestamp,bpm,steps,activity\n");
        stretches.forEach(
                (time, bpm) ->
                        text.append("2026-01-31T")
                                .append(time)
                                .append(',')
                                .append(bpm)
                                .append(",0,\n"));
        return Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, Integer> every30Seconds(int from, int count, int bpm) {
        var readings = new java.util.LinkedHashMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            int seconds = from + 30 * i;
            readings.put("08:%02d:%02d".formatted(seconds / 60, seconds % 60), bpm);
        }
        return readings;
    }

    @Test
    void runPrintsAlertsAndTheNearestMisses() throws IOException {
        var readings = every30Seconds(0, 8, 160); // held for 3m30s: an alert
        readings.putAll(every30Seconds(300, 4, 100));
        readings.putAll(every30Seconds(600, 4, 155)); // held for 1m30s: a miss
        readings.putAll(every30Seconds(720, 4, 149));
        csv("u3.hr.csv", readings);
        csv("u4.hr.csv", every30Seconds(0, 10, 80));

        var cli = Cli.hrm("patterns", "run", file, "--data", folder.toString());

        assertThat(cli.err()).isEmpty();
        assertThat(cli.code()).isZero();
        assertThat(cli.out())
                .contains("quick on 30 readings: 1 alert")
                .containsPattern("2026-01-31 08:02:00 +u3 +LOW +Above 150 \\(bpm 160, ")
                .contains("u3 2026-01-31 08:10:00: held 1m30s of 2m, then bpm 149 > 150")
                .contains("u4 2026-01-31 08:00:00: bpm 80 > 150 was not true by 70");
    }

    @Test
    void runOfOnePersonIsAlsoJson() throws IOException {
        csv("u3.hr.csv", every30Seconds(0, 8, 160));
        csv("u4.hr.csv", every30Seconds(0, 8, 160));

        var json =
                json(
                        Cli.hrm(
                                "patterns",
                                "run",
                                file,
                                "--data",
                                folder.toString(),
                                "--user",
                                "u4",
                                "-o",
                                "json"));

        assertThat(json.path("readings").asInt()).isEqualTo(8);
        assertThat(json.path("alerts").findValuesAsText("user_id")).containsExactly("u4");
        assertThat(json.path("alerts").findValuesAsText("detected_at"))
                .containsExactly("2026-01-31T08:02:00Z");
    }

    @Test
    void runSaysWhatItLeftOut() throws IOException {
        var readings = every30Seconds(0, 2, 100);
        readings.put("08:05:00", 400);
        readings.put("08:04:00", 100);
        readings.put("08:06:00", 100);
        readings.put("08:05:30", 100);
        var csv = csv("u3.hr.csv", readings);
        Files.writeString(csv, Files.readString(csv) + "yesterday,100,0,\n");

        var cli = Cli.hrm("patterns", "run", file, "--data", csv.toString());

        assertThat(cli.out())
                .contains("1 reading outside 20 to 300 bpm left out")
                .contains("1 reading out of order: late, not judged")
                .contains("1 line could not be read, the first: u3.hr.csv:8:");
    }

    @Test
    void runWithoutReadingsIsAnErrorForPeople() throws IOException {
        var csv = csv("u3.hr.csv", Map.of());

        assertThat(Cli.hrm("patterns", "run", file, "--data", csv.toString()).err())
                .contains("u3.hr.csv: no readings");
        assertThat(Cli.hrm("patterns", "run", file, "--data", "nowhere.csv").err())
                .contains("--data nowhere.csv: there is no such file");
    }

    // ---- push

    @Test
    void pushWantsFilesOrAll() {
        assertThat(Cli.hrm("patterns", "push").code()).isEqualTo(2);
        assertThat(Cli.hrm("patterns", "push", "--all", file).code()).isEqualTo(2);
        assertThat(Cli.hrm("patterns", "push", file, "--effective-from", "soon").err())
                .contains("'soon' is no time. Write 2026-01-31T08:00:00Z.");
    }

    @Test
    void pushOfAFileWithErrorsPublishesNothing() throws IOException {
        var cli = Cli.hrm("patterns", "push", write(FINE.replace("bpm > 150", "bmp > 150")));

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains("unknown name 'bmp'").contains("Nothing was published.");
    }
}
