package hrm.functions.flink;

import hrm.functions.LocalClock;
import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayHistograms;
import hrm.functions.baselines.PersonWindow;
import hrm.model.Baseline;
import hrm.model.LearntBaseline;
import hrm.model.PersonDay;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keyed by person, in BATCH: merges the days that were read now with those that are stored to a
 * person's baseline. Of a day that is both, what was read now counts.
 *
 * <p>Who has the same window as in the run before, and the same numbers, gets no new version.
 */
public final class LearnBaseline
        extends KeyedCoProcessFunction<String, PersonDay, PersonWindow, LearntBaseline> {
    /** Accumulator of the job: people about whom there was nothing new to say. */
    public static final String UNCHANGED = "unchanged";

    private static final long serialVersionUID = 1L;

    private final String runId;
    private final Instant asOf;
    private final Instant effectiveFrom;
    private final boolean everybody;

    // Not keyed state: BATCH finishes a person before it begins the next, and has no checkpoints.
    private transient List<PersonDay> read;
    private transient PersonWindow stored;

    private transient LongCounter unchanged;

    /**
     * @param asOf the window ends with the local day before it
     * @param everybody also who has nothing new gets a version
     */
    public LearnBaseline(String runId, Instant asOf, Instant effectiveFrom, boolean everybody) {
        this.runId = runId;
        this.asOf = asOf;
        this.effectiveFrom = effectiveFrom;
        this.everybody = everybody;
    }

    @Override
    public void open(OpenContext context) {
        unchanged = new LongCounter();
        getRuntimeContext().addAccumulator(UNCHANGED, unchanged);
        read = new ArrayList<>();
    }

    @Override
    public void processElement1(PersonDay day, Context context, Collector<LearntBaseline> out) {
        read.add(day);
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    @Override
    public void processElement2(
            PersonWindow window, Context context, Collector<LearntBaseline> out) {
        stored = window;
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<LearntBaseline> out)
            throws IOException {
        var zone = ZoneId.of(stored == null ? read.get(0).timeZone() : stored.zoneId());
        long today = LocalDate.ofInstant(asOf, zone).toEpochDay();
        var newest = stored == null ? null : stored.newest();
        var days = days(today);
        if (!days.isEmpty() || isToBecomeStale(newest)) {
            var builder = new BaselineBuilder();
            builder.addAll(days.values());
            excludeIllness(builder, zone);
            var learnt = builder.learn(context.getCurrentKey(), runId, today, effectiveFrom, zone);
            if (everybody || isNews(learnt, newest)) {
                out.collect(withRead(learnt));
            } else {
                unchanged.add(1);
            }
        }
        read.clear();
        stored = null;
    }

    /** Of the window. */
    private TreeMap<Long, DayHistograms> days(long today) throws IOException {
        var days = new TreeMap<Long, DayHistograms>();
        if (stored != null) {
            addAll(stored.histograms(), days);
        }
        for (var day : read) {
            if (day.day().toEpochDay() >= today - BaselineBuilder.WINDOW_DAYS) {
                addAll(day.histograms(), days);
            }
        }
        return new TreeMap<>(days.subMap(today - BaselineBuilder.WINDOW_DAYS, today));
    }

    private static void addAll(byte[] packed, TreeMap<Long, DayHistograms> days)
            throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(packed));
        while (in.available() > 0) {
            var day = DayHistograms.read(in);
            days.put(day.epochDay(), day);
        }
    }

    /** Whoever has no day in the window any more is told so once. */
    private static boolean isToBecomeStale(LearntBaseline newest) {
        return newest != null && newest.baseline().state() != Baseline.State.STALE;
    }

    private void excludeIllness(BaselineBuilder builder, ZoneId zone) {
        if (stored == null) {
            return;
        }
        long untilMs = asOf.toEpochMilli();
        for (var illness : stored.illnesses()) {
            long last = LocalClock.epochDay(Math.min(illness.resolvedMs() - 1, untilMs), zone);
            for (long day = LocalClock.epochDay(illness.onsetMs(), zone); day <= last; day++) {
                builder.ill(day);
            }
        }
    }

    private boolean isNews(LearntBaseline learnt, LearntBaseline newest) {
        if (newest == null || newest.lineage() == null) {
            return true;
        }
        var now = learnt.baseline();
        var before = newest.baseline();
        boolean same =
                now.state() == before.state()
                        && now.cells().equals(before.cells())
                        && now.daysUsed() == before.daysUsed()
                        && now.readingsUsed() == before.readingsUsed()
                        && learnt.lineage()
                                .withRead(0, 0, 0)
                                .equals(newest.lineage().withRead(0, 0, 0));
        return !same || before.effectiveFrom().isAfter(effectiveFrom);
    }

    private LearntBaseline withRead(LearntBaseline learnt) {
        long minutes = 0;
        long readings = 0;
        for (var day : read) {
            minutes += day.minutes();
            readings += day.readings();
        }
        return new LearntBaseline(
                learnt.baseline(), learnt.lineage().withRead(read.size(), minutes, readings));
    }
}
