package hrm.benchmarks;

import hrm.model.Alert;
import hrm.model.Reading;

/**
 * People who send a reading a second without steps, and whose heart races once every {@value
 * #CYCLE} seconds, each at another time: so the alerts that must come, and the readings that decide
 * them, are known.
 *
 * <pre>
 *  second   0..2 rises ▸ 3 extreme ▸ 18 OPENED ▸ 22 falls ▸ 24 calm ▸ 54 RESOLVED ▸ 64 from the start
 * </pre>
 *
 * The numbers are those of the shipped pattern {@code extreme-tachycardia}: above 220 for 15 s
 * where there is no step counter; calm again below 130 for 30 s. The steps up and down are such as
 * a heart makes, or the readings would be taken for a sensor's fault.
 *
 * @param people how many, so readings a second
 * @param startMs when the first reading is due, milliseconds since the epoch
 */
record AttackPlan(int people, long startMs) {
    static final String PATTERN = "extreme-tachycardia";
    static final int CYCLE = 64;

    private static final int RISES = 3;
    private static final int OPENED = 18;
    private static final int FALLS = 22;
    private static final int RESOLVED = 54;
    private static final int CALM_BPM = 72;
    private static final int EXTREME_BPM = 235;
    private static final int STEP_BPM = 40;

    /** When a person's reading of a second is due: everybody's are spread over the second. */
    long dueMs(long second, int person) {
        return startMs + second * 1_000 + person * 1_000L / people;
    }

    String user(int person) {
        return "person-%05d".formatted(person);
    }

    Reading reading(long second, int person) {
        return Reading.of(
                user(person),
                "watch-1",
                dueMs(second, person),
                bpm(second, person),
                Reading.UNKNOWN);
    }

    private int bpm(long second, int person) {
        // Never the same for long, as a sensor that is stuck.
        int calm = CALM_BPM + (int) ((second + person) % 5);
        int at = inCycle(second, person);
        if (at < 0) {
            return calm;
        }
        if (at < FALLS) {
            return at < RISES ? calm + (at + 1) * STEP_BPM : EXTREME_BPM + calm - CALM_BPM;
        }
        return Math.max(calm, EXTREME_BPM - (at - FALLS + 1) * STEP_BPM);
    }

    /**
     * What the reading of a person decides.
     *
     * @return OPENED, RESOLVED or null
     */
    Alert.State decides(long second, int person) {
        return switch (inCycle(second, person)) {
            case OPENED -> Alert.State.OPENED;
            case RESOLVED -> Alert.State.RESOLVED;
            default -> null;
        };
    }

    /** Second of the cycle; negative before a person's first begins. */
    private int inCycle(long second, int person) {
        long since = second - person % CYCLE;
        return since < 0 ? -1 : (int) (since % CYCLE);
    }
}
