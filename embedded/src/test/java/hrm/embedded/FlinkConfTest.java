package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkConfTest {
    private static final Path CONF = Home.path().resolve("flink-conf");

    @Test
    void everySettingOfConfigYamlIsOneThatFlinkKnows() {
        var known =
                Stream.of(
                                BlobServerOptions.class,
                                CheckpointingOptions.class,
                                CoreOptions.class,
                                ExecutionOptions.class,
                                HeartbeatManagerOptions.class,
                                JobManagerOptions.class,
                                PipelineOptions.class,
                                RestOptions.class,
                                RestartStrategyOptions.class,
                                StateBackendOptions.class,
                                TaskManagerOptions.class,
                                WebOptions.class)
                        .flatMap(FlinkConfTest::keys)
                        .collect(Collectors.toSet());

        assertThat(FlinkConfiguration.read(CONF).without("metrics.reporter.").settings().keySet())
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @Test
    void everyBlockOfConfigYamlSaysWhy() throws IOException {
        var blocks = Files.readString(CONF.resolve("config.yaml")).split("\n\\s*\n");

        assertThat(Stream.of(blocks)).allMatch(block -> block.startsWith("#") || hasReason(block));
    }

    /** Settings right below a headline need no reason of their own only if a later line has one. */
    private static boolean hasReason(String block) {
        return block.contains("\n#");
    }

    @Test
    void nestedSettingsAreReadUnderTheirFullNameAndCanBeOverridden(@TempDir Path dir)
            throws IOException {
        Files.writeString(
                dir.resolve("config.yaml"),
                "rest:\n  port: 8081\n  address: a\nparallelism.default: 2\n");

        var configuration = FlinkConfiguration.read(dir).with(Map.of("rest.port", "1"));
        configuration.write(dir.resolve("copy"));

        var expected =
                new TreeMap<String, Object>(
                        Map.of("rest.port", "1", "rest.address", "a", "parallelism.default", 2));
        assertThat(configuration.settings()).isEqualTo(expected);
        assertThat(FlinkConfiguration.read(dir.resolve("copy")).settings()).isEqualTo(expected);
    }

    @Test
    void optionsWithColonsAndEqualsSignsSurviveTheCopy(@TempDir Path dir) {
        var original = FlinkConfiguration.read(CONF);
        original.write(dir);

        assertThat(FlinkConfiguration.read(dir)).isEqualTo(original);
        assertThat(original.words("env.java.opts.all"))
                .hasSize(3)
                .allMatch(word -> Set.of("--add-opens").contains(word.split("=", 2)[0]));
    }

    private static Stream<String> keys(Class<?> options) {
        return Stream.of(options.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> field.getType() == ConfigOption.class)
                .map(
                        field -> {
                            try {
                                return ((ConfigOption<?>) field.get(null)).key();
                            } catch (IllegalAccessException impossible) {
                                throw new AssertionError(impossible);
                            }
                        });
    }
}
