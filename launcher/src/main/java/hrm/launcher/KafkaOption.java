package hrm.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which Kafka: told, or that of the running stack, or the usual port of this machine. */
final class KafkaOption {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:HRM_BOOTSTRAP_SERVERS}",
            description =
                    "Kafka's bootstrap servers. Default: HRM_BOOTSTRAP_SERVERS, else the stack of"
                            + " hrm up, else localhost:9092")
    private String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            defaultValue = "${env:HRM_KAFKA_CONFIG}",
            description =
                    "Properties for Kafka's clients, as its own tools take them: security.protocol,"
                            + " sasl.*, ssl.*")
    private Path config;

    String bootstrapServers() {
        if (bootstrapServers != null && !bootstrapServers.isBlank()) {
            return bootstrapServers;
        }
        return StackFolder.usual()
                .running()
                .map(StackFolder.Running::bootstrapServers)
                .orElse("localhost:9092");
    }

    /** The same for a job. */
    List<String> arguments() {
        var arguments = new ArrayList<>(List.of("--bootstrap-servers", bootstrapServers()));
        if (config != null) {
            arguments.addAll(List.of("--kafka-config", config.toAbsolutePath().toString()));
        }
        return arguments;
    }

    Broker broker() {
        return new Broker(bootstrapServers(), Broker.config(config));
    }
}
