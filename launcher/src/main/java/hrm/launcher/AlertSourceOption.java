package hrm.launcher;

import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --from}: the table or the topic, and how each is reached. */
final class AlertSourceOption {
    /** Sources of alerts. */
    enum From {
        table,
        topic
    }

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            defaultValue = "table",
            description =
                    "table (PostgreSQL) or topic (Kafka, all that it still has). Default: table")
    private From from;

    @Mixin private DatabaseOption database;

    @Mixin private KafkaOption kafka;

    AlertSource open(Consumer<String> complain) {
        return from == From.table
                ? new AlertsInTable(database)
                : new AlertsInTopic(kafka.broker(), complain);
    }

    String name() {
        return from.name();
    }
}
