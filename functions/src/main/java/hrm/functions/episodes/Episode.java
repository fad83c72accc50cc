package hrm.functions.episodes;

import hrm.functions.Packed;
import hrm.model.Alert;
import hrm.model.Alert.Explanation;
import hrm.model.Alert.Mode;
import hrm.model.Alert.Reason;
import hrm.model.Alert.State;
import hrm.model.Alert.StepEvidence;
import hrm.model.AlertIds;
import hrm.model.Baseline;
import hrm.model.Json;
import hrm.patterns.Hold;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.PatternSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One condition of one person on one device, from onset to resolution. At most one is open for a
 * pattern and device; matches meanwhile are counted, never told again.
 *
 * <pre>
 *               resolve condition has held ──▶ RESOLVED (RECOVERED)
 *  OPENED ──────┤ pattern removed, off, or its mode changed ──▶ RESOLVED (PATTERN_CHANGED)
 *     ▲         └ silent for 30 minutes ──▶ RESOLVED (SIGNAL_LOST)
 *     │                                            │ said by the wall clock, and then a reading
 *     └──────────── AMENDED ◀──────────────────────┘ less than 30 device-minutes after the last
 * </pre>
 *
 * A momentary episode (its pattern has no {@code resolve}) is over as it opens; it is kept so that
 * repeats within {@code clear_after} of the latest one stay silent.
 *
 * <p>A match that is decided by what has not come in time is told before its device has spoken
 * again: as {@link #expected}. The device's next inputs confirm it ({@link #confirm}), or it is
 * RETRACTED, and OPENED once more if it comes true after all.
 */
public final class Episode {
    /** A device that says nothing for so long has lost its signal. */
    public static final Duration SIGNAL_LOST_AFTER = Duration.ofMinutes(30);

    private static final String TAKEN_BACK = "Taken back: ";

    private static final int MOMENTARY = 1;
    private static final int OPEN = 2;
    private static final int PROVISIONALLY_LOST = 4;
    private static final int EXPECTED = 8;

    /** The newest event published, and the sentence of OPENED; null while only packed. */
    private PackedEvent.Content content;

    /** The same for state; null until it is written. */
    private byte[] packed;

    /** What each reading asks of the newest event. */
    private int flags;

    private final Hold resolving;
    private long lastMatchMs;
    private int repeats;

    private Episode(
            PackedEvent.Content content,
            byte[] packed,
            int flags,
            Hold resolving,
            long lastMatchMs,
            int repeats) {
        this.content = content;
        this.packed = packed;
        this.flags = flags;
        this.resolving = resolving;
        this.lastMatchMs = lastMatchMs;
        this.repeats = repeats;
    }

    /**
     * A match begins an episode; {@link #published} is its OPENED event.
     *
     * @param sequence the person's next
     * @param baseline in force at the deciding reading; null when none was
     */
    public static Episode open(
            String userId,
            String deviceId,
            CompiledPattern pattern,
            Match match,
            Input input,
            Mode mode,
            Baseline baseline,
            long sequence) {
        PatternSpec spec = pattern.spec();
        var values = input.values();
        var steps = new StepsOf(match);
        boolean momentary = pattern.resolve() == null;
        var onset = Instant.ofEpochMilli(match.onsetMs());
        var detectedAt = Instant.ofEpochMilli(match.detectedAtMs());
        var alertId = AlertIds.alertId(userId, deviceId, spec.id(), onset, mode == Mode.SHADOW);
        var deciding = match.steps().get(match.steps().size() - 1);
        var explanation =
                new Explanation(
                        match.steps().stream().map(step -> evidence(step, spec)).toList(),
                        pattern.steps().get(deciding.index()).filled().fill(values, steps),
                        baseline == null ? null : baseline.runId(),
                        baseline == null ? null : baseline.state());
        var limit = pattern.limit() == null ? Double.NaN : pattern.limit().evaluate(values, steps);
        var alert =
                new Alert(
                        Alert.SCHEMA_VERSION,
                        null,
                        alertId,
                        alertId,
                        1,
                        sequence,
                        State.OPENED,
                        null,
                        userId,
                        deviceId,
                        spec.id(),
                        spec.version(),
                        spec.condition(),
                        spec.severity(),
                        mode,
                        onset,
                        detectedAt,
                        momentary ? detectedAt : null,
                        false,
                        null,
                        pattern.message().fill(values, steps),
                        known(values.get(Name.BPM)),
                        known(limit),
                        Double.isNaN(limit) ? null : pattern.limitSource().apply(values),
                        explanation);
        var content = new PackedEvent.Content(AlertIds.identified(alert), alert.message());
        int flags = momentary ? MOMENTARY : OPEN;
        return new Episode(content, null, flags, new Hold(), match.detectedAtMs(), 0);
    }

    /**
     * An episode that others were told of goes on here.
     *
     * @param event its newest one; not RETRACTED
     * @param lastMatchMs of the newest match that it stands for
     */
    public static Episode of(Alert event, long lastMatchMs) {
        var content = new PackedEvent.Content(event, openedMessage(event));
        return new Episode(
                content, null, flags(event, isMomentary(event)), new Hold(), lastMatchMs, 0);
    }

    /** Whether the episode was over as it opened: nobody resolved it. */
    public static boolean isMomentary(Alert event) {
        return event.resolvedAt() != null && event.reason() == null;
    }

    /** What is said of an episode that is taken back. */
    public static String takenBackMessage(Alert event) {
        return TAKEN_BACK + openedMessage(event);
    }

    /** The sentence an episode was opened with. */
    public static String openedMessage(Alert event) {
        var before = event.state() == State.RETRACTED ? TAKEN_BACK : before(event.reason());
        return event.message().startsWith(before)
                ? event.message().substring(before.length())
                : event.message();
    }

    /**
     * What judging again has found of this episode.
     *
     * @param event said next, but for its {@code event_id}
     * @return the event
     */
    public Alert corrected(Alert event, long lastMatchMs) {
        var said = AlertIds.identified(event);
        boolean momentary = isMomentary();
        content = new PackedEvent.Content(said, openedMessage(said));
        packed = null;
        flags = flags(said, momentary);
        this.lastMatchMs = Math.max(this.lastMatchMs, lastMatchMs);
        return said;
    }

    /** Of the newest match that this episode stands for. */
    public long lastMatchMs() {
        return lastMatchMs;
    }

    /** Says of this episode, just begun, that its device has not confirmed it. */
    public Episode expected() {
        flags |= EXPECTED;
        return this;
    }

    /** Whether it was told, is not confirmed, and has not been taken back. */
    public boolean isExpected() {
        return (flags & EXPECTED) != 0;
    }

    /** An expected one did not come true. */
    public Alert retract(long sequence) {
        return publish(
                State.RETRACTED,
                null,
                published().resolvedAt(),
                TAKEN_BACK + content().openedMessage(),
                sequence);
    }

    /**
     * This episode, just begun and told to nobody, is what another one expected: it goes on from
     * there.
     *
     * @param sequence the person's next; taken only when something is told
     * @return what is still to be told; null when all of it has been
     */
    public Alert confirm(Episode expected, LongSupplier sequence) {
        var said = expected.published();
        var event = AlertIds.identified(published().change().revision(said.revision()).done());
        if (expected.isExpected() && event.eventId().equals(said.eventId())) {
            content = expected.content();
            return null;
        }
        content = new PackedEvent.Content(event, content.openedMessage());
        return publish(
                expected.isExpected() ? State.AMENDED : State.OPENED,
                null,
                event.resolvedAt(),
                content.openedMessage(),
                sequence.getAsLong());
    }

    /** The newest event of this episode. */
    public Alert published() {
        return content().event();
    }

    private PackedEvent.Content content() {
        if (content == null) {
            try {
                content = PackedEvent.unpack(packed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return content;
    }

    /** Whether the condition still lasts as far as anybody has been told. */
    public boolean isOpen() {
        return (flags & OPEN) != 0;
    }

    public boolean isMomentary() {
        return (flags & MOMENTARY) != 0;
    }

    /** Matches that were counted and not told. */
    public int repeats() {
        return repeats;
    }

    /** Another match while this one lasts: counted. */
    public void repeat(Match match) {
        repeats++;
        lastMatchMs = match.detectedAtMs();
    }

    /** Whether a momentary episode has been over for so long that the next match is told again. */
    public boolean isCleared(long nowMs, Duration clearAfter) {
        return isMomentary() && nowMs - lastMatchMs >= clearAfter.toMillis();
    }

    /**
     * Judges one input against the resolve condition.
     *
     * @param truth of the resolve condition, a {@link hrm.patterns.Truth}
     * @return whether the condition has held long enough
     */
    public boolean hasRecovered(int truth, Input input, PatternSpec spec) {
        var resolve = spec.resolve();
        return resolving.advance(truth, input, resolve.maxGap().toMillis())
                && resolving.lastedMs(Hold.NONE) >= resolve.hold().toMillis();
    }

    /** Over. {@code resolvedAt} in event time. */
    public Alert resolve(Reason reason, Instant resolvedAt, long sequence) {
        String message = before(reason) + content().openedMessage();
        return publish(State.RESOLVED, reason, resolvedAt, message, sequence);
    }

    /** What comes before the sentence of an episode that is over for this reason, or for none. */
    private static String before(Reason reason) {
        if (reason == null) {
            return "";
        }
        return switch (reason) {
            case RECOVERED -> "Over: ";
            case SIGNAL_LOST ->
                    "No reading for "
                            + SIGNAL_LOST_AFTER.toMinutes()
                            + " minutes, so it is not known whether this still lasts: ";
            case PATTERN_CHANGED -> "No longer watched as before: ";
            case CLOSED -> "Closed: ";
        };
    }

    /** The device was not lost after all: the provisional resolution is taken back. */
    public Alert undoSignalLost(long sequence) {
        return publish(State.AMENDED, null, null, content().openedMessage(), sequence);
    }

    /** Whether the wall clock alone has said that the signal is lost. */
    public boolean isProvisionallyLost() {
        return (flags & PROVISIONALLY_LOST) != 0;
    }

    private Alert publish(
            State state, Reason reason, Instant resolvedAt, String message, long sequence) {
        var event =
                AlertIds.identified(
                        published()
                                .change()
                                .revision(published().revision() + 1)
                                .sequence(sequence)
                                .state(state, reason)
                                .resolvedAt(resolvedAt)
                                .publishedAt(null)
                                .previousOnset(null)
                                .mergedInto(null)
                                .message(message)
                                .done());
        content = new PackedEvent.Content(event, content.openedMessage());
        packed = null;
        flags = flags(event, isMomentary());
        return event;
    }

    private static StepEvidence evidence(Match.Step step, PatternSpec spec) {
        return new StepEvidence(
                spec.sequence().get(step.index()).name(),
                Instant.ofEpochMilli(step.fromMs()),
                Instant.ofEpochMilli(step.toMs()),
                known(step.firstBpm()),
                known(step.lastBpm()),
                step.count());
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static int flags(Alert event, boolean momentary) {
        boolean over = event.state() == State.RESOLVED || event.state() == State.RETRACTED;
        return (momentary ? MOMENTARY : 0)
                | (momentary || over ? 0 : OPEN)
                | (event.reason() == Reason.SIGNAL_LOST ? PROVISIONALLY_LOST : 0);
    }

    /** Written inside the person's versioned state. */
    public void write(DataOutput out) throws IOException {
        if (packed == null) {
            packed = PackedEvent.pack(content.event(), content.openedMessage());
        }
        out.writeByte(flags);
        Packed.writeInt(out, packed.length);
        out.write(packed);
        resolving.write(out);
        Packed.writeTime(out, lastMatchMs);
        Packed.writeInt(out, repeats);
    }

    /**
     * @param format of the person's state: before the third the event was plain JSON
     */
    public static Episode read(DataInput in, int format) throws IOException {
        if (format < 3) {
            return readPlain(in);
        }
        int flags = in.readByte();
        var packed = new byte[Packed.readInt(in)];
        in.readFully(packed);
        return new Episode(
                null, packed, flags, Hold.read(in), Packed.readTime(in), Packed.readInt(in));
    }

    private static Episode readPlain(DataInput in) throws IOException {
        var json = new byte[in.readInt()];
        in.readFully(json);
        var event = Json.read(json, Alert.class);
        var content = new PackedEvent.Content(event, in.readUTF());
        int flags = flags(event, in.readBoolean());
        return new Episode(content, null, flags, Hold.read(in), in.readLong(), in.readInt());
    }

    public Episode copy() {
        return new Episode(content, packed, flags, resolving.copy(), lastMatchMs, repeats);
    }

    /** What a message may say of the steps that matched. */
    private static final class StepsOf implements MatchedSteps {
        private final List<Match.Step> steps;

        StepsOf(Match match) {
            this.steps = match.steps();
        }

        @Override
        public double first(int step, Name name) {
            var matched = find(step);
            return matched == null || name != Name.BPM ? Double.NaN : matched.firstBpm();
        }

        @Override
        public double last(int step, Name name) {
            var matched = find(step);
            return matched == null || name != Name.BPM ? Double.NaN : matched.lastBpm();
        }

        @Override
        public int count(int step) {
            var matched = find(step);
            return matched == null ? 0 : matched.count();
        }

        private Match.Step find(int index) {
            for (var step : steps) {
                if (step.index() == index) {
                    return step;
                }
            }
            return null;
        }
    }
}
