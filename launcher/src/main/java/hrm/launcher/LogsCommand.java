package hrm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the parts of a stack have written. */
@Command(
        name = "logs",
        description = "Shows what a part of the stack has logged.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm logs", "  hrm logs taskmanager -f -n 100"})
final class LogsCommand implements Callable<Integer> {
    /** What logs. */
    enum Part {
        supervisor,
        kafka,
        postgresql,
        jobmanager,
        taskmanager
    }

    @Spec CommandSpec spec;
    @Mixin FolderOption folder;

    @Parameters(
            arity = "0..1",
            paramLabel = "PART",
            defaultValue = "supervisor",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    Part part;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "40",
            description = "How many of the last lines. Default: ${DEFAULT-VALUE}")
    int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var file = file();
        if (file == null || !Files.exists(file)) {
            throw new Failure(
                    "There is no log of "
                            + part
                            + " in "
                            + folder.folder().path()
                            + ". hrm up starts a stack.");
        }
        var tail = new ArrayDeque<String>();
        long size = Files.size(file);
        try (Stream<String> all = Files.lines(file)) {
            all.forEach(
                    line -> {
                        tail.add(line);
                        if (tail.size() > lines) {
                            tail.remove();
                        }
                    });
        }
        tail.forEach(out::println);
        if (follow) {
            var follower = new LogFollower(file, size);
            while (true) {
                follower.newLines().forEach(out::println);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        return 0;
    }

    private Path file() throws IOException {
        var path = folder.folder().path();
        return switch (part) {
            case supervisor -> folder.folder().supervisorLog();
            case kafka -> path.resolve("kafka/kafka.log");
            case postgresql -> path.resolve("postgresql/postgresql.log");
            case jobmanager -> path.resolve("flink/logs/jobmanager.log");
            case taskmanager -> newest(path.resolve("flink/logs"));
        };
    }

    /** A TaskManager that replaces a dead one has a log of its own. */
    private static Path newest(Path logs) throws IOException {
        if (!Files.isDirectory(logs)) {
            return null;
        }
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(
                            file -> file.getFileName().toString().matches("taskmanager-\\d+\\.log"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElse(null);
        }
    }
}
