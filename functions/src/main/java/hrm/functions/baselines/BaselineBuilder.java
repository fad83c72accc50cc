package hrm.functions.baselines;

import hrm.functions.Histogram;
import hrm.model.Baseline;
import hrm.model.Baseline.State;
import hrm.model.BaselineLineage;
import hrm.model.BaselineLineage.Excluded;
import hrm.model.BaselineLineage.Night;
import hrm.model.BaselineLineage.Reason;
import hrm.model.LearntBaseline;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Makes a person's baseline of the days of a window. The statistics are robust (quantiles, median,
 * MAD), so that a few faulty readings do not move them; a cell that rests on little is left out.
 *
 * <p>A usable day is one that was worn for long enough and on which the person was not ill. Being
 * ill makes nothing stale: what was normal before still is.
 *
 * <pre>
 *   a day worn for long enough in the last 14 days?
 *     no, but one before ─────────────────────────────▶ STALE
 *     else: 7 usable days or more?
 *       yes: any cell known? yes ─────────────────────▶ READY
 *                            no  ─────────────────────▶ INSUFFICIENT
 *       no:  first reading 14 days ago or earlier? yes ▶ INSUFFICIENT
 *                                                  no  ▶ LEARNING
 * </pre>
 */
public final class BaselineBuilder {
    /** Four weeks: each weekday four times. */
    public static final int WINDOW_DAYS = 28;

    /** A week: each weekday once. */
    public static final int DAYS_TO_LEARN = 7;

    /** Two weeks without a usable day, and what was normal need not be so any more. */
    public static final int DAYS_TO_STALE = 14;

    /** Two weeks of wearing it, and 7 usable days should be among them. */
    public static final int DAYS_TO_INSUFFICIENT = 14;

    /** A day is usable from four hours on: a night, or half a working day. */
    public static final int USABLE_MINUTES = 240;

    /** A night's resting heart rate needs an hour of still minutes. */
    public static final int NIGHT_MINUTES = 60;

    /**
     * A cell needs an hour in all, so that its first and 99th percentile do not rest on one minute
     * …
     */
    public static final int CELL_MINUTES = 60;

    /** … and three days, so that one odd day is not taken for the habit. */
    public static final int CELL_DAYS = 3;

    private final TreeMap<Long, DayHistograms> days = new TreeMap<>();
    private final Set<Long> ill = new HashSet<>();

    /** Adds a day of one device; days of several devices are merged. */
    public void add(DayHistograms day) {
        days.computeIfAbsent(day.epochDay(), DayHistograms::new).merge(day);
    }

    public void addAll(Collection<DayHistograms> several) {
        several.forEach(this::add);
    }

    /** The person was ill on this local day: it is not to be used. */
    public void ill(long epochDay) {
        ill.add(epochDay);
    }

    /**
     * Drops days that no window reaches any more.
     *
     * @param epochDay local day, counted from 1970-01-01; those before it go
     */
    public void forgetBefore(long epochDay) {
        days.headMap(epochDay).clear();
    }

    /**
     * @param userId whose days were added
     * @param runId the run that computes it
     * @param asOfDay local day, counted from 1970-01-01; the window is the {@value #WINDOW_DAYS}
     *     days before it, and later days do not count
     * @param effectiveFrom event time from which readings are judged by it
     */
    public Baseline build(String userId, String runId, long asOfDay, Instant effectiveFrom) {
        var window = window(asOfDay);
        var usable = usable(window);
        var cells = cells(usable);
        return new Baseline(
                userId,
                runId,
                effectiveFrom,
                state(window, usable, cells, asOfDay),
                restingBpm(usable),
                cells,
                usable.size(),
                readings(usable),
                WINDOW_DAYS);
    }

    /**
     * The same with where it comes from; what was read for it is left 0.
     *
     * @param zone of the days
     */
    public LearntBaseline learn(
            String userId, String runId, long asOfDay, Instant effectiveFrom, ZoneId zone) {
        var excluded = new ArrayList<Excluded>();
        for (var day : window(asOfDay)) {
            if (!isWorn(day) || isIll(day)) {
                excluded.add(
                        new Excluded(
                                LocalDate.ofEpochDay(day.epochDay()),
                                isIll(day) ? Reason.ILLNESS : Reason.WORN_TOO_LITTLE,
                                day.wornMinutes()));
            }
        }
        var nights =
                usable(window(asOfDay)).stream()
                        .filter(BaselineBuilder::hasNight)
                        .map(day -> new Night(LocalDate.ofEpochDay(day.epochDay()), day.nightBpm()))
                        .toList();
        return new LearntBaseline(
                build(userId, runId, asOfDay, effectiveFrom),
                new BaselineLineage(
                        zone.getId(),
                        LocalDate.ofEpochDay(asOfDay - WINDOW_DAYS),
                        LocalDate.ofEpochDay(asOfDay - 1),
                        0,
                        0,
                        0,
                        excluded,
                        nights));
    }

    private Collection<DayHistograms> window(long asOfDay) {
        return days.subMap(asOfDay - WINDOW_DAYS, asOfDay).values();
    }

    private List<DayHistograms> usable(Collection<DayHistograms> window) {
        return window.stream().filter(day -> isWorn(day) && !isIll(day)).toList();
    }

    private static boolean isWorn(DayHistograms day) {
        return day.wornMinutes() >= USABLE_MINUTES;
    }

    private boolean isIll(DayHistograms day) {
        return ill.contains(day.epochDay());
    }

    private static boolean hasNight(DayHistograms day) {
        return day.nightMinutes() >= NIGHT_MINUTES;
    }

    private static State state(
            Collection<DayHistograms> window,
            List<DayHistograms> usable,
            List<Baseline.Cell> cells,
            long asOfDay) {
        if (window.isEmpty()) {
            return State.STALE;
        }
        var lastWorn =
                window.stream()
                        .filter(BaselineBuilder::isWorn)
                        .mapToLong(DayHistograms::epochDay)
                        .max();
        if (lastWorn.isPresent() && lastWorn.getAsLong() < asOfDay - DAYS_TO_STALE) {
            return State.STALE;
        }
        if (usable.size() >= DAYS_TO_LEARN) {
            return cells.isEmpty() ? State.INSUFFICIENT : State.READY;
        }
        long first = window.iterator().next().epochDay();
        return first <= asOfDay - DAYS_TO_INSUFFICIENT ? State.INSUFFICIENT : State.LEARNING;
    }

    private static List<Baseline.Cell> cells(List<DayHistograms> usable) {
        var cells = new ArrayList<Baseline.Cell>();
        for (int group = 0; group < Baseline.HOUR_GROUPS; group++) {
            addCell(group, false, usable, cells);
            addCell(group, true, usable, cells);
        }
        return cells;
    }

    private static void addCell(
            int group, boolean atRest, List<DayHistograms> usable, List<Baseline.Cell> cells) {
        var bpm = new Histogram();
        int minutes = 0;
        int daysWithAny = 0;
        for (var day : usable) {
            int minutesOfDay = 0;
            for (int hour = 0; hour < DayHistograms.HOURS; hour++) {
                if (Baseline.hourGroup(hour) == group) {
                    bpm.merge(day.bpm(hour, atRest));
                    minutesOfDay += day.minutes(hour, atRest);
                }
            }
            minutes += minutesOfDay;
            daysWithAny += minutesOfDay > 0 ? 1 : 0;
        }
        if (minutes >= CELL_MINUTES && daysWithAny >= CELL_DAYS) {
            cells.add(
                    new Baseline.Cell(
                            group,
                            atRest,
                            bpm.total(),
                            bpm.percentile(1),
                            bpm.median(),
                            bpm.percentile(99),
                            bpm.mad()));
        }
    }

    /** Each night has one voice, so that a long one does not outweigh the others. */
    private static Double restingBpm(List<DayHistograms> usable) {
        double[] nights =
                usable.stream()
                        .filter(BaselineBuilder::hasNight)
                        .mapToDouble(DayHistograms::nightBpm)
                        .toArray();
        return nights.length == 0 ? null : new Median().evaluate(nights);
    }

    private static long readings(List<DayHistograms> usable) {
        long readings = 0;
        for (var day : usable) {
            for (int hour = 0; hour < DayHistograms.HOURS; hour++) {
                readings += day.bpm(hour, true).total() + day.bpm(hour, false).total();
            }
        }
        return readings;
    }
}
