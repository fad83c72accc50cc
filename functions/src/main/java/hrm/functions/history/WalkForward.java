package hrm.functions.history;

import hrm.functions.LocalClock;
import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.detection.Reference;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Reading;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes a person's baselines on the way: at the first reading of a local day one of the days before
 * it, which holds from that day's beginning. Remembers a window's days of histograms and no more.
 */
final class WalkForward {
    private final String userId;
    private final Reference reference;
    private final BaselineBuilder builder = new BaselineBuilder();
    private final Map<String, DayGatherer> devices = new HashMap<>();
    private boolean anyDays;
    private long tomorrowMs = Long.MIN_VALUE;
    private ZoneId zone;
    private Baseline newest;

    WalkForward(String userId, Reference reference) {
        this.userId = userId;
        this.reference = reference;
    }

    /**
     * Before a reading is judged.
     *
     * @param reading not of a day before that of the one before
     */
    void meet(Reading reading) {
        long now = reading.timestampMs();
        if (now >= tomorrowMs) {
            zone = reference.zone(now);
            begin(LocalClock.epochDay(now, zone));
        }
        var device = devices.get(reading.deviceId());
        if (device == null) {
            device = new DayGatherer();
            devices.put(reading.deviceId(), device);
        }
        device.add(reading, zone);
    }

    private void begin(long epochDay) {
        var date = LocalDate.ofEpochDay(epochDay);
        // Where the zone has changed, the day may have begun among readings that are judged.
        long fromMs = Math.max(date.atStartOfDay(zone).toInstant().toEpochMilli(), tomorrowMs);
        tomorrowMs = date.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        for (var device : devices.values()) {
            var days = device.takeBefore(epochDay);
            anyDays |= !days.isEmpty();
            builder.addAll(days);
        }
        if (!anyDays) {
            return;
        }
        builder.forgetBefore(epochDay - BaselineBuilder.WINDOW_DAYS);
        var before = newest;
        newest =
                builder.build(
                        userId, "walk-forward-" + date, epochDay, Instant.ofEpochMilli(fromMs));
        // The last minute before is judged by the reading after it, and by what was in force then.
        reference.baselines(
                new Baselines(
                        userId, Stream.of(before, newest).filter(one -> one != null).toList()));
    }
}
