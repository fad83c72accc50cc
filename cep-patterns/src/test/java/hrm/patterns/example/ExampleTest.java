package hrm.patterns.example;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.example.FindMatches.Beat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The example of the README does what the README says, and is the one that is run here. */
class ExampleTest {
    private static final Path SOURCE =
            Path.of("src/test/java/hrm/patterns/example/FindMatches.java");

    private static String block(String language) throws Exception {
        var found =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("README.md")));
        assertThat(found.find()).as("a block of " + language).isTrue();
        return found.group(1);
    }

    @Test
    void theReadmeShowsTheExampleThatIsRun() throws Exception {
        var source = Files.readString(SOURCE);

        assertThat(block("java")).isEqualTo(source.substring(source.indexOf("/** Says who")));
    }

    @Test
    void theJobFindsEachPersonsMatchByTheirOwnClock() throws Exception {
        var beats = new ArrayList<Beat>();
        for (int minute = 0; minute < 8; minute++) {
            beats.add(new Beat("live", (600 + minute) * 60_000L, minute < 6 ? 130 : 80, 0));
            beats.add(new Beat("synced-late", minute * 60_000L, 130, minute == 3 ? 50 : 0));
            beats.add(new Beat("live", 0, 130, 0)); // late
        }
        var settings = new Configuration().set(PipelineOptions.GENERIC_TYPES, false);
        var env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(1);

        List<String> found;
        try (var out = FindMatches.in(env.fromData(beats), block("yaml")).executeAndCollect()) {
            found = new ArrayList<>();
            out.forEachRemaining(found::add);
        }

        assertThat(found)
                .containsExactlyInAnyOrder(
                        "live since 1970-01-01T10:00:00Z",
                        "synced-late since 1970-01-01T00:04:00Z");
    }
}
