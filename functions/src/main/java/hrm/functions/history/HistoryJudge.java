package hrm.functions.history;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.Baselines;
import hrm.model.MinuteColumns;
import hrm.model.Reading;
import hrm.model.UserProfiles;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Judges stored readings as the stream would have judged them, had each device's readings come in
 * their order: by the same {@link Judgement}, one person after another, in constant memory.
 *
 * <p>Nothing is decided that only time could decide: where a device's readings end, its open
 * episodes stay open and its half-finished matches half-finished. A device that was silent for 30
 * minutes and spoke again has lost its signal, by its own clock.
 *
 * <p>What is told has the pattern's own mode, live or shadow, and the ids that the stream gives.
 */
public final class HistoryJudge {
    private final Catalogue catalogue;
    private final BaselinePolicy policy;
    private final Stretch stretch;
    private final Consumer<Alert> told;
    private final Judgement judgement = new Judgement();

    private UserState state;
    private Reference reference;
    private WalkForward walkForward;

    /**
     * Which part of history.
     *
     * @param judgeFromMs readings before it only feed baselines that are made on the way
     * @param tellFromMs episodes that were detected before it are not told of, nor what became of
     *     them
     */
    public record Stretch(long judgeFromMs, long tellFromMs) {
        public static final Stretch ALL = new Stretch(Long.MIN_VALUE, Long.MIN_VALUE);

        /**
         * Tells from a time on what a whole history would tell from then on, but for patterns that
         * match without a pause: which match is in progress decides where the next one begins.
         */
        public static Stretch from(Instant from, Catalogue catalogue) {
            return new Stretch(from.minus(warmUp(catalogue)).toEpochMilli(), from.toEpochMilli());
        }
    }

    /** How long before a time judging must begin so that from then on nothing is missing. */
    public static Duration warmUp(Catalogue catalogue) {
        return Judgement.DETECTION_REMEMBERS.plus(catalogue.memory());
    }

    /** All of history, by the baselines in force then. */
    public HistoryJudge(Catalogue catalogue, Consumer<Alert> told) {
        this(catalogue, BaselinePolicy.AS_OF, Stretch.ALL, told);
    }

    /**
     * @param told hears of each alert event, in its order
     */
    public HistoryJudge(
            Catalogue catalogue, BaselinePolicy policy, Stretch stretch, Consumer<Alert> told) {
        this.catalogue = catalogue;
        this.policy = policy;
        this.stretch = stretch;
        this.told = told;
    }

    /**
     * The next person. Nothing is known of them but this.
     *
     * @param baselines all versions; of two with one {@code effective_from} the later counts
     */
    public void begin(UserProfiles profiles, Baselines baselines) {
        state = new UserState();
        reference = new Reference();
        reference.profiles(profiles);
        walkForward = null;
        switch (policy) {
            case AS_OF -> reference.baselines(baselines);
            case CURRENT -> reference.baselines(current(baselines));
            case WALK_FORWARD -> walkForward = new WalkForward(profiles.userId(), reference);
        }
    }

    private static Baselines current(Baselines baselines) {
        var versions = baselines.versions();
        return new Baselines(
                baselines.userId(),
                versions.isEmpty()
                        ? List.of()
                        : List.of(
                                versions.get(versions.size() - 1)
                                        .withEffectiveFrom(Instant.EPOCH)));
    }

    /** The person's next minute, of any device; not before the one before. */
    public void judge(MinuteColumns minute) {
        for (int i = 0; i < minute.size(); i++) {
            judge(minute.reading(i));
        }
    }

    /** The person's next reading: later than the one before of its device. */
    public void judge(Reading reading) {
        if (walkForward != null) {
            walkForward.meet(reading);
        }
        if (reading.timestampMs() < stretch.judgeFromMs) {
            return;
        }
        var alerts = judgement.judge(state, reference, reading, catalogue).alerts();
        for (int i = 0; i < alerts.size(); i++) {
            var alert = alerts.get(i);
            if (alert.detectedAt().toEpochMilli() >= stretch.tellFromMs) {
                told.accept(alert);
            }
        }
    }

    /** Of several minutes of one person: the order in which they are judged. */
    public static Comparator<MinuteColumns> order() {
        return Comparator.comparingLong(MinuteColumns::minuteMs)
                .thenComparing(MinuteColumns::deviceId);
    }

    /** Several minutes of one person, in any order. */
    public void judgeAll(List<MinuteColumns> minutes) {
        minutes.stream().sorted(order()).forEach(this::judge);
    }
}
