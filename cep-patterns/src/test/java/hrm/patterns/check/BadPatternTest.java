package hrm.patterns.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder a case under {@code src/test/resources/bad}: a file, and all that is said of it. */
class BadPatternTest {
    private static final Path CASES = Path.of("src/test/resources/bad");

    static List<String> cases() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyMistakeIsSaidWithItsPlaceAndWhatToDo(String name) throws IOException {
        var yaml = Files.readString(CASES.resolve(name).resolve("pattern.yaml"));
        var expected = Files.readString(CASES.resolve(name).resolve("expected-errors.txt"));

        var loaded = PatternLoader.load("pattern.yaml", yaml);

        assertThat(loaded.report()).isEqualTo(expected).isNotEmpty();
        assertThat(loaded.isFine())
                .isEqualTo(loaded.findings().stream().noneMatch(Finding::isError));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void windowsLineEndsChangeNothing(String name) throws IOException {
        var yaml = Files.readString(CASES.resolve(name).resolve("pattern.yaml"));
        var expected = Files.readString(CASES.resolve(name).resolve("expected-errors.txt"));

        var loaded = PatternLoader.load("pattern.yaml", yaml.replace("\n", "\r\n"));

        assertThat(loaded.report()).isEqualTo(expected);
    }

    @Test
    void aFileThatIsTooLongIsRefusedUnread() {
        var loaded = PatternLoader.load("pattern.yaml", "#".repeat(64 * 1024 + 1));

        assertThat(loaded.isFine()).isFalse();
        assertThat(loaded.report()).startsWith("pattern.yaml:1:1: longer than 64 KiB");
    }

    @Test
    void aliasesThatContainThemselvesAreRefusedAndNotFollowedForEver() {
        var loaded = PatternLoader.load("pattern.yaml", "id: &a [*a]\nlet: &b { x: *b }\n");

        assertThat(loaded.report())
                .contains("'id' is one value, not a list", "'x' is one value, not keys");
    }
}
