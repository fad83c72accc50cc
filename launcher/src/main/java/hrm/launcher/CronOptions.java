package hrm.launcher;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** When what runs by the clock is due. */
final class CronOptions {
    /** In the environment: the same for baselines. */
    static final String BASELINE_VARIABLE = "HRM_BASELINE_CRON";

    /** In the environment: the same for the late run. */
    static final String LATE_RUN_VARIABLE = "HRM_LATE_RUN_CRON";

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--baseline-cron",
            paramLabel = "CRON",
            defaultValue = "${env:" + BASELINE_VARIABLE + "}",
            description =
                    "When baselines are learnt: second, minute, hour, day, month, weekday, in UTC;"
                            + " - is never. Default: HRM_BASELINE_CRON, else 0 30 8 * * *")
    private String baselines;

    @Option(
            names = "--late-run-cron",
            paramLabel = "CRON",
            defaultValue = "${env:" + LATE_RUN_VARIABLE + "}",
            description =
                    "When what came late is judged again, if anything did. Default:"
                            + " HRM_LATE_RUN_CRON, else 0 */5 * * * *")
    private String lateRun;

    String of(Schedule.Task task) {
        var given = task == Schedule.Task.BASELINES ? baselines : lateRun;
        return given == null || given.isBlank() ? task.usual() : given;
    }

    /** Before anything starts. */
    void check() {
        check("--baseline-cron", Schedule.Task.BASELINES);
        check("--late-run-cron", Schedule.Task.LATE_RUN);
    }

    private void check(String flag, Schedule.Task task) {
        try {
            Schedule.cron(of(task));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), flag + ": " + e.getMessage(), e);
        }
    }

    /** The same for another hrm. */
    List<String> arguments() {
        return List.of(
                "--baseline-cron",
                of(Schedule.Task.BASELINES),
                "--late-run-cron",
                of(Schedule.Task.LATE_RUN));
    }
}
