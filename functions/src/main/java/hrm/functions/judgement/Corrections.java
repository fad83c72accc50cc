package hrm.functions.judgement;

import hrm.functions.Packed;
import hrm.functions.episodes.Episode;
import hrm.functions.judgement.Judgement.Corrected;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Correction;
import hrm.model.Reevaluation;
import java.util.ArrayList;
import java.util.List;

/** How {@link Judgement#correct} sets a person's live state right. */
final class Corrections {
    private Corrections() {}

    static Corrected apply(
            UserState state, Correction correction, Catalogue catalogue, long wallClockMs) {
        var marks = new ArrayList<Reevaluation>();
        var userId = correction.userId();
        var deviceId = correction.deviceId();
        var device = state.devices().get(deviceId);
        var told = new Telling(state, userId, deviceId);
        if (device == null) {
            return new Corrected(toldOfTheForgotten(correction, told), settled(correction));
        }
        boolean current = true;
        for (var named : correction.marks()) {
            long fromMs = named.from().toEpochMilli();
            var known = device.marked.get(Marked.day(fromMs));
            if (known == null) {
                // Told before a crash, or one of very many: it is this device's from now on.
                marks.add(
                        take(device, fromMs, named.reason())
                                .pending(
                                        userId,
                                        deviceId,
                                        nextNumber(device, wallClockMs),
                                        device.clockMs));
            }
            current &= known != null && known.number() == named.number();
        }
        if (!current) {
            return new Corrected(List.of(), marks);
        }
        // What is taken back makes room for what comes instead.
        correction.episodes().stream()
                .filter(Corrections::isTakenBack)
                .forEach(one -> correct(device, one, told));
        correction.episodes().stream()
                .filter(one -> !isTakenBack(one))
                .forEach(one -> correct(device, one, told));
        for (var named : correction.marks()) {
            var known = device.marked.get(Marked.day(named.from().toEpochMilli()));
            if (!correction.episodes().isEmpty()) {
                known.corrected(device.clockMs);
            }
            if (known.isTouched() || !correction.episodes().isEmpty()) {
                long number = nextNumber(device, wallClockMs);
                marks.add(known.pending(userId, deviceId, number, device.clockMs));
            } else if (known.isOver(
                    correction.until().toEpochMilli(),
                    memoryMs(catalogue),
                    correction.quietSince() == null
                            ? Packed.NONE
                            : correction.quietSince().toEpochMilli())) {
                device.marked.remove(known.day());
                marks.add(known.settled(userId, deviceId, correction.until()));
            } else {
                long number = nextNumber(device, wallClockMs);
                marks.add(
                        known.waiting(
                                userId, deviceId, number, device.clockMs, correction.until()));
            }
        }
        return new Corrected(told.alerts(), marks);
    }

    /** What was wrong so long ago does not matter, even on a device that is never silent. */
    private static long memoryMs(Catalogue catalogue) {
        long quietMs = catalogue.quietMs();
        return quietMs == Long.MAX_VALUE
                ? quietMs
                : quietMs + Judgement.DETECTION_REMEMBERS.toMillis();
    }

    /** Not one that was given before a crash. */
    private static long nextNumber(DeviceState device, long wallClockMs) {
        device.markNumber = Math.max(device.markNumber + 1, wallClockMs);
        return device.markNumber;
    }

    private static Marked take(DeviceState device, long fromMs, Reevaluation.Reason reason) {
        var mark = new Marked(fromMs, reason, device.clockMs);
        device.marked.put(mark.day(), mark);
        return mark;
    }

    private static List<Alert> toldOfTheForgotten(Correction correction, Telling told) {
        for (var one : correction.episodes()) {
            for (var event : one.events()) {
                told.alert(identified(event, event.revision(), told));
            }
        }
        return told.alerts();
    }

    private static List<Reevaluation> settled(Correction correction) {
        return correction.marks().stream()
                .map(
                        mark ->
                                Reevaluation.settled(
                                        correction.userId(),
                                        correction.deviceId(),
                                        mark.from(),
                                        correction.until()))
                .toList();
    }

    private static boolean isTakenBack(Correction.Corrected one) {
        return one.events().get(0).state() == Alert.State.RETRACTED;
    }

    private static Alert identified(Alert event, int revision, Telling told) {
        return AlertIds.identified(
                event.change().revision(revision).sequence(told.nextSequence()).done());
    }

    private static void correct(DeviceState device, Correction.Corrected one, Telling told) {
        var first = one.events().get(0);
        var track = device.track(first.patternId());
        var live = track == null ? null : track.episode();
        long lastMatchMs =
                one.lastMatch() == null
                        ? first.detectedAt().toEpochMilli()
                        : one.lastMatch().toEpochMilli();
        if (live != null && first.state() == Alert.State.OPENED && isTheSame(live, first)) {
            return;
        }
        if (live != null && live.published().episodeId().equals(first.episodeId())) {
            for (var event : one.events()) {
                told.alert(
                        live.corrected(
                                next(event, live, told),
                                one.lasts() ? lastMatchMs : Long.MIN_VALUE));
            }
            if (!live.isMomentary() && !live.isOpen() && !live.isProvisionallyLost()) {
                track.episode(null);
            }
        } else if (one.lasts()) {
            if (live != null && live.isOpen()) {
                told.alert(
                        live.corrected(
                                live.published()
                                        .change()
                                        .revision(live.published().revision() + 1)
                                        .sequence(told.nextSequence())
                                        .state(Alert.State.RETRACTED, null)
                                        .previousOnset(null)
                                        .mergedInto(first.episodeId())
                                        .message(Episode.takenBackMessage(live.published()))
                                        .publishedAt(null)
                                        .done(),
                                Long.MIN_VALUE));
            }
            Alert newest = null;
            for (var event : one.events()) {
                newest = identified(event, event.revision(), told);
                told.alert(newest);
            }
            if (track == null) {
                track = new PatternTrack(first.patternId());
                device.tracks.add(track);
            }
            track.episode(
                    Episode.of(
                            newest,
                            live == null
                                    ? lastMatchMs
                                    : Math.max(lastMatchMs, live.lastMatchMs())));
        } else {
            for (var event : one.events()) {
                told.alert(identified(event, event.revision(), told));
            }
        }
        if (track != null && track.isEmpty()) {
            device.tracks.remove(track);
        }
    }

    /** The stream has found it as well, meanwhile. */
    private static boolean isTheSame(Episode live, Alert found) {
        return live.published().state() != Alert.State.RETRACTED
                && live.published().alertId().equals(found.alertId());
    }

    /** As the live episode's next event: it may have gone on, or be lost as far as is known. */
    private static Alert next(Alert event, Episode live, Telling told) {
        var said = live.published();
        var next =
                event.change()
                        .revision(Math.max(said.revision() + 1, event.revision()))
                        .sequence(told.nextSequence());
        if (live.isProvisionallyLost()
                && event.resolvedAt() == null
                && event.state() == Alert.State.AMENDED) {
            next.resolvedAt(said.resolvedAt())
                    .state(event.state(), said.reason())
                    .message(said.message());
        }
        return next.done();
    }
}
