package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.importers.AppleRecords.Entry;
import hrm.importers.Intake.Place;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.RejectReason;
import java.io.IOException;
import java.util.List;

/**
 * Apple Health's {@code export.xml}, alone or in its zip archive: records of heart rate and steps.
 * It names nobody; the source's name is the device.
 *
 * <p>Steps come behind the heart rates, so the file is read twice. They come as intervals, from the
 * watch and from the phone, and are spread over their minutes; of several counters the greatest
 * counts. A minute between two steps of a day without a step of its own has none.
 */
final class AppleHealthFormat implements Format {
    private static final String HEART_RATE = "HKQuantityTypeIdentifierHeartRate";
    private static final String STEPS = "HKQuantityTypeIdentifierStepCount";
    private static final long LONGEST_STEPS_MS = 3_600_000;

    @Override
    public String name() {
        return "apple-health";
    }

    @Override
    public int passes() {
        return 2;
    }

    @Override
    public boolean recognises(Source source) throws IOException {
        var head = new String(source.head(), UTF_8);
        return head.contains("<!DOCTYPE " + AppleRecords.ROOT)
                || head.contains("<" + AppleRecords.ROOT);
    }

    @Override
    public void read(List<Source> sources, Intake intake) throws IOException {
        for (var source : sources) {
            var steps = new MinuteSteps(true);
            AppleRecords.read(
                    source,
                    intake,
                    STEPS::equals,
                    false,
                    (entry, place) -> readSteps(entry, place, steps, intake));
            AppleRecords.read(
                    source,
                    intake,
                    type -> type.equals(HEART_RATE) || type.equals(STEPS),
                    true,
                    (entry, place) -> readHeartRate(entry, place, steps, intake));
        }
    }

    private static void readSteps(Entry entry, Place place, MinuteSteps steps, Intake intake) {
        long from;
        long until;
        double count;
        try {
            from = time(entry.startDate(), "startDate");
            until = time(entry.endDate(), "endDate");
            count = number(entry.value());
        } catch (IllegalArgumentException e) {
            intake.reject(place, RejectReason.WRONG_TYPE, e.getMessage());
            return;
        }
        if (until < from || count < 0 || count > ReadingCodec.MAX_STEPS) {
            intake.reject(
                    place,
                    RejectReason.STEPS_OUT_OF_RANGE,
                    "steps must be 0 to 32767, and not end before they begin");
        } else if (until - from > LONGEST_STEPS_MS) {
            intake.reject(
                    place,
                    FileReason.LONG_STEPS,
                    "steps of more than an hour say nothing of a minute");
        } else {
            steps.spread(device(entry), from, until, (int) Math.round(count));
        }
    }

    private static void readHeartRate(Entry entry, Place place, MinuteSteps steps, Intake intake) {
        if (!entry.type().equals(HEART_RATE)) {
            return;
        }
        if (entry.value() == null || entry.startDate() == null) {
            intake.reject(
                    place,
                    RejectReason.MISSING_FIELD,
                    (entry.value() == null ? "value" : "startDate") + " is missing");
            return;
        }
        if (entry.unit() != null && !entry.unit().equals("count/min")) {
            intake.reject(place, FileReason.WRONG_UNIT, "unit must be count/min");
            return;
        }
        long at;
        double bpm;
        try {
            at = time(entry.startDate(), "startDate");
            bpm = number(entry.value());
        } catch (IllegalArgumentException e) {
            intake.reject(place, RejectReason.WRONG_TYPE, e.getMessage());
            return;
        }
        intake.reading(
                null,
                entry.sourceName() == null ? intake.device(Reading.DEFAULT_DEVICE) : device(entry),
                at,
                bpm,
                steps.at(at),
                activity(entry.motion()),
                Double.NaN,
                place);
    }

    private static String device(Entry entry) {
        return entry.sourceName() == null ? "" : entry.sourceName();
    }

    private static String activity(String motion) {
        return "1".equals(motion) ? "sedentary" : "2".equals(motion) ? "active" : null;
    }

    private static double number(String text) {
        try {
            double value = text == null ? Double.NaN : Double.parseDouble(text);
            if (!Double.isNaN(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Says it below, without the value.
        }
        throw new IllegalArgumentException("value must be a number");
    }

    /** {@code 2024-01-31 08:15:30 +0100}. */
    private static long time(String text, String name) {
        if (text != null
                && text.length() == 25
                && text.charAt(19) == ' '
                && (text.charAt(20) == '+' || text.charAt(20) == '-')) {
            try {
                long local = CsvReadings.timestamp(text.substring(0, 19));
                int offset = Integer.parseInt(text.substring(21));
                long minutes = offset / 100 * 60L + offset % 100;
                return local - (text.charAt(20) == '+' ? minutes : -minutes) * 60_000;
            } catch (IllegalArgumentException e) {
                // Says it below, without the value.
            }
        }
        throw new IllegalArgumentException(name + " must be like 2024-01-31 08:15:30 +0100");
    }
}
