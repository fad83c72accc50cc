package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.judgement.ExampleRunner;
import hrm.model.RejectReason;
import hrm.patterns.Name;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.flink.NfaMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages say what the code does. */
class DocsTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private static String page(String name) throws IOException {
        return Files.readString(Path.of(System.getProperty("hrm.home"), "docs", name));
    }

    @Test
    void everyNameIsInTheTableOfNames() throws IOException {
        var page = page("patterns.md");
        for (var name : Name.values()) {
            var type =
                    switch (name.type()) {
                        case NUMBER -> "number";
                        case BOOL -> "true or false";
                        case TEXT -> "text";
                        case DURATION -> "duration";
                        case LIST -> "list";
                    };
            assertThat(page)
                    .contains("| `%s` | %s | %s |".formatted(name.text(), type, name.meaning()));
        }
    }

    @Test
    void everyPatternOnThePageIsFineAndDoesAsItsExamplesSay() throws IOException {
        var found = YAML.matcher(page("patterns.md"));
        int patterns = 0;
        while (found.find()) {
            var loaded = PatternLoader.load("docs/patterns.md", found.group(1));
            assertThat(loaded.report()).isEmpty();
            for (var outcome : ExampleRunner.run(loaded.spec(), NfaMatcher::new)) {
                assertThat(outcome.fired())
                        .as(loaded.spec().id() + ": " + outcome.example().given())
                        .isEqualTo(outcome.example().expect());
            }
            patterns++;
        }
        assertThat(patterns).isGreaterThanOrEqualTo(4);
    }

    @Test
    void everyRejectReasonHasASection() throws IOException {
        var page = page("errors.md");
        for (var reason : RejectReason.values()) {
            assertThat(page).contains("\n## " + reason + "\n");
        }
    }
}
