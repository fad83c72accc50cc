package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hrm.functions.judgement.ExampleRunner;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Json;
import hrm.model.RejectReason;
import hrm.patterns.Name;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.flink.Matchers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages say what the code does. */
class DocsTest {
    private static final Path HOME = Path.of(System.getProperty("hrm.home"));

    private static final Pattern BLOCK =
            Pattern.compile("(?m)^( *)```(\\w*)\\n(.*?)^ *```", Pattern.DOTALL);
    private static final Pattern IN_TEXT = Pattern.compile("`((?:\\./)?hrm [^`]+)`");
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
            assertThat(loaded.findings())
                    .as(loaded.report())
                    .allMatch(
                            finding ->
                                    finding.message().startsWith("silence counts as well")
                                            || finding.message().startsWith("'combinations':"));
            for (var outcome : ExampleRunner.run(loaded.spec(), Matchers::of)) {
                assertThat(outcome.fired())
                        .as(loaded.spec().id() + ": " + outcome.example().given())
                        .isEqualTo(outcome.example().expect());
            }
            patterns++;
        }
        assertThat(patterns).isGreaterThanOrEqualTo(4);
    }

    /** Each key of a step, and each value that changes how a pattern matches. */
    private static final List<String> CONSTRUCTS =
            List.of(
                    "step",
                    "next",
                    "followed_by",
                    "followed_by_any",
                    "not_next",
                    "not_followed_by",
                    "starts",
                    "times",
                    "one_or_more",
                    "consecutive",
                    "combinations",
                    "greedy",
                    "optional",
                    "until",
                    "within",
                    "hold",
                    "max_gap",
                    "at_least",
                    "of",
                    "every",
                    "min_span",
                    "among",
                    "overlap",
                    "skip",
                    "outcome",
                    "resolve",
                    "clear_after",
                    "on");

    @Test
    void everyConstructIsInAnExampleThatIsRun() throws IOException {
        var examples = new StringBuilder();
        var found = YAML.matcher(page("patterns.md"));
        while (found.find()) {
            examples.append(found.group(1));
        }
        for (var construct : CONSTRUCTS) {
            assertThat(examples).containsPattern("(?m)^[- ]*" + construct + ":");
        }
    }

    @Test
    void everyRejectReasonHasASection() throws IOException {
        var page = page("errors.md");
        for (var reason : RejectReason.values()) {
            assertThat(page).contains("\n## " + reason + "\n");
        }
    }

    static List<Path> pages() throws IOException {
        try (var all = Files.walk(HOME, 3)) {
            return all.filter(file -> file.toString().endsWith(".md"))
                    .filter(
                            file ->
                                    !HOME.relativize(file)
                                            .toString()
                                            .matches(".*(target|\\.git|\\.hrm)/.*"))
                    .map(HOME::relativize)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandOnAPageExistsWithItsOptions(Path page) throws IOException {
        var text = Files.readString(HOME.resolve(page));
        var wrong = new ArrayList<String>();
        for (var line : commandLines(text)) {
            for (var one : line.split("&&|[|] |[|][|]|;|<\\(|\\)|>")) {
                check(one.strip(), wrong);
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistIsNoticed() {
        var wrong = new ArrayList<String>();
        for (var line :
                List.of(
                        "hrm pattern list",
                        "./hrm patterns lst",
                        "hrm patterns push --al",
                        "hrm setup --partition 4",
                        "flink run -d -c hrm.jobs.MonitoringJob hrm-jobs.jar --region store")) {
            check(line, wrong);
        }
        check("hrm patterns push my-pattern.yaml --bootstrap-servers kafka:9092", wrong);
        check("./hrm completion bash|zsh", wrong);

        assertThat(wrong).hasSize(5);
    }

    /**
     * Lines of blocks, each joined with those that go on after a backslash, and commands in the
     * text.
     */
    private static List<String> commandLines(String text) {
        var lines = new ArrayList<String>();
        var blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(2).isEmpty() || blocks.group(2).matches("sh|bash|console")) {
                for (var line : blocks.group(3).replaceAll("\\\\\n *", " ").split("\n")) {
                    lines.add(line.strip().replaceFirst("^[$] ", "").replaceFirst("\\s+#.*", ""));
                }
            }
        }
        var inText = IN_TEXT.matcher(BLOCK.matcher(text).replaceAll(""));
        while (inText.find()) {
            lines.add(inText.group(1).replaceAll("\\s+", " "));
        }
        return lines;
    }

    private static void check(String line, List<String> wrong) {
        if (line.matches("(\\./|.*\\* {2})?hrm .*")) {
            // What is quoted is one word: a command that it is told has options of its own.
            var words = line.replaceFirst(".*?hrm ", "").replaceAll("'[^']*'", "WORD");
            checkHrm(line, List.of(words.split("\\s+")), wrong);
        } else if (line.contains("hrm-jobs.jar ") && line.contains("hrm.jobs.")) {
            checkJob(line, wrong);
        }
    }

    private static void checkHrm(String line, List<String> words, List<String> wrong) {
        var command = Hrm.commandLine();
        boolean isValue = false;
        for (var word : words) {
            var plain = word.replaceAll("[\\[\\]…,.]+$|^\\[", "");
            if (isValue && !plain.startsWith("-")) {
                isValue = false;
            } else if (plain.startsWith("-")) {
                var name = plain.replaceFirst("=.*", "");
                var option = command.getCommandSpec().findOption(name);
                isValue = option != null && option.arity().max() > 0 && !plain.contains("=");
                if (!command.getCommandSpec().optionsMap().containsKey(name)) {
                    wrong.add(
                            line
                                    + ": "
                                    + command.getCommandSpec().qualifiedName()
                                    + " has no "
                                    + name);
                }
            } else if (!command.getSubcommands().isEmpty() && !plain.matches("[A-Z]*")) {
                // "patterns push|list" names several; options that follow are of the first.
                for (var name : plain.split("[|/]")) {
                    if (!command.getSubcommands().containsKey(name)) {
                        wrong.add(
                                line
                                        + ": "
                                        + command.getCommandSpec().qualifiedName()
                                        + " has no command "
                                        + name);
                        return;
                    }
                }
                command = command.getSubcommands().get(plain.split("[|/]")[0]);
            }
        }
    }

    /** Options of the jobs are on their page, which their own test keeps true. */
    private static void checkJob(String line, List<String> wrong) {
        var flags =
                Pattern.compile("--[a-z-]+").matcher(line.substring(line.indexOf("hrm-jobs.jar")));
        while (flags.find()) {
            try {
                if (!page("options.md").contains("| `" + flags.group() + " ")
                        && !flags.group().equals("--help")) {
                    wrong.add(line + ": the jobs have no " + flags.group());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkBetweenPagesLeadsSomewhere(Path page) throws IOException {
        var links =
                Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]+)")
                        .matcher(
                                BLOCK.matcher(Files.readString(HOME.resolve(page))).replaceAll(""));
        while (links.find()) {
            assertThat(HOME.resolve(page).resolveSibling(links.group(1))).exists();
        }
    }

    @Test
    void theAlertOnThePageIsOneThatTheCodeMakes() throws IOException {
        var json = blocks("consume.md", "json").get(0).getBytes(StandardCharsets.UTF_8);
        var alert = Json.read(json, Alert.class);

        assertThat(alert.eventId()).isEqualTo(AlertIds.eventId(alert));
        assertThat(alert.alertId())
                .isEqualTo(
                        AlertIds.alertId(
                                alert.userId(),
                                alert.deviceId(),
                                alert.patternId(),
                                alert.onset(),
                                false));
        var again = new ObjectMapper();
        assertThat(again.readTree(Json.write(alert))).isEqualTo(again.readTree(json));
    }

    @Test
    void everyFieldOfAnAlertIsInTheTableOfFields() throws IOException {
        var page = page("consume.md");
        for (var field : Alert.class.getRecordComponents()) {
            var name = field.getAccessor().getAnnotation(JsonProperty.class).value();
            assertThat(page).containsPattern("\n[|] [^|]*`" + name + "`[^|]*[|]");
        }
        for (var state : Alert.State.values()) {
            assertThat(page).contains("| `" + state + "` |");
        }
        for (var reason : Alert.Reason.values()) {
            assertThat(page).contains("| `" + reason + "` |");
        }
    }

    @Test
    void theConsumerOnThePageCompilesAndIsRightAboutRepeats(@TempDir Path folder) throws Exception {
        var source = folder.resolve("AlertConsumer.java");
        Files.writeString(source, blocks("consume.md", "java").get(0));
        var errors = new ByteArrayOutputStream();
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                errors,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.toString(),
                                source.toString());
        assertThat(code).as(errors.toString(StandardCharsets.UTF_8)).isZero();

        try (var classes = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            var type = classes.loadClass("AlertConsumer");
            var made = type.getDeclaredConstructor();
            made.setAccessible(true);
            var consumer = made.newInstance();
            var take = type.getDeclaredMethod("take", JsonNode.class);
            take.setAccessible(true);
            var said = new ByteArrayOutputStream();
            var out = System.out;
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            try {
                var json = new ObjectMapper();
                var opened = (ObjectNode) json.readTree(blocks("consume.md", "json").get(0));
                var lost =
                        opened.deepCopy()
                                .put("revision", 2)
                                .put("state", "RESOLVED")
                                .put("reason", "SIGNAL_LOST")
                                .put("resolved_at", "2026-01-31T08:40:00Z");
                var amended = opened.deepCopy().put("revision", 3).put("state", "AMENDED");
                var shadow = opened.deepCopy().put("mode", "shadow").put("episode_id", "other");
                for (var event :
                        List.of(opened, opened, shadow, lost, opened, lost, amended, lost)) {
                    take.invoke(consumer, event);
                }
            } finally {
                System.setOut(out);
            }
            var message = "high: Heart rate above 120 for 10 minutes while inactive";
            assertThat(said.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly(message, "SIGNAL_LOST", message);
        }
    }

    /** Blocks of one language on a page of {@code docs}. */
    static List<String> blocks(String page, String language) throws IOException {
        var blocks = new ArrayList<String>();
        var found = BLOCK.matcher(page(page));
        while (found.find()) {
            if (found.group(2).equals(language)) {
                blocks.add(found.group(3));
            }
        }
        return blocks;
    }
}
