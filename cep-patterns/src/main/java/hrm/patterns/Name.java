package hrm.patterns;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every value a condition can use, by the name a pattern file says. {@code functions} fills them in
 * {@link Values}; the checker knows their types. Unknown is a state each can be in.
 */
public enum Name {
    BPM("bpm", Type.NUMBER, "heart rate, beats per minute; of a minute, the median"),
    STEPS("steps", Type.NUMBER, "steps of this minute so far; of a minute, the greatest"),
    RR("rr", Type.LIST, "RR intervals of the reading; use size(rr) and exists(rr)"),
    ACTIVITY("activity", Type.TEXT, "the device's own word for what the person does"),
    SENSOR_CONTACT("sensor_contact", Type.BOOL, "whether the sensor touches the skin"),
    CONFIDENCE("confidence", Type.NUMBER, "the device's trust in the reading, 0 to 1"),

    STILL_MINUTES(
            "still_minutes",
            Type.NUMBER,
            "minutes without a step; unknown where the device reports no steps"),
    AT_REST("at_rest", Type.BOOL, "still for 12 minutes"),
    GAP("gap", Type.DURATION, "time since this device's previous reading"),
    DELTA_BPM("delta_bpm", Type.NUMBER, "bpm minus the previous reading's bpm"),
    HOUR("hour", Type.NUMBER, "hour of the person's local day, 0 to 23"),
    RMSSD("rmssd", Type.NUMBER, "short-term variability of the reading's RR intervals, ms"),
    MEAN_BPM("mean_bpm", Type.NUMBER, "mean bpm of the last 5 minutes"),
    SLOPE_BPM("slope_bpm", Type.NUMBER, "slope of bpm over the last 5 minutes, bpm per minute"),

    DEVIATION_SCORE(
            "deviation.score",
            Type.NUMBER,
            "robust z against the baseline of this hour and rest or active, signed"),
    DEVIATION_DIRECTION(
            "deviation.direction", Type.NUMBER, "1 above the baseline's median, -1 below, 0 on it"),
    JUMP_SCORE(
            "jump.score",
            Type.NUMBER,
            "sudden change: bpm against the person's own last minutes, in their spread, signed"),
    JUMP_DIRECTION("jump.direction", Type.NUMBER, "1 up, -1 down, 0 none"),
    JUMP_DELTA("jump.delta", Type.NUMBER, "bpm minus the median of the last minutes"),
    SENSOR_SCORE("sensor.score", Type.NUMBER, "0 plausible to 1 certainly a sensor fault"),
    SENSOR_STUCK("sensor.stuck", Type.BOOL, "the same value for too long"),
    SENSOR_IMPLAUSIBLE("sensor.implausible", Type.BOOL, "a change that no heart makes"),
    SENSOR_NOT_WORN("sensor.not_worn", Type.BOOL, "no contact with the skin"),

    BASELINE_STATE("baseline.state", Type.TEXT, "LEARNING, READY, STALE or INSUFFICIENT"),
    BASELINE_RESTING("baseline.resting", Type.NUMBER, "resting heart rate of the nights, bpm"),
    BASELINE_P01(
            "baseline.p01", Type.NUMBER, "first percentile for this hour and rest or active, bpm"),
    BASELINE_P50("baseline.p50", Type.NUMBER, "median for this hour and rest or active, bpm"),
    BASELINE_P99(
            "baseline.p99", Type.NUMBER, "99th percentile for this hour and rest or active, bpm"),
    BASELINE_MAD(
            "baseline.mad",
            Type.NUMBER,
            "median absolute deviation for this hour and rest or active, bpm"),

    LIMITS_HIGH(
            "limits.high",
            Type.NUMBER,
            "bpm above which to tell: profile, else baseline, else 120"),
    LIMITS_LOW(
            "limits.low", Type.NUMBER, "bpm below which to tell: profile, else baseline, else 40");

    /** Types of values in conditions. */
    public enum Type {
        NUMBER,
        BOOL,
        TEXT,
        /** Held in seconds. */
        DURATION,
        /** Held as its length. */
        LIST
    }

    private static final Map<String, Name> BY_TEXT = new LinkedHashMap<>();

    static {
        Arrays.stream(values()).forEach(name -> BY_TEXT.put(name.text, name));
    }

    private final String text;
    private final Type type;
    private final String meaning;

    Name(String text, Type type, String meaning) {
        this.text = text;
        this.type = type;
        this.meaning = meaning;
    }

    /** As pattern files say it, {@code deviation.score}. */
    public String text() {
        return text;
    }

    public Type type() {
        return type;
    }

    /** What it is, with its unit, for documentation and {@code hrm values}. */
    public String meaning() {
        return meaning;
    }

    public static Map<String, Name> byText() {
        return Collections.unmodifiableMap(BY_TEXT);
    }
}
