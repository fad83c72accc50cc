package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import hrm.importers.ByteLines;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileLinesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00.123456Z");
    private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static ProfileLines read(String text) throws IOException {
        return new ProfileLines(NOW)
                .read(new ByteLines(new ByteArrayInputStream(text.getBytes(UTF_8))), null);
    }

    private static List<String> problems(String zone, String high, String low) {
        var problems = new ArrayList<String>();
        ProfileEdit.parse(zone, high, low, problems);
        return problems;
    }

    @Test
    void anEditChangesOnlyWhatItNames() {
        var before = new UserProfiles("anna", List.of(new UserProfile(EARLIER, BERLIN, 120, 45)));
        var edit = ProfileEdit.parse(null, "110", null, new ArrayList<>());
        var without = ProfileEdit.parse(null, "none", null, new ArrayList<>());
        var nobody = new UserProfiles("new", List.of());

        assertThat(edit.applyTo(before, NOW)).isEqualTo(new UserProfile(NOW, BERLIN, 110, 45));
        assertThat(without.applyTo(before, NOW)).isEqualTo(new UserProfile(NOW, BERLIN, null, 45));
        assertThat(edit.applyTo(nobody, NOW))
                .isEqualTo(new UserProfile(NOW, ZoneId.of("UTC"), 110, null));
        // Before there was anything, there is nothing to keep.
        assertThat(edit.applyTo(before, EARLIER.minusMillis(1)).limitLow()).isNull();
    }

    @Test
    void aLimitThatWasThereIsHeldAgainstTheNewOne() {
        var before = new UserProfiles("anna", List.of(new UserProfile(EARLIER, BERLIN, 120, 45)));
        var edit = ProfileEdit.parse(null, "45", null, new ArrayList<>());

        assertThat(edit.problem(edit.applyTo(before, NOW)))
                .contains("limit-low 45 (as it was) is not below limit-high 45.");
        assertThat(problems(null, "60", "70"))
                .containsExactly("limit-low 70 is not below limit-high 60.");
    }

    @Test
    void whatIsNoLimitOrZoneSaysWhatToWrite() {
        assertThat(problems(null, "20", "none")).isEmpty();
        assertThat(problems(null, "300", "299.0")).isEmpty();
        for (var wrong : List.of("19", "301", "fast", "-1", "60.5", "12345")) {
            assertThat(problems(null, wrong, null))
                    .containsExactly(
                            "limit-high '"
                                    + wrong
                                    + "': write a whole number from 20 to 300 (bpm), or none.");
        }
        assertThat(problems("Europe/Berln", null, null))
                .containsExactly("'Europe/Berln' is no time zone. Did you mean 'Europe/Berlin'?");
        assertThat(problems("new york", null, null))
                .containsExactly("'new york' is no time zone. Did you mean 'America/New_York'?");
        assertThat(problems("+02:00", null, null).get(0)).contains("is no time zone");
        assertThat(problems("UTC", null, null)).isEmpty();
    }

    @Test
    void linesOfCsvAndJsonMeanTheSame() throws IOException {
        var csv =
                read(
                        """
                        user_id,time_zone,limit_high,limit_low,effective_from
                        anna,Europe/Berlin,110,none,2026-01-01T00:00:00Z
                        ben,,,50,
                        """);
        var json =
                read(
                        """
                        {"user_id":"anna","time_zone":"Europe/Berlin","limit_high":110,"limit_low":null,"effective_from":"2026-01-01T00:00:00Z"}
                        {"user_id":"ben","limit_low":50}
                        """);

        assertThat(csv.findings()).isEmpty();
        assertThat(json.findings()).isEmpty();
        assertThat(csv.fine())
                .extracting(ProfileLines.Line::userId, ProfileLines.Line::from)
                .containsExactlyElementsOf(
                        json.fine().stream()
                                .map(line -> tuple(line.userId(), line.from()))
                                .toList());
        assertThat(csv.fine())
                .extracting(ProfileLines.Line::edit)
                .isEqualTo(json.fine().stream().map(ProfileLines.Line::edit).toList());
        assertThat(csv.fine().get(1).from()).isEqualTo(Instant.parse("2026-01-31T09:00:00.123Z"));
    }

    @Test
    void everythingWrongIsToldWithItsLine() throws IOException {
        var lines =
                read(
                        """
                        user_id,time_zone,limit_high,limit_low,effective_from
                        ,Europe/Berlin,,,
                        ben,Mars,10,,
                        carl,UTC,,,tomorrow
                        dora,,,,
                        emma,UTC,,,
                        emma,UTC,,,
                        fred,UTC
                        gina,UTC,110,50,
                        """);

        assertThat(lines.findings().keySet()).containsExactly(2L, 3L, 4L, 5L, 7L, 8L);
        assertThat(lines.findings().get(3L)).hasSize(2);
        assertThat(lines.findings().get(5L).get(0)).startsWith("names neither");
        assertThat(lines.findings().get(7L).get(0)).endsWith("same person and time as line 6");
        assertThat(lines.fine())
                .extracting(ProfileLines.Line::userId)
                .containsExactly("emma", "gina");
    }

    @Test
    void aFileOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> read("name,zone\nanna,UTC"))
                .hasMessageContaining("no column 'user_id'");
    }
}
