package hrm.functions.baselines;

import hrm.functions.LocalClock;
import hrm.model.MinuteRow;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns one person's minutes into their local days. Each day is learnt for itself, from the hour
 * before its midnight on, so that reading one day again gives what reading all of them does.
 */
public final class PersonDays {
    private static final long WARM_UP_MS = DayGatherer.WARM_UP_MINUTES * 60_000L;
    private static final long NO_DAY = Long.MIN_VALUE;

    private final Map<String, Device> devices = new HashMap<>();
    private final TreeMap<Long, Day> days = new TreeMap<>();

    /** A local day and what was read for it. */
    public static final class Day {
        private final DayHistograms histograms;
        private int minutes;
        private int readings;

        private Day(long epochDay) {
            histograms = new DayHistograms(epochDay);
        }

        public DayHistograms histograms() {
            return histograms;
        }

        /** How many minutes, of all devices. */
        public int minutes() {
            return minutes;
        }

        /** How many readings, faulty ones included. */
        public int readings() {
            return readings;
        }
    }

    private final class Device {
        private long today = NO_DAY;
        private DayGatherer gatherer;
        private DayGatherer tomorrows;

        void add(HistoryMinute history) {
            var minute = history.minute();
            long epochDay = LocalClock.epochDay(minute.minuteMs(), history.zone());
            if (epochDay != today) {
                finish();
                gatherer =
                        tomorrows != null && epochDay == today + 1 ? tomorrows : new DayGatherer();
                tomorrows = null;
                today = epochDay;
            }
            if (isLearnt(epochDay, history)) {
                feed(gatherer, minute, history.zone());
                var day = days.computeIfAbsent(epochDay, Day::new);
                day.minutes++;
                day.readings += minute.readings().size();
            }
            long soon = LocalClock.epochDay(minute.minuteMs() + WARM_UP_MS, history.zone());
            if (soon == epochDay + 1 && isLearnt(soon, history)) {
                if (tomorrows == null) {
                    tomorrows = new DayGatherer();
                }
                feed(tomorrows, minute, history.zone());
            }
        }

        private static boolean isLearnt(long epochDay, HistoryMinute history) {
            return epochDay >= history.firstDay() && epochDay <= history.lastDay();
        }

        private static void feed(DayGatherer gatherer, MinuteRow minute, ZoneId zone) {
            minute.readings().forEach(reading -> gatherer.add(reading, zone));
        }

        void finish() {
            var day = days.get(today);
            if (day != null) {
                // A gatherer knows the hour before, too.
                gatherer.days().stream()
                        .filter(one -> one.epochDay() == today)
                        .forEach(day.histograms::merge);
            }
        }
    }

    /**
     * @param history of each device, later than the one before
     */
    public void add(HistoryMinute history) {
        devices.computeIfAbsent(history.minute().deviceId(), id -> new Device()).add(history);
    }

    /** The days, oldest first, when the last minute has come. */
    public Collection<Day> finish() {
        devices.values().forEach(Device::finish);
        devices.clear();
        return days.values();
    }
}
