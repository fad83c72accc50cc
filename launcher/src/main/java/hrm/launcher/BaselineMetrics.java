package hrm.launcher;

import hrm.sinks.baselines.BaselineLock;
import hrm.sinks.baselines.BaselineRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * How learning goes, in the text format of Prometheus: a file, for the textfile collector of its
 * node exporter.
 *
 * @param lastRun the newest run that has ended
 * @param lastSuccess the newest that succeeded
 */
record BaselineMetrics(
        Optional<BaselineRuns.Run> lastRun,
        Optional<BaselineRuns.Run> lastSuccess,
        boolean running,
        Optional<Instant> next) {
    private static final int RUNS = 100;

    static BaselineMetrics ask(Connection database) throws SQLException {
        var learnt =
                BaselineRuns.newest(database, null, RUNS).stream()
                        .filter(run -> run.kind().equals("LEARN") && run.finishedAt() != null)
                        .toList();
        return new BaselineMetrics(
                learnt.stream().findFirst(),
                learnt.stream().filter(run -> run.outcome().equals("SUCCEEDED")).findFirst(),
                BaselineLock.holder(database).isPresent(),
                BaselineSchedule.next(database));
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
        next.ifPresent(
                time ->
                        add(
                                text,
                                "hrm_baseline_next_run_timestamp_seconds",
                                "When the next run is due.",
                                time.getEpochSecond()));
        return text.toString();
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
