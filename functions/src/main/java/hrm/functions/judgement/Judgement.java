package hrm.functions.judgement;

import hrm.functions.detection.Deviation;
import hrm.functions.detection.Reference;
import hrm.functions.episodes.Episode;
import hrm.model.Alert;
import hrm.model.Alert.Reason;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
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

    private static final long DAY_MS = Duration.ofDays(1).toMillis();
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
    private final Values values = new Values();
    private final List<Match> matches = new ArrayList<>();
    private final Consumer<Match> collect = matches::add;

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
        var mark =
                device.metChange == catalogue.changes().newest()
                        ? null
                        : meet(catalogue, state, device, told);
        device.clockMs = now;
        observe(device, reference, reading);
        supposing.apply(values, now, now);

        // The minute before is judged first: it ended before this reading.
        var minute = device.minutes.observe(reading, values);
        if (minute != null) {
            supposing.apply(minute.values(), minute.startMs(), minute.endMs() - 1);
            judgeInput(device, minute, On.MINUTE, catalogue, reference, told);
        }
        judgeInput(device, Input.reading(values, now), On.READING, catalogue, reference, told);
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

    /** Nothing of a pattern lasts on a device. */
    private void end(PatternTrack track, long atMs, Telling told) {
        if (track.episode() != null) {
            told.resolved(track.episode(), Reason.PATTERN_CHANGED, atMs);
        }
        if (track.inProgress() != 0) {
            progress.changed(track.patternId(), -track.inProgress());
        }
    }

    /** Fills in what conditions see of a reading. */
    private void observe(DeviceState device, Reference reference, Reading reading) {
        long now = reading.timestampMs();
        values.clear();
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
     * @return valid until the next call
     */
    public Values values(Reference reference, List<Reading> readings) {
        var device = new DeviceState();
        readings.forEach(reading -> observe(device, reference, reading));
        return values;
    }

    private void judgeInput(
            DeviceState device,
            Input input,
            On on,
            Catalogue catalogue,
            Reference reference,
            Telling told) {
        for (int place = 0; place < catalogue.size(); place++) {
            var rule = catalogue.inForce(place, input.startMs());
            if (rule != null && !rule.isOff() && rule.pattern().spec().on() == on) {
                judgeBy(rule, device, input, reference, told);
            }
        }
        if (!device.tracks.isEmpty()) {
            dropTheRemoved(device, input, on, catalogue, told);
        }
    }

    private void judgeBy(
            Rule rule, DeviceState device, Input input, Reference reference, Telling told) {
        var pattern = rule.pattern();
        var kept = device.track(rule.patternId());
        var track = kept == null ? new PatternTrack(rule.patternId()) : kept;

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
        if (episode != null
                && episode.isCleared(input.decidedAtMs(), pattern.spec().clearAfter())) {
            episode = null;
        }
        boolean wasOpen = episode != null;
        for (int i = 0; i < matches.size(); i++) {
            var match = matches.get(i);
            if (episode == null) {
                episode =
                        Episode.open(
                                told.userId,
                                told.deviceId,
                                pattern,
                                match,
                                input,
                                rule.mode(),
                                reference.at(input.startMs()).baseline(),
                                told.nextSequence());
                told.alert(episode.published());
            } else {
                episode.repeat(match);
            }
        }
        matches.clear();
        if (wasOpen && episode.isOpen() && pattern.resolve() != null) {
            int truth = recovered(pattern, input);
            if (episode.hasRecovered(truth, input, pattern.spec())) {
                told.resolved(episode, Reason.RECOVERED, input.decidedAtMs());
                episode = null;
            }
        }
        track.episode(episode);
        if (kept == null && !track.isEmpty()) {
            device.tracks.add(track);
        } else if (kept != null && track.isEmpty()) {
            device.tracks.remove(track);
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
                : Math.max(rule.effectiveFromMs(), episode.published().detectedAt().toEpochMilli());
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
     * The wall clock has moved on without a reading: says provisionally which open episodes have
     * lost their signal, drops what removed patterns have left, and forgets devices that have been
     * silent for {@link #FORGET_AFTER}.
     *
     * @param wallClockMs milliseconds since the epoch
     */
    public List<Alert> silence(
            UserState state, String userId, long wallClockMs, Catalogue catalogue) {
        var alerts = new ArrayList<Alert>();
        var devices = state.devices().entrySet().iterator();
        while (devices.hasNext()) {
            var entry = devices.next();
            var device = entry.getValue();
            long silentMs = wallClockMs - device.arrivedMs;
            var told = new Telling(state, userId, entry.getKey());
            sweep(device, catalogue, told);
            if (silentMs >= Episode.SIGNAL_LOST_AFTER.toMillis()) {
                for (var track : device.tracks) {
                    if (track.episode() != null && track.episode().isOpen()) {
                        told.resolved(
                                track.episode(),
                                Reason.SIGNAL_LOST,
                                device.clockMs + Episode.SIGNAL_LOST_AFTER.toMillis());
                    }
                }
            }
            alerts.addAll(told.alerts());
            if (silentMs >= FORGET_AFTER.toMillis()) {
                device.tracks.forEach(track -> end(track, device.clockMs, told));
                devices.remove();
            }
        }
        return alerts;
    }

    /** When {@link #silence} should look again: soon while something is open, else to forget. */
    public long nextLookMs(UserState state) {
        long next = Long.MAX_VALUE;
        for (var device : state.devices().values()) {
            boolean open = false;
            for (var track : device.tracks) {
                open |= track.episode() != null && track.episode().isOpen();
            }
            var patience = open ? Episode.SIGNAL_LOST_AFTER : FORGET_AFTER;
            next = Math.min(next, device.arrivedMs + patience.toMillis());
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
        long day = Math.floorDiv(fromMs, DAY_MS);
        var earliest = device.marked.get(day);
        if (earliest != null && earliest <= fromMs) {
            return null;
        }
        device.marked.put(day, fromMs);
        if (device.marked.size() > FORGET_AFTER.toDays()) {
            device.marked.pollFirstEntry();
        }
        return new Reevaluation(userId, deviceId, Instant.ofEpochMilli(fromMs), reason);
    }

    /** Gathers what there is to tell of one device; most readings tell nothing and cost no list. */
    private static final class Telling {
        private final UserState state;
        private final String userId;
        private final String deviceId;
        private List<Alert> alerts = List.of();

        Telling(UserState state, String userId, String deviceId) {
            this.state = state;
            this.userId = userId;
            this.deviceId = deviceId;
        }

        long nextSequence() {
            return state.nextSequence();
        }

        void alert(Alert alert) {
            if (alerts.isEmpty()) {
                alerts = new ArrayList<>();
            }
            alerts.add(alert);
        }

        void resolved(Episode episode, Reason reason, long resolvedAtMs) {
            if (episode.isOpen()) {
                alert(episode.resolve(reason, Instant.ofEpochMilli(resolvedAtMs), nextSequence()));
            }
        }

        List<Alert> alerts() {
            return alerts;
        }

        /**
         * @param mark null when there is none
         */
        Verdict verdict(Reevaluation mark) {
            return alerts.isEmpty() && mark == null
                    ? Verdict.NOTHING
                    : new Verdict(Verdict.Outcome.JUDGED, alerts, mark);
        }
    }
}
