package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonInclude;
import hrm.functions.detection.Jump;
import hrm.functions.detection.Limits;
import hrm.functions.detection.Reference;
import hrm.functions.detection.Reference.InForce;
import hrm.functions.features.Stillness;
import hrm.functions.judgement.Judgement;
import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every name that a condition can use, as it was for one reading, and where it comes from. */
final class ValueReport {
    private final Reading reading;
    private final InForce inForce;
    private final Values values;

    /**
     * @param value as a condition sees it: number, true or false, text; a duration in seconds, a
     *     list's length; null when unknown
     * @param text the same for people
     * @param source where it comes from; of an unknown one, why it is unknown
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Row(String name, Object value, String text, String source, String meaning) {}

    /**
     * @param readings of one device, by time; the last is the one that is told of
     */
    ValueReport(Reference reference, List<Reading> readings) {
        this.reading = readings.get(readings.size() - 1);
        this.inForce = reference.at(reading.timestampMs());
        this.values = Judgement.values(reference, readings);
    }

    List<Row> rows() {
        return Arrays.stream(Name.values()).map(this::row).toList();
    }

    private Row row(Name name) {
        boolean known = values.known(name);
        return new Row(
                name.text(),
                known ? value(name) : null,
                known ? text(name) : "unknown",
                known ? source(name) : whyUnknown(name),
                name.meaning());
    }

    private Object value(Name name) {
        return switch (name.type()) {
            case TEXT -> values.text(name);
            case BOOL -> values.get(name) == 1;
            case NUMBER, DURATION, LIST -> values.get(name);
        };
    }

    private String text(Name name) {
        double number = values.get(name);
        return switch (name.type()) {
            case TEXT -> "'" + values.text(name) + "'";
            case BOOL -> number == 1 ? "true" : "false";
            case NUMBER -> String.format(Locale.ROOT, "%.2f", number).replaceAll("\\.?0+$", "");
            case DURATION -> Words.duration(Duration.ofMillis(Math.round(number * 1000)));
            case LIST -> Words.count(Math.round(number), "value", "values");
        };
    }

    private String source(Name name) {
        return switch (name) {
            case BPM, STEPS, RR, ACTIVITY, SENSOR_CONTACT, CONFIDENCE -> "the reading";
            case STILL_MINUTES, AT_REST -> "feature: the steps of the readings before";
            case GAP, DELTA_BPM -> "feature: the reading before";
            case HOUR -> "feature: local time, " + zone();
            case RMSSD -> "feature: the reading's RR intervals";
            case MEAN_BPM, SLOPE_BPM -> "feature: the last 5 minutes";
            case DEVIATION_SCORE, DEVIATION_DIRECTION ->
                    "detector: bpm against the baseline of run " + inForce.baseline().runId();
            case JUMP_SCORE, JUMP_DIRECTION, JUMP_DELTA -> "detector: the last 5 minutes";
            case SENSOR_SCORE, SENSOR_STUCK, SENSOR_IMPLAUSIBLE -> "detector: the values before";
            case SENSOR_NOT_WORN -> "detector: the reading's sensor_contact";
            case BASELINE_STATE -> inForce.baseline() == null ? "no baseline yet" : baseline();
            case BASELINE_RESTING, BASELINE_P01, BASELINE_P50, BASELINE_P99, BASELINE_MAD ->
                    baseline();
            case LIMITS_HIGH -> limit(values.highSource());
            case LIMITS_LOW -> limit(values.lowSource());
        };
    }

    private String zone() {
        return inForce.profile() == null
                ? "UTC since there is no profile"
                : inForce.zone().getId() + " by the profile";
    }

    private String limit(LimitSource source) {
        return switch (source) {
            case PROFILE ->
                    "the profile of "
                            + AlertLines.dated().format(inForce.profile().effectiveFrom());
            case BASELINE -> baseline();
            case DEFAULT ->
                    "the general limits of "
                            + Words.number(Limits.DEFAULT_HIGH)
                            + " and "
                            + Words.number(Limits.DEFAULT_LOW);
            case PATTERN -> "the pattern";
        };
    }

    private String baseline() {
        return "baseline of run "
                + inForce.baseline().runId()
                + ", in force since "
                + AlertLines.dated().format(inForce.baseline().effectiveFrom());
    }

    private String whyUnknown(Name name) {
        return switch (name) {
            case BPM -> "the device sent no heart rate";
            case STEPS -> "the device sent no steps with this reading";
            case RR -> "the device sent no RR intervals";
            case ACTIVITY -> "the device names no activity";
            case SENSOR_CONTACT, SENSOR_NOT_WORN -> "the device says nothing of skin contact";
            case CONFIDENCE -> "the device says nothing of its confidence";
            case STILL_MINUTES -> "no steps reported in the last 5 minutes";
            case AT_REST -> whyRestIsUnknown();
            case GAP -> "no reading before it in the stored history that was read";
            case DELTA_BPM ->
                    reading.hasBpm()
                            ? "no heart rate in the 5 minutes before"
                            : "the device sent no heart rate";
            case HOUR -> "not set";
            case RMSSD ->
                    reading.rrIntervalsMs() == null
                            ? "the device sent no RR intervals"
                            : "no two neighbouring RR intervals are normal beats";
            case MEAN_BPM -> "no heart rate in the last 5 minutes";
            case SLOPE_BPM -> "less than a minute of heart rates in the last 5";
            case DEVIATION_SCORE, DEVIATION_DIRECTION ->
                    reading.hasBpm()
                            ? "no baseline to compare with: " + whyCellIsUnknown()
                            : "the device sent no heart rate";
            case JUMP_SCORE, JUMP_DIRECTION, JUMP_DELTA ->
                    reading.hasBpm()
                            ? "fewer than " + Jump.FEWEST + " values in the last 5 minutes"
                            : "the device sent no heart rate";
            case SENSOR_SCORE, SENSOR_STUCK, SENSOR_IMPLAUSIBLE -> "the device sent no heart rate";
            case BASELINE_STATE, LIMITS_HIGH, LIMITS_LOW -> "not set";
            case BASELINE_RESTING ->
                    isReady() ? "no night of the window was usable" : whyNotReady();
            case BASELINE_P01, BASELINE_P50, BASELINE_P99, BASELINE_MAD -> whyCellIsUnknown();
        };
    }

    private String whyRestIsUnknown() {
        return values.known(Name.STILL_MINUTES)
                ? "still since its first reading, which is less than "
                        + Stillness.REST_MINUTES
                        + " minutes ago"
                : "no steps reported in the last 5 minutes";
    }

    private boolean isReady() {
        return inForce.baseline() != null && inForce.baseline().state() == Baseline.State.READY;
    }

    private String whyNotReady() {
        var baseline = inForce.baseline();
        return baseline == null
                ? "there is no baseline yet (LEARNING)"
                : "the baseline of run "
                        + baseline.runId()
                        + " is "
                        + baseline.state()
                        + ", from "
                        + Words.count(baseline.daysUsed(), "usable day", "usable days");
    }

    private String whyCellIsUnknown() {
        if (!isReady()) {
            return whyNotReady();
        }
        if (!values.known(Name.AT_REST)) {
            return "at_rest is unknown, so at rest or active is";
        }
        int group = Baseline.hourGroup((int) values.get(Name.HOUR));
        return String.format(
                Locale.ROOT,
                "the baseline has too few readings %s from %02d to %02d h",
                values.get(Name.AT_REST) == 1 ? "at rest" : "active",
                group * 3,
                group * 3 + 3);
    }
}
