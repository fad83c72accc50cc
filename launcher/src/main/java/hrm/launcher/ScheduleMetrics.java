package hrm.launcher;

import hrm.launcher.Schedule.State;
import hrm.launcher.Schedule.Task;
import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.corrections.LateRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How what runs by the clock goes, in the text format of Prometheus: a file, for the textfile
 * collector of its node exporter.
 *
 * @param lastRun the newest baseline run that has ended
 * @param lastSuccess the newest that succeeded
 * @param baselines how it stands with the next
 * @param lateRun the newest late run that has ended
 * @param late how it stands with the next
 */
record ScheduleMetrics(
        Optional<BaselineRuns.Run> lastRun,
        Optional<BaselineRuns.Run> lastSuccess,
        boolean running,
        Optional<State> baselines,
        Optional<LateRuns.Run> lateRun,
        boolean lateRunning,
        Optional<State> late) {
    private static final int RUNS = 100;

    static ScheduleMetrics ask(Connection database) throws SQLException {
        var learnt =
                BaselineRuns.newest(database, null, RUNS).stream()
                        .filter(run -> run.kind().equals("LEARN") && run.finishedAt() != null)
                        .toList();
        return new ScheduleMetrics(
                learnt.stream().findFirst(),
                learnt.stream().filter(run -> run.outcome().equals("SUCCEEDED")).findFirst(),
                RunLock.BASELINES.holder(database).isPresent(),
                Task.BASELINES.state(database),
                LateRuns.newest(database),
                RunLock.LATE_RUN.holder(database).isPresent(),
                Task.LATE_RUN.state(database));
    }

    String text() {
        var text = new StringBuilder();
        add(text, "hrm_baseline_running", "1 while a baseline run goes on.", running ? 1 : 0);
        lastRun.ifPresent(
                run ->
                        add(
                                text,
                                "hrm_baseline_last_run_succeeded",
                                "1 when the last baseline run succeeded.",
                                run.outcome().equals("SUCCEEDED") ? 1 : 0));
        lastSuccess.ifPresent(
                run -> {
                    add(
                            text,
                            "hrm_baseline_last_success_timestamp_seconds",
                            "When the last run that succeeded ended.",
                            run.finishedAt().getEpochSecond());
                    add(
                            text,
                            "hrm_baseline_last_success_rows_read",
                            "Rows of reading_minutes that it read.",
                            run.counts() == null ? 0 : run.counts().minutes());
                });
        addNext(text, "hrm_baseline", baselines);
        addLate(text);
        return text.toString();
    }

    private void addLate(StringBuilder text) {
        add(text, "hrm_late_run_running", "1 while a late run goes on.", lateRunning ? 1 : 0);
        lateRun.ifPresent(
                run -> {
                    add(
                            text,
                            "hrm_late_run_last_run_succeeded",
                            "1 when the last late run succeeded.",
                            run.trouble() == null ? 1 : 0);
                    add(
                            text,
                            "hrm_late_run_last_waiting",
                            "Devices that it has left to the next.",
                            run.counts().unsettled() + run.counts().unstored());
                });
        // A run is noted by whoever starts it; that there was none to start, by the schedule.
        Stream.concat(
                        late.map(State::lastSuccess).stream(),
                        lateRun
                                .filter(run -> run.trouble() == null)
                                .map(LateRuns.Run::finishedAt)
                                .stream())
                .max(Comparator.naturalOrder())
                .ifPresent(
                        time ->
                                add(
                                        text,
                                        "hrm_late_run_last_success_timestamp_seconds",
                                        "When the last late run succeeded, or nothing was late.",
                                        time.getEpochSecond()));
        addNext(text, "hrm_late_run", late);
    }

    private static void addNext(StringBuilder text, String name, Optional<State> state) {
        state.ifPresent(
                one ->
                        add(
                                text,
                                name + "_next_run_timestamp_seconds",
                                "When the next run is due.",
                                one.next().getEpochSecond()));
    }

    private static void add(StringBuilder text, String name, String help, long value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(name).append(' ').append(value).append('\n');
    }

    /** Never half a file for whoever reads it meanwhile. */
    void write(Path file) {
        try {
            var next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, text());
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
