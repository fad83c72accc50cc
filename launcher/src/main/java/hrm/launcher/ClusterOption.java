package hrm.launcher;

import hrm.embedded.FlinkClient;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Flink cluster: told, or that of the running stack. */
final class ClusterOption {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--cluster",
            paramLabel = "HOST:PORT",
            description = "Flink's REST interface and web UI. Default: the cluster of hrm up")
    String cluster;

    boolean isGiven() {
        return cluster != null;
    }

    /**
     * @param scratch for what Flink's client writes
     */
    FlinkClient client(Path scratch, FolderOption folder) {
        if (cluster == null) {
            return folder.running().flinkClient(folder.folder());
        }
        var parts = cluster.split(":");
        if (parts.length != 2 || parts[0].isEmpty() || !parts[1].matches("\\d{1,5}")) {
            throw new ParameterException(
                    spec.commandLine(), "--cluster '" + cluster + "': write host:port.");
        }
        return FlinkClient.of(
                scratch,
                Path.of(System.getProperty("hrm.home", "."), "flink-conf"),
                parts[0],
                Integer.parseInt(parts[1]));
    }

    /**
     * @throws Failure when nothing answers there
     */
    static void requireAnswer(FlinkClient client) {
        if (!client.answers()) {
            throw new Failure(
                    "No Flink answers at "
                            + client.restAddress()
                            + ". Check --cluster: it is the address of the REST interface and web"
                            + " UI.");
        }
    }
}
