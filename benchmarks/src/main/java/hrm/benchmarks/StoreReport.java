package hrm.benchmarks;

import hrm.benchmarks.StoreSide.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the runs of the store say. */
final class StoreReport {
    private final long readings;
    private final double bar;
    private final List<Run> runs;

    /**
     * @param readings how many were in the topic
     * @param bar how many times as fast minute rows must be
     * @param runs at least one of each side
     */
    StoreReport(long readings, double bar, List<Run> runs) {
        this.readings = readings;
        this.bar = bar;
        this.runs = List.copyOf(runs);
    }

    /** How many times as fast minute rows are, by the mean time of all rounds. */
    double ratio() {
        return meanMs(StoreSide.ROWS) / meanMs(StoreSide.MINUTES);
    }

    private double meanMs(StoreSide side) {
        return runs.stream()
                .filter(run -> run.side() == side)
                .mapToLong(run -> run.took().toMillis())
                .average()
                .orElseThrow();
    }

    /** Whether every table held every reading, and all the same. */
    boolean isComplete() {
        return runs.stream().map(Run::contents).distinct().count() == 1
                && runs.get(0).contents().readings() == readings;
    }

    boolean isMet() {
        return isComplete() && ratio() >= bar;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "%-18s %10s %8s %8s %11s %21s %6s"
                        .formatted(
                                "",
                                "readings/s",
                                "99 %, s",
                                "B each",
                                "CPU s:  PG",
                                "Flink     Kafka",
                                "load"));
        for (var run : runs) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%-18s %,10.0f %8.1f %8.1f %11d %11d %9d %6.1f",
                            run.side().title,
                            run.rate(),
                            run.took().toMillis() / 1e3,
                            (double) run.bytes() / readings,
                            run.cpu().postgres().toSeconds(),
                            run.cpu().flink().toSeconds(),
                            run.cpu().kafka().toSeconds(),
                            run.load()));
        }
        lines.add("");
        lines.add(
                isComplete()
                        ? String.format(
                                Locale.ROOT,
                                "Every table held the same %,d readings (count and hash of all columns).",
                                readings)
                        : "The tables do not hold the same: " + contents());
        lines.add(
                String.format(
                        Locale.ROOT,
                        "Minute rows are %.1f times as fast as a row per reading, and take %.0f %% of the"
                                + " bytes.",
                        ratio(),
                        100.0 * bytes(StoreSide.MINUTES) / bytes(StoreSide.ROWS)));
        if (bar > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "The bar is %.1f times: %s.",
                            bar,
                            isMet() ? "met" : "not met"));
        }
        return lines;
    }

    private String contents() {
        return String.join(
                ", ",
                runs.stream()
                        .map(
                                run ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %,d readings with hash %x",
                                                run.side().title,
                                                run.contents().readings(),
                                                run.contents().hash()))
                        .toList());
    }

    private long bytes(StoreSide side) {
        return runs.stream()
                .filter(run -> run.side() == side)
                .mapToLong(Run::bytes)
                .max()
                .orElseThrow();
    }
}
