package hrm.patterns;

/**
 * One reading or minute of a device, as a pattern sees it. Times in milliseconds since the epoch.
 * For a reading all three are its timestamp.
 *
 * @param values valid during the call only
 * @param startMs when it begins; what windows are measured by
 * @param endMs when it ends; a minute's start plus 60 s
 * @param decidedAtMs the reading that lets it be judged: itself, or the first reading after the
 *     minute
 */
public record Input(Values values, long startMs, long endMs, long decidedAtMs) {
    public static Input reading(Values values, long timestampMs) {
        return new Input(values, timestampMs, timestampMs, timestampMs);
    }
}
