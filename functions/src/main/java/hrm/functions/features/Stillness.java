package hrm.functions.features;

import static hrm.functions.Packed.NONE;

import hrm.functions.Packed;
import hrm.patterns.Truth;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Since when a person has not made a step, as one device counts them. The feature and the baseline
 * share this class, so that both mean the same by "at rest".
 *
 * <pre>
 *              steps > 0                          steps > 0
 *  (unknown) ───────────▶ moving: still 0 until ◀───────────┐
 *   ▲  │                  the minute is over                │
 *   │  │ steps = 0              │ steps = 0                 │
 *   │  ▼                        ▼                           │
 *   │ still at least since ── still since that minute's end ┘
 *   │ this minute's start       │
 *   └──────── no step count for more than 5 minutes
 * </pre>
 *
 * <p>A count belongs to its whole minute: a minute with a step is not still to its end, and a
 * stretch begins with the first minute without one. A reading without a count carries on what the
 * last counts said, for up to 5 minutes.
 *
 * <p>After a pause, and at a device's beginning, what was before is unknown: the stretch counts
 * from there, and {@link #atRest} stays unknown until a step is seen or 12 minutes have passed.
 */
public final class Stillness {
    /**
     * Minutes without a step that make rest.
     *
     * @see "Mishra et al., Pre-symptomatic detection of COVID-19 from smartwatch data, Nature
     *     Biomedical Engineering 4 (2020) 1208–1220: no step in the preceding 12 minutes"
     */
    public static final int REST_MINUTES = 12;

    /**
     * The longest pause between step counts across which a person counts as still. The span of the
     * rolling features: what is further back says nothing of now.
     */
    public static final long LONGEST_PAUSE_MS = 5 * 60_000L;

    private static final long MINUTE_MS = 60_000;

    /** Start of the stretch; the end of the minute of the last step; {@code NONE} when unknown. */
    private long sinceMs = NONE;

    private long lastCountMs = NONE;

    /** Whether the stretch began with a step, and not with the readings. */
    private boolean exact;

    private long nowMs = NONE;

    /**
     * @param timestampMs later than that of the call before
     * @param steps of the reading's minute so far, or {@link hrm.model.Reading#UNKNOWN}
     */
    public void observe(long timestampMs, int steps) {
        nowMs = timestampMs;
        if (lastCountMs != NONE && timestampMs - lastCountMs > LONGEST_PAUSE_MS) {
            sinceMs = NONE;
            lastCountMs = NONE;
            exact = false;
        }
        if (steps < 0) {
            return;
        }
        lastCountMs = timestampMs;
        long minuteMs = timestampMs - Math.floorMod(timestampMs, MINUTE_MS);
        if (steps > 0) {
            sinceMs = minuteMs + MINUTE_MS;
            exact = true;
        } else if (sinceMs == NONE) {
            sinceMs = minuteMs;
            exact = false;
        }
    }

    /**
     * Minutes without a step at the last observation, with their fraction; at least so many, where
     * readings do not reach back to the last step. {@code NaN} when unknown.
     */
    public double minutes() {
        return sinceMs == NONE ? Double.NaN : Math.max(0, nowMs - sinceMs) / (double) MINUTE_MS;
    }

    /** A {@link Truth}: still for {@value #REST_MINUTES} minutes. */
    public int atRest() {
        if (sinceMs == NONE) {
            return Truth.UNKNOWN;
        }
        if (nowMs - sinceMs >= REST_MINUTES * MINUTE_MS) {
            return Truth.TRUE;
        }
        return exact ? Truth.FALSE : Truth.UNKNOWN;
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeTime(out, nowMs);
        Packed.writeTime(out, sinceMs);
        Packed.writeTime(out, lastCountMs);
        out.writeBoolean(exact);
    }

    public static Stillness read(DataInput in) throws IOException {
        var stillness = new Stillness();
        stillness.nowMs = Packed.readTime(in);
        stillness.sinceMs = Packed.readTime(in);
        stillness.lastCountMs = Packed.readTime(in);
        stillness.exact = in.readBoolean();
        return stillness;
    }

    public Stillness copy() {
        var copy = new Stillness();
        copy.nowMs = nowMs;
        copy.sinceMs = sinceMs;
        copy.lastCountMs = lastCountMs;
        copy.exact = exact;
        return copy;
    }
}
