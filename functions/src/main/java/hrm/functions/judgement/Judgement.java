package hrm.functions.judgement;

import hrm.functions.detection.Deviation;
import hrm.functions.detection.Reference;
import hrm.functions.episodes.Episode;
import hrm.model.Alert;
import hrm.model.Alert.Reason;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.PatternSpec.On;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Judges readings of people against the patterns and their own baselines: no clock, no I/O, no
 * Flink. The same in stream, backfill and backtest. One instance a thread: it keeps scratch values
 * between calls, never knowledge.
 *
 * <pre>
 *  reading ▸ its device's clock ▸ features ▸ detectors ▸ patterns ▸ episodes ▸ alerts
 * </pre>
 */
public final class Judgement {
    /**
     * Silent for so long, a device is forgotten. The longest that anything late can still matter.
     */
    public static final Duration FORGET_AFTER = Duration.ofDays(35);

    /**
     * What came not in time is told so long after the wall clock has passed its time: readings
     * travel, and one on its way may say otherwise.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What features and detectors remember, and some more: {@code still_minutes} counts a night's
     * sleep and longer.
     */
    public static final Duration DETECTION_REMEMBERS = Duration.ofDays(1);

    private static final Supposition AS_COMPUTED = (values, startMs, endMs) -> {};

    /** Changes values after they were computed, as the examples in pattern files do. */
    @FunctionalInterface
    public interface Supposition {
        /**
         * @param values of a reading or minute, to be changed in place
         * @param startMs the reading's time or the minute's first millisecond
         * @param endMs the reading's time or the minute's last millisecond
         */
        void apply(Values values, long startMs, long endMs);
    }

    /** Hears of half-finished matches that begin and end. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param by how many more of the pattern are in progress now
         */
        void changed(String patternId, int by);
    }

    private final Progress progress;
    private final Values overdue = new Values();
    private final List<Match> matches = new ArrayList<>();
    private final Consumer<Match> collect = matches::add;

    /** By what they judge. */
    private final Judging[] judging = new Judging[On.values().length];

    public Judgement() {
        this((patternId, by) -> {});
    }

    public Judgement(Progress progress) {
        this.progress = progress;
    }

    /** Judges one reading. {@code state} is changed in place. */
    public Verdict judge(
            UserState state, Reference reference, Reading reading, Catalogue catalogue) {
        return judge(state, reference, reading, catalogue, AS_COMPUTED);
    }

    /** Judges one reading under a supposition. */
    public Verdict judge(
            UserState state,
            Reference reference,
            Reading reading,
            Catalogue catalogue,
            Supposition supposing) {
        if (catalogue.isEmpty() && !state.hasOpenTracks(reading.deviceId())) {
            return Verdict.UNJUDGED;
        }
        var device = state.device(reading.deviceId());
        long now = reading.timestampMs();
        if (now == device.clockMs) {
            return Verdict.DUPLICATE;
        }
        if (now < device.clockMs) {
            return Verdict.late(
                    mark(
                            device,
                            reading.userId(),
                            reading.deviceId(),
                            now,
                            Reevaluation.Reason.LATE_READING));
        }
        var told = new Telling(state, reading.userId(), reading.deviceId());
        if (device.clockMs != DeviceState.NEVER) {
            settleSilence(device, now, told);
        }
        told.meetsAChange = device.metChange != catalogue.changes().newest();
        var mark = told.meetsAChange ? meet(catalogue, state, device, told) : null;
        long silentMs = device.clockMs == DeviceState.NEVER ? 0 : now - device.clockMs;
        device.clockMs = now;
        var minute = device.minutes.advance(now);
        var values = device.minutes.values();
        if (supposing != AS_COMPUTED) {
            values.clear(); // of what was supposed of the reading before
        }
        observe(device, reference, reading, values);
        supposing.apply(values, now, now);
        device.minutes.add(reading);

        // The minute before is judged first: it ended before this reading.
        if (minute != null) {
            supposing.apply(minute.values(), minute.startMs(), minute.endMs() - 1);
            judgeInput(device, minute, On.MINUTE, catalogue, reference, told);
        }
        judgeInput(device, Input.reading(values, now), On.READING, catalogue, reference, told);
        if (mark == null && !device.marked.isEmpty()) {
            mark = dueMark(device, reading, silentMs >= catalogue.quietMs());
        }
        return told.verdict(mark);
    }

    /**
     * A device meets a catalogue that has changed since its last reading: what was judged by other
     * versions than hold then must be judged again, and what is left of removed patterns goes.
     *
     * @return null when there is nothing to judge again
     */
    private Reevaluation meet(
            Catalogue catalogue, UserState state, DeviceState device, Telling told) {
        long fromMs = catalogue.changes().earliestAfter(device.metChange);
        device.metChange = catalogue.changes().newest();
        for (var other : state.devices().values()) {
            if (other != device) { // its own end with this reading
                sweep(other, catalogue, told);
            }
        }
        if (device.clockMs == DeviceState.NEVER || fromMs > device.clockMs) {
            return null;
        }
        return mark(
                device,
                told.userId,
                told.deviceId,
                Math.max(fromMs, device.clockMs - FORGET_AFTER.toMillis()),
                Reevaluation.Reason.LATE_PATTERN);
    }

    /** Drops what is left on a device of patterns that are not there any more. */
    private void sweep(DeviceState device, Catalogue catalogue, Telling told) {
        for (int i = device.tracks.size() - 1; i >= 0; i--) {
            var track = device.tracks.get(i);
            if (!catalogue.has(track.patternId())) {
                end(track, device.clockMs, told);
                device.tracks.remove(i);
            }
        }
    }

    /**
     * Nothing of a pattern lasts on a device: what is open is resolved, what only its silence has
     * told is taken back.
     */
    private void end(PatternTrack track, long atMs, Telling told) {
        if (track.episode() != null) {
            told.resolved(track.episode(), Reason.PATTERN_CHANGED, atMs);
        }
        for (var episode : track.expected()) {
            told.takenBack(episode);
        }
        if (track.inProgress() != 0) {
            progress.changed(track.patternId(), -track.inProgress());
        }
    }

    /** Fills in what conditions see of a reading: every value, to unknown where it is. */
    private static void observe(
            DeviceState device, Reference reference, Reading reading, Values values) {
        long now = reading.timestampMs();
        device.features.observe(reading, reference.at(now).zone(), values);
        reference.fill(now, values);
        Deviation.score(values);
        device.jump.score(reading, values);
        device.sensor.score(reading, values);
    }

    /**
     * What conditions see of the last of these readings, as {@link #judge} would show it to them;
     * nothing is judged. For {@code hrm values}.
     *
     * @param readings of one device, by time, no two of one millisecond; at least one
     */
    public static Values values(Reference reference, List<Reading> readings) {
        var device = new DeviceState();
        var values = new Values();
        readings.forEach(reading -> observe(device, reference, reading, values));
        return values;
    }

    private void judgeInput(
            DeviceState device,
            Input input,
            On on,
            Catalogue catalogue,
            Reference reference,
            Telling told) {
        var judging = judging(on, catalogue, input.startMs());
        var rules = judging.rules;
        for (int i = 0; i < rules.length; i++) {
            var rule = rules[i];
            var kept = device.tracks.isEmpty() ? null : device.track(rule.patternId());
            if (kept != null) {
                judgeBy(rule, kept, input, reference, told);
                if (kept.isEmpty()) {
                    device.tracks.remove(kept);
                }
            } else if (!rule.matcher().spares(input)) {
                var track = judging.spare(i);
                judgeBy(rule, track, input, reference, told);
                if (!track.isEmpty()) {
                    device.tracks.add(track);
                    judging.spares[i] = null;
                }
            }
        }
        // Nothing to drop is there of patterns that were there at the reading before, and are not
        // off.
        if (!device.tracks.isEmpty() && (told.meetsAChange || catalogue.switchesOff())) {
            dropTheRemoved(device, input, on, catalogue, told);
        }
    }

    private Judging judging(On on, Catalogue catalogue, long timestampMs) {
        var known = judging[on.ordinal()];
        if (known == null || !known.holdsAt(catalogue, timestampMs)) {
            known = new Judging(catalogue, on, timestampMs);
            judging[on.ordinal()] = known;
        }
        return known;
    }

    /** What judges for a while. */
    private static final class Judging {
        final Rule[] rules;

        /**
         * By a rule's place: with nothing to remember, as most are before an input and after it.
         */
        final PatternTrack[] spares;

        private final Catalogue catalogue;
        private final long fromMs;
        private final long untilMs;

        Judging(Catalogue catalogue, On on, long timestampMs) {
            var inForce = catalogue.inForce(on, timestampMs);
            this.catalogue = catalogue;
            this.fromMs = inForce.fromMs();
            this.untilMs = inForce.untilMs();
            this.rules = inForce.rules();
            this.spares = new PatternTrack[rules.length];
        }

        boolean holdsAt(Catalogue catalogue, long timestampMs) {
            return this.catalogue == catalogue && timestampMs >= fromMs && timestampMs < untilMs;
        }

        PatternTrack spare(int place) {
            if (spares[place] == null) {
                spares[place] = new PatternTrack(rules[place].patternId());
            }
            return spares[place];
        }
    }

    private void judgeBy(
            Rule rule, PatternTrack track, Input input, Reference reference, Telling told) {
        var pattern = rule.pattern();
        var state = track.matches(rule);
        var episode = track.episode();
        if (episode != null && !isWatchedAsBefore(episode, rule)) {
            told.resolved(episode, Reason.PATTERN_CHANGED, crossedAtMs(rule, episode));
            episode = null;
            state.startAgain();
        }

        rule.matcher().advance(state, input, collect);

        int begun = track.progress();
        if (begun != 0) {
            progress.changed(rule.patternId(), begun);
        }
        boolean wasOpen = episode != null && episode.isOpen();
        for (int i = 0; i < matches.size(); i++) {
            var match = matches.get(i);
            if (episode == null || isCleared(episode, match.detectedAtMs(), pattern)) {
                episode =
                        begin(
                                rule,
                                match,
                                match.overdue() ? whatIsKnownAtTheEnd(match, reference) : input,
                                reference,
                                told);
                told.begun(episode, track.takeExpected(episode.published().alertId()));
            } else {
                episode.repeat(match);
            }
        }
        matches.clear();
        if (!track.expected().isEmpty()) {
            retractWhatDidNotCome(track, input, told);
        }
        if (episode != null && isCleared(episode, input.decidedAtMs(), pattern)) {
            episode = null;
        }
        if (wasOpen && pattern.resolve() != null) {
            int truth = recovered(pattern, input);
            if (episode.hasRecovered(truth, input, pattern.spec())) {
                told.resolved(episode, Reason.RECOVERED, input.decidedAtMs());
                episode = null;
            }
        }
        track.episode(episode);
    }

    /** An episode that nobody has been told of. */
    private static Episode begin(
            Rule rule, Match match, Input input, Reference reference, Telling told) {
        return Episode.open(
                told.userId,
                told.deviceId,
                rule.pattern(),
                match,
                input,
                rule.mode(),
                reference.at(input.startMs()).baseline(),
                told.comingSequence());
    }

    /**
     * What an overdue match is told with, whoever noticed it: no reading decided it, so of readings
     * only the last one that matched is known.
     */
    private Input whatIsKnownAtTheEnd(Match match, Reference reference) {
        overdue.clear();
        reference.fill(match.detectedAtMs(), overdue);
        overdue.set(Name.BPM, match.steps().get(match.steps().size() - 1).lastBpm());
        return Input.reading(overdue, match.detectedAtMs());
    }

    /**
     * The device has spoken again, and what was expected of its silence has not come true: it is
     * taken back, unless only a minute from before the silence was judged.
     */
    private static void retractWhatDidNotCome(PatternTrack track, Input input, Telling told) {
        for (var episode : track.expected()) {
            long dueMs = episode.published().detectedAt().toEpochMilli();
            boolean mayStillCome = input.decidedAtMs() >= dueMs && track.deadlineMs() <= dueMs;
            if (!mayStillCome) {
                told.takenBack(episode);
            }
        }
        if (track.deadlineMs() == Long.MAX_VALUE) {
            track.expectNothing();
        }
    }

    private static int recovered(CompiledPattern pattern, Input input) {
        try {
            return pattern.resolve().test(input.values(), MatchedSteps.NONE);
        } catch (RuntimeException e) {
            return Truth.UNKNOWN; // as the matcher takes a condition that fails
        }
    }

    /** When the version that ends an episode took effect; never before the episode was told. */
    private static long crossedAtMs(Rule rule, Episode episode) {
        return episode == null
                ? rule.effectiveFromMs()
                : afterDetection(rule.effectiveFromMs(), episode);
    }

    private static long afterDetection(long timeMs, Episode episode) {
        return Math.max(timeMs, episode.published().detectedAt().toEpochMilli());
    }

    private static boolean isCleared(Episode episode, long atMs, CompiledPattern pattern) {
        return episode.isCleared(atMs, pattern.spec().clearAfter());
    }

    private static boolean isWatchedAsBefore(Episode episode, Rule rule) {
        boolean momentary = rule.pattern().resolve() == null;
        return episode.published().mode() == rule.mode() && episode.isMomentary() == momentary;
    }

    /**
     * Patterns that were removed or switched off leave nothing behind, and what they said is taken
     * back.
     */
    private void dropTheRemoved(
            DeviceState device, Input input, On on, Catalogue catalogue, Telling told) {
        for (int i = device.tracks.size() - 1; i >= 0; i--) {
            var track = device.tracks.get(i);
            if (!catalogue.has(track.patternId())) {
                end(track, input.decidedAtMs(), told);
                device.tracks.remove(i);
                continue;
            }
            var rule = catalogue.inForce(track.patternId(), input.startMs());
            // A minute begins before readings that are judged already: it ends its own kind only.
            if (rule != null
                    && rule.isOff()
                    && catalogue.ran(track.patternId(), on, input.startMs())) {
                end(track, crossedAtMs(rule, track.episode()), told);
                device.tracks.remove(i);
            }
        }
    }

    /**
     * Before a device's clock moves on: was it silent for so long that its episodes have lost their
     * signal?
     */
    private void settleSilence(DeviceState device, long nowMs, Telling told) {
        if (device.tracks.isEmpty()) {
            return;
        }
        long lostMs = Episode.SIGNAL_LOST_AFTER.toMillis();
        boolean lost = nowMs - device.clockMs >= lostMs;
        for (int i = device.tracks.size() - 1; i >= 0; i--) {
            var track = device.tracks.get(i);
            var episode = track.episode();
            if (episode == null || episode.isMomentary()) {
                continue;
            }
            if (lost) {
                if (!episode.isProvisionallyLost()) {
                    told.resolved(episode, Reason.SIGNAL_LOST, device.clockMs + lostMs);
                }
                track.episode(null);
                if (track.isEmpty()) {
                    device.tracks.remove(i);
                }
            } else if (episode.isProvisionallyLost()) {
                told.alert(episode.undoSignalLost(told.nextSequence()));
            }
        }
    }

    /**
     * The wall clock has moved on without a reading: says provisionally what has not come in time
     * and which open episodes have lost their signal, drops what removed patterns have left, and
     * forgets devices that have been silent for {@link #FORGET_AFTER}.
     *
     * @param wallClockMs milliseconds since the epoch
     */
    public List<Alert> silence(
            UserState state,
            String userId,
            Reference reference,
            long wallClockMs,
            Catalogue catalogue) {
        var alerts = new ArrayList<Alert>();
        var devices = state.devices().entrySet().iterator();
        while (devices.hasNext()) {
            var entry = devices.next();
            var device = entry.getValue();
            long silentMs = wallClockMs - device.arrivedMs;
            long lostMs = Episode.SIGNAL_LOST_AFTER.toMillis();
            var told = new Telling(state, userId, entry.getKey());
            sweep(device, catalogue, told);
            for (var track : device.tracks) {
                if (track.episode() != null && silentMs >= lostMs) {
                    told.resolved(track.episode(), Reason.SIGNAL_LOST, device.clockMs + lostMs);
                }
                if (dueInMs(track, device) <= silentMs) {
                    expect(track, device, silentMs, reference, catalogue, told);
                }
            }
            if (silentMs >= FORGET_AFTER.toMillis()) {
                device.tracks.forEach(track -> forget(track, device, told));
                devices.remove();
            }
            alerts.addAll(told.alerts());
        }
        return alerts;
    }

    /** How long a device must be silent until something is decided by it. */
    private static long dueInMs(PatternTrack track, DeviceState device) {
        return track.deadlineMs() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.max(0, track.deadlineMs() - device.clockMs) + PATIENCE.toMillis();
    }

    /** Tells what a pattern finds if the device sends nothing more. */
    private void expect(
            PatternTrack track,
            DeviceState device,
            long silentMs,
            Reference reference,
            Catalogue catalogue,
            Telling told) {
        long untilMs = device.clockMs + silentMs - PATIENCE.toMillis();
        var rule = catalogue.inForce(track.patternId(), device.clockMs);
        if (rule == null || rule.isOff()) {
            track.silenceDecidesNothing();
            return;
        }
        boolean onMinutes = rule.pattern().spec().on() == On.MINUTE;
        var unfinished = onMinutes ? device.minutes.unfinished() : null;
        track.ifSilent(rule, unfinished, untilMs, collect);
        var last = track.episode();
        for (var match : matches) {
            if (last == null || isCleared(last, match.detectedAtMs(), rule.pattern())) {
                last = begin(rule, match, whatIsKnownAtTheEnd(match, reference), reference, told);
                told.begun(last, track.takeExpected(last.published().alertId()));
                track.expect(last);
            }
        }
        matches.clear();
    }

    /** A device is not coming back: nothing of it lasts. */
    private void forget(PatternTrack track, DeviceState device, Telling told) {
        long lostAtMs = device.clockMs + Episode.SIGNAL_LOST_AFTER.toMillis();
        for (var episode : track.expected()) {
            told.resolved(episode, Reason.SIGNAL_LOST, afterDetection(lostAtMs, episode));
        }
        track.expectNothing();
        end(track, device.clockMs, told);
    }

    /**
     * When {@link #silence} should look again: when something falls due, soon while something is
     * open, else to forget.
     */
    public long nextLookMs(UserState state) {
        long next = Long.MAX_VALUE;
        for (var device : state.devices().values()) {
            long inMs = FORGET_AFTER.toMillis();
            for (var track : device.tracks) {
                if (track.episode() != null && track.episode().isOpen()) {
                    inMs = Math.min(inMs, Episode.SIGNAL_LOST_AFTER.toMillis());
                }
                inMs = Math.min(inMs, dueInMs(track, device));
            }
            next = Math.min(next, device.arrivedMs + inMs);
        }
        return next;
    }

    /** Notes when a device last spoke, by the wall clock; only {@link #silence} asks. */
    public void arrived(UserState state, String deviceId, long wallClockMs) {
        state.device(deviceId).arrivedMs = wallClockMs;
    }

    /** Takes in a person's baselines; marks the devices whose clock has passed one that is new. */
    public List<Reevaluation> learn(UserState state, Reference reference, Baselines baselines) {
        var times = baselines.versions().stream().map(Baseline::effectiveFrom).toList();
        var before = times.stream().map(at -> inForce(reference, at).baseline()).toList();
        reference.baselines(baselines);
        var after = times.stream().map(at -> inForce(reference, at).baseline()).toList();
        return marks(
                state, baselines.userId(), times, before, after, Reevaluation.Reason.LATE_BASELINE);
    }

    /** Takes in a person's profiles; marks the devices whose clock has passed one that is new. */
    public List<Reevaluation> learn(UserState state, Reference reference, UserProfiles profiles) {
        var times = profiles.versions().stream().map(UserProfile::effectiveFrom).toList();
        var before = times.stream().map(at -> inForce(reference, at).profile()).toList();
        reference.profiles(profiles);
        var after = times.stream().map(at -> inForce(reference, at).profile()).toList();
        return marks(
                state, profiles.userId(), times, before, after, Reevaluation.Reason.LATE_PROFILE);
    }

    private static Reference.InForce inForce(Reference reference, Instant at) {
        return reference.at(at.toEpochMilli());
    }

    private static List<Reevaluation> marks(
            UserState state,
            String userId,
            List<Instant> times,
            List<?> before,
            List<?> after,
            Reevaluation.Reason reason) {
        var marks = new ArrayList<Reevaluation>();
        for (int i = 0; i < times.size(); i++) {
            if (!Objects.equals(before.get(i), after.get(i))) {
                long fromMs = times.get(i).toEpochMilli();
                state.devices()
                        .forEach(
                                (id, device) -> {
                                    if (device.clockMs >= fromMs) {
                                        var mark = mark(device, userId, id, fromMs, reason);
                                        if (mark != null) {
                                            marks.add(mark);
                                        }
                                    }
                                });
                return marks; // the earliest covers the rest
            }
        }
        return marks;
    }

    /** A mark for the stretch from here on; null when that day is marked from as early already. */
    private static Reevaluation mark(
            DeviceState device,
            String userId,
            String deviceId,
            long fromMs,
            Reevaluation.Reason reason) {
        long day = Marked.day(fromMs);
        var known = device.marked.get(day);
        if (known != null && !known.touch(fromMs, reason, device.clockMs)) {
            return null;
        }
        if (known == null) {
            known = new Marked(fromMs, reason, device.clockMs);
            device.marked.put(day, known);
            if (device.marked.size() > FORGET_AFTER.toDays()) {
                device.marked.pollFirstEntry();
            }
        }
        return known.pending(userId, deviceId, ++device.markNumber, device.clockMs);
    }

    /**
     * Stretches that were judged again without a fault are judged once more as the device's clock
     * goes on, until what was wrong there cannot matter any more.
     *
     * @param quiet whether the device has begun anew with this reading
     * @return null when none is due; of several one after the other
     */
    private static Reevaluation dueMark(DeviceState device, Reading reading, boolean quiet) {
        Reevaluation due = null;
        for (var mark : device.marked.values()) {
            if (quiet) {
                mark.deviceBeginsAnew(device.clockMs);
            }
            if (due == null && mark.isDue(device.clockMs)) {
                due =
                        mark.pending(
                                reading.userId(),
                                reading.deviceId(),
                                ++device.markNumber,
                                device.clockMs);
            }
        }
        return due;
    }

    /**
     * What there is to say after a correction.
     *
     * @param alerts in order
     * @param marks what became of the stretches
     */
    public record Corrected(List<Alert> alerts, List<Reevaluation> marks) {}

    /**
     * Judging a device's marked stretches again has found what should have been told: what is still
     * remembered of its episodes is set right, the rest is told as it was found. One that names
     * marks which have changed since is not applied: they are judged again anyway. So a correction
     * that comes twice does nothing.
     *
     * @param wallClockMs milliseconds since the epoch
     */
    public Corrected correct(
            UserState state, Correction correction, Catalogue catalogue, long wallClockMs) {
        return Corrections.apply(state, correction, catalogue, wallClockMs);
    }

    /** What a pattern remembers of a device's episode, once it has been told. */
    public record Remembered(Alert newest, Instant lastMatch) {}

    /** The episodes that patterns remember of a device. */
    public static List<Remembered> remembered(UserState state, String deviceId) {
        var device = state.devices().get(deviceId);
        return device == null
                ? List.of()
                : device.tracks.stream()
                        .map(PatternTrack::episode)
                        .filter(Objects::nonNull)
                        .map(
                                episode ->
                                        new Remembered(
                                                episode.published(),
                                                Instant.ofEpochMilli(episode.lastMatchMs())))
                        .toList();
    }
}
