package hrm.launcher;

import picocli.CommandLine.Option;

/** Where a stack that is kept listens. */
final class PortOptions {
    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Default: ${DEFAULT-VALUE}; 0 is any free one")
    private int kafka;

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            defaultValue = "5432",
            description = "Default: ${DEFAULT-VALUE}; 0 is any free one")
    private int postgres;

    @Option(
            names = "--flink-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Of Flink's web UI. Default: ${DEFAULT-VALUE}; 0 is any free one")
    private int flink;

    StackProcesses.Ports ports() {
        return new StackProcesses.Ports(kafka, postgres, flink);
    }
}
