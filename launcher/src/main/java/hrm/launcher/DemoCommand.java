package hrm.launcher;

import hrm.simulator.DemoDay;
import hrm.simulator.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything at once, to look at. */
@Command(
        name = "demo",
        description = "Plays a day of people through a whole stack, started here.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm demo --once",
            "  hrm demo --data recordings --speed 2000",
            "",
            "Recordings: a folder with USER.hr.csv or USER.hr.csv.gz for each person, columns",
            "timestamp,bpm,steps,activity. Their last 24 hours are played, what was before is",
            "history. Kafka, PostgreSQL and Flink run on this machine, as your own processes; nothing",
            "is installed, and all is gone afterwards."
        })
final class DemoCommand implements Callable<Integer> {
    /** A day in 90 seconds. */
    private static final double USUAL_SPEED = 960;

    @Spec CommandSpec spec;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description =
                    "How many times faster than life; max is as fast as possible. Default: 960, a"
                            + " day in 90 seconds")
    String speed;

    @Option(
            names = "--once",
            description = "Stop everything when the day is over, instead of at Ctrl-C.")
    boolean once;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Play real recordings instead of simulated people.")
    Path data;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the simulated people: the same seed, the same day. Default: 1")
    long seed;

    @Option(
            names = "--day",
            paramLabel = "DATE",
            description = "The simulated live day, in UTC. Default: yesterday")
    LocalDate day;

    @Option(
            names = "--on-stack",
            description =
                    "Play into the stack of hrm up, which stays, instead of one that goes. On a"
                            + " stack where nothing else was sent, hrm alerts list --hash then"
                            + " gives the demo's hash.")
    boolean onStack;

    @Option(
            names = "--flink-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Of Flink's web UI. Default: any free one")
    int flinkPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Default: any free one")
    int kafkaPort;

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Default: any free one")
    int postgresPort;

    @Override
    public Integer call() throws Exception {
        double factor = factor();
        var scenario = scenario();
        var screen =
                new Screen(spec.commandLine().getOut(), System.console() != null, Hrm.ansi(spec));
        var ports = new StackProcesses.Ports(kafkaPort, postgresPort, flinkPort);
        return new Demo(scenario, factor, once, keptStack(), ports, screen).run();
    }

    /** Null when not asked for. */
    private Stack keptStack() {
        if (!onStack) {
            return null;
        }
        var folder = StackFolder.usual();
        return Stack.of(
                folder,
                folder.running()
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                "--on-stack: nothing is up in "
                                                        + folder.path()
                                                        + ". hrm up starts it.")));
    }

    private double factor() {
        if (speed == null) {
            return USUAL_SPEED;
        }
        if (speed.equals("max")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double factor = Double.parseDouble(speed);
            if (factor > 0) {
                return factor;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ParameterException(
                spec.commandLine(), "--speed '" + speed + "': write a number above 0, or max.");
    }

    private Scenario scenario() throws IOException {
        if (data != null) {
            if (day != null || spec.commandLine().getParseResult().hasMatchedOption("--seed")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--day and --seed are of simulated people, not of --data.");
            }
            return Scenario.of(data, Recordings.open(data));
        }
        return Scenario.of(
                DemoDay.of(seed, day == null ? DemoDay.yesterday(Clock.systemUTC()) : day));
    }
}
