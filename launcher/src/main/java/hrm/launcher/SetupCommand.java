package hrm.launcher;

import hrm.patterns.spec.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Topics, tables and patterns for the jobs, on any Kafka and PostgreSQL. */
@Command(
        name = "setup",
        description = "Prepares a Kafka and a PostgreSQL for the jobs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm setup --bootstrap-servers kafka:9092 --jdbc-url jdbc:postgresql://db/hrm",
            "  hrm setup --partitions 24 --replication-factor 3",
            "",
            "Creates the topics that are missing, runs the migrations that the database has not",
            "seen, and publishes the shipped patterns of which nothing is published yet. Changes",
            "nothing that is there, so it may run again at any time."
        })
final class SetupCommand implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Mixin DatabaseOption database;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Of the topics whose key is a person, when they are created. Default: 4, which"
                            + " is enough for one TaskManager")
    int partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Of topics that are created. Default: the broker's")
    short replicationFactor;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = Wait.class,
            description = "Wait at most so long for Kafka and PostgreSQL to answer: 2m")
    Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        if (partitions < 0 || replicationFactor == 0 || replicationFactor < -1) {
            throw new ParameterException(
                    spec.commandLine(), "--partitions and --replication-factor: write 1 or more.");
        }
        var setup =
                new Setup(
                        kafka.broker(),
                        database.options(),
                        new Setup.Layout(partitions, replicationFactor));
        if (wait != null) {
            setup.await(wait);
        }
        var done = setup.run();
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, done);
        } else {
            print(done, out);
        }
        if (!done.isFine()) {
            spec.commandLine()
                    .getErr()
                    .println("The jobs do not work with these topics as they are; see above.");
        }
        return done.isFine() ? 0 : 1;
    }

    private void print(Setup.Done done, PrintWriter out) {
        out.println("Kafka " + kafka.bootstrapServers());
        print(done.topics(), out);
        out.println("PostgreSQL " + database.url().replaceFirst("\\?.*", ""));
        out.println(
                done.migrations() == 0
                        ? "  tables are up to date"
                        : "  "
                                + Words.count(done.migrations(), "migration", "migrations")
                                + " ran");
        out.println("Patterns");
        print(done.patterns(), out);
    }

    private void print(List<Setup.Item> items, PrintWriter out) {
        var rows = new ArrayList<List<String>>();
        for (var item : items) {
            var what = item.what().name().toLowerCase(Locale.ROOT);
            rows.add(
                    List.of(
                            "  " + item.name(),
                            what,
                            item.what() == Setup.What.WRONG
                                    ? Style.RED.on(Hrm.ansi(spec), item.why())
                                    : item.why()));
        }
        new Table(rows).print(out);
    }

    /** {@code 30s}, {@code 2m}. */
    static final class Wait implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (Durations.Unreadable e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
