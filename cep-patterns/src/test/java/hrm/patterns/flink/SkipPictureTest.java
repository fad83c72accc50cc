package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The picture of skip strategies in {@code docs/patterns.md} is what they do. */
class SkipPictureTest {
    @ParameterizedTest
    @CsvSource({
        "no_skip, ''",
        "to_next, skip_to_next",
        "past_last, skip_past_last",
        "{ to_first: a }, skip_to_first 0",
        "{ to_last: a }, skip_to_last 0"
    })
    void showsWhatTheStrategyLeaves(String strategy, String notation) throws IOException {
        var pattern =
                Notation.pattern(
                        "a more followed_by b all_within 60s " + notation + " overlap_all");
        var matches = String.join(", ", pattern.on("a1 a2 a3 b4")).replaceAll("x\\d", "");

        assertThat(Files.readString(Path.of(System.getProperty("hrm.home"), "docs/patterns.md")))
                .contains("\n%-18s %s\n".formatted(strategy, matches));
    }
}
