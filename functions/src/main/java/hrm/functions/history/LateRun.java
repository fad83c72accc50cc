package hrm.functions.history;

import hrm.functions.detection.Reference;
import hrm.functions.episodes.Episode;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Judges a device's marked stretches again, by the same {@link Judgement} and from the store, and
 * says what was told otherwise. It tells nobody: what it finds is a {@link Correction}, and whoever
 * judges the device live applies it ({@link Judgement#correct}).
 *
 * <pre>
 *  readings   ····  ·······   ···············|·········
 *                   ▲         ▲       ▲      ▲
 *              begins here    │    marked    the device's clock at the mark: judged so far
 *                          compared from here on with what was told
 * </pre>
 *
 * What a device remembers is bounded, but not by the reach of a pattern: whether a match was in
 * progress decides where the next one begins. So judging begins where a device that has been worn
 * all along would remember no more than one that begins: after a silence that is longer than
 * anything is remembered ({@link Catalogue#quietMs}). The episode that such a silence ends is told
 * with the reading after it, so one silence more lies between the first reading judged and the
 * first episode compared. Without them, judging begins with the first reading there is.
 */
public final class LateRun {
    /** Breaks the run, so that a test can see that it would be noticed. */
    enum Fault {
        NONE,
        BEGINS_TOO_LATE,
        PAIRS_WRONGLY
    }

    private final Catalogue catalogue;
    private final Fault fault;
    private final Judgement judgement = new Judgement();

    public LateRun(Catalogue catalogue) {
        this(catalogue, Fault.NONE);
    }

    LateRun(Catalogue catalogue, Fault fault) {
        this.catalogue = catalogue;
        this.fault = fault;
    }

    /**
     * Where judging begins.
     *
     * @param index of the first reading that is judged
     * @param afterMs episodes that were detected later are compared
     */
    private record Beginning(int index, long afterMs) {}

    /**
     * Whether these readings reach back so far that judging can begin among them; if not, earlier
     * ones are needed, or all there are.
     *
     * @param readings of one device, by time
     */
    public boolean reachesBack(List<Reading> readings, Instant from) {
        return beginning(readings, from.toEpochMilli()).afterMs() != Long.MIN_VALUE;
    }

    private Beginning beginning(List<Reading> readings, long fromMs) {
        long quietMs = catalogue.quietMs();
        int compared = -1;
        for (int i = first(readings, fromMs + 1) - 1; i > 0; i--) {
            if (at(readings, i) - at(readings, i - 1) < quietMs) {
                continue;
            }
            if (compared >= 0) {
                long featuresMs = at(readings, compared) - Judgement.DETECTION_REMEMBERS.toMillis();
                return new Beginning(
                        Math.min(i, first(readings, featuresMs)), at(readings, compared - 1));
            }
            compared = i;
        }
        return new Beginning(0, Long.MIN_VALUE);
    }

    /** Index of the first reading from a time on. */
    private static int first(List<Reading> readings, long fromMs) {
        int low = 0;
        int high = readings.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(readings, middle) < fromMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long at(List<Reading> readings, int index) {
        return readings.get(index).timestampMs();
    }

    /**
     * Judges one device again.
     *
     * @param marks of the device, all that are pending; at least one
     * @param profiles all versions
     * @param baselines all versions
     * @param readings what is stored of the device, by time, no two of one millisecond; up to the
     *     marks' clock at least. They {@link #reachesBack reach back} or are all there are
     * @param published each episode's newest event; of the device, all that were detected among
     *     these readings
     */
    public Correction judge(
            List<Reevaluation> marks,
            UserProfiles profiles,
            Baselines baselines,
            List<Reading> readings,
            List<Alert> published) {
        var any = marks.get(0);
        long fromMs = marks.stream().mapToLong(m -> m.from().toEpochMilli()).min().orElseThrow();
        long untilMs =
                marks.stream()
                        .mapToLong(
                                m -> m.clock() == null ? Long.MIN_VALUE : m.clock().toEpochMilli())
                        .max()
                        .orElseThrow();
        int end = untilMs == Long.MIN_VALUE ? readings.size() : first(readings, untilMs + 1);
        var judged = readings.subList(0, end);
        var begins =
                fault == Fault.BEGINS_TOO_LATE
                        ? new Beginning(first(judged, fromMs), fromMs - 1)
                        : beginning(judged, fromMs);
        if (end > 0) {
            untilMs = at(judged, end - 1);
        }
        var truth = truth(judged, begins, profiles, baselines);
        var comparison = new Comparison(published, begins.afterMs(), untilMs);
        return new Correction(
                any.userId(),
                any.deviceId(),
                marks.stream()
                        .map(m -> new Correction.Mark(m.from(), m.reason(), m.number()))
                        .toList(),
                Instant.ofEpochMilli(untilMs),
                quietSince(judged),
                comparison.with(truth));
    }

    private Instant quietSince(List<Reading> readings) {
        for (int i = readings.size() - 1; i > 0; i--) {
            if (at(readings, i) - at(readings, i - 1) >= catalogue.quietMs()) {
                return Instant.ofEpochMilli(at(readings, i));
            }
        }
        return null;
    }

    /** An episode as it should have been told. */
    private static final class True {
        private final Alert opened;
        private Alert newest;
        private Instant lastMatch;

        True(Alert opened) {
            this.opened = opened;
            this.newest = opened;
        }
    }

    private List<True> truth(
            List<Reading> readings, Beginning begins, UserProfiles profiles, Baselines baselines) {
        var state = new UserState();
        var reference = new Reference();
        reference.profiles(profiles);
        reference.baselines(baselines);
        var episodes = new LinkedHashMap<UUID, True>();
        for (var reading : readings.subList(begins.index(), readings.size())) {
            for (var alert : judgement.judge(state, reference, reading, catalogue).alerts()) {
                if (alert.detectedAt().toEpochMilli() > begins.afterMs()) {
                    episodes.computeIfAbsent(alert.episodeId(), id -> new True(alert)).newest =
                            alert;
                }
            }
        }
        if (!readings.isEmpty()) {
            var deviceId = readings.get(0).deviceId();
            for (var kept : Judgement.remembered(state, deviceId)) {
                var episode = episodes.get(kept.newest().episodeId());
                if (episode != null) {
                    episode.lastMatch = kept.lastMatch();
                }
            }
        }
        return List.copyOf(episodes.values());
    }

    /** What was told beside what should have been. */
    private final class Comparison {
        private final List<Alert> all;
        private final List<Alert> standing;
        private final long untilMs;
        private final Map<True, Alert> pairs = new LinkedHashMap<>();
        private final List<Correction.Corrected> found = new ArrayList<>();

        Comparison(List<Alert> published, long afterMs, long untilMs) {
            this.all = published;
            this.untilMs = untilMs;
            this.standing =
                    published.stream()
                            .filter(alert -> alert.state() != Alert.State.RETRACTED)
                            .filter(alert -> alert.mode() != Alert.Mode.BACKFILL)
                            .filter(alert -> alert.reason() != Alert.Reason.CLOSED)
                            .filter(alert -> detectedMs(alert) > afterMs)
                            .filter(alert -> detectedMs(alert) <= untilMs)
                            .filter(this::isWatchedByWhatIsKnown)
                            .sorted(Comparator.comparing(Alert::onset))
                            .toList();
        }

        /**
         * Of a pattern that is gone, and of the time before its first version, nothing is known.
         */
        private boolean isWatchedByWhatIsKnown(Alert alert) {
            var versions = catalogue.versions(alert.patternId());
            return !versions.isEmpty() && detectedMs(alert) >= versions.get(0).effectiveFromMs();
        }

        List<Correction.Corrected> with(List<True> truth) {
            var left = new ArrayList<>(standing);
            for (var episode : truth) {
                pair(episode, left, told -> told.alertId().equals(episode.newest.alertId()));
            }
            for (var episode : truth) {
                if (!pairs.containsKey(episode)) {
                    pair(episode, left, told -> overlap(told, episode.newest));
                }
            }
            left.forEach(this::takeBack);
            for (var episode : truth) {
                var told = pairs.get(episode);
                if (told == null) {
                    open(episode);
                } else {
                    amend(told, episode);
                }
            }
            return found;
        }

        private void pair(True episode, List<Alert> left, Predicate<Alert> fits) {
            for (var told : left) {
                if (fits.test(told) && isOfOneKind(told, episode.newest)) {
                    left.remove(told);
                    pairs.put(episode, told);
                    return;
                }
            }
        }

        private boolean isOfOneKind(Alert told, Alert should) {
            return told.mode() == should.mode() && isMomentary(told) == isMomentary(should);
        }

        private boolean overlap(Alert one, Alert other) {
            return (one.patternId().equals(other.patternId()) || fault == Fault.PAIRS_WRONGLY)
                    && one.mode() == other.mode()
                    && one.onset().toEpochMilli() <= endMs(other)
                    && other.onset().toEpochMilli() <= endMs(one);
        }

        private long endMs(Alert alert) {
            return alert.resolvedAt() == null
                    ? Long.MAX_VALUE
                    : Math.max(alert.resolvedAt().toEpochMilli(), detectedMs(alert));
        }

        private void takeBack(Alert told) {
            var instead =
                    pairs.entrySet().stream()
                            .filter(pair -> overlap(told, pair.getKey().newest))
                            .map(pair -> pair.getValue().episodeId())
                            .findFirst()
                            .orElse(null);
            found.add(
                    new Correction.Corrected(
                            List.of(
                                    event(told, told.revision() + 1)
                                            .state(Alert.State.RETRACTED, null)
                                            .mergedInto(instead)
                                            .message(takenBackMessage(told))
                                            .done()),
                            false,
                            null));
        }

        private void open(True episode) {
            var before =
                    all.stream()
                            .filter(told -> told.alertId().equals(episode.opened.alertId()))
                            .filter(told -> told.state() == Alert.State.RETRACTED)
                            .max(Comparator.comparingInt(Alert::revision));
            var id = before.map(Alert::episodeId).orElseGet(() -> free(episode.opened.alertId()));
            int revision = before.map(Alert::revision).orElse(0) + 1;
            var events = new ArrayList<Alert>();
            events.add(late(episode.opened, id, revision));
            if (!isMomentary(episode.newest) && episode.newest.resolvedAt() != null) {
                events.add(late(episode.newest, id, revision + 1));
            }
            found.add(corrected(events, episode));
        }

        private Alert late(Alert alert, UUID episodeId, int revision) {
            return event(alert, revision).episodeId(episodeId).detectedLate(true).done();
        }

        /** Not that of another episode, which may have been told with this onset and then moved. */
        private UUID free(UUID alertId) {
            var id = alertId;
            for (int attempt = 1; isTaken(id); attempt++) {
                id = AlertIds.episodeId(alertId, attempt);
            }
            return id;
        }

        private boolean isTaken(UUID id) {
            return all.stream().anyMatch(told -> told.episodeId().equals(id));
        }

        private void amend(Alert told, True episode) {
            var should = episode.newest;
            // What was decided later is not judged here.
            boolean endsLater =
                    told.resolvedAt() != null && told.resolvedAt().toEpochMilli() > untilMs;
            boolean toldOpen = told.resolvedAt() == null || endsLater;
            boolean open = should.resolvedAt() == null;
            boolean sameContent = haveOneContent(told, should);
            boolean sameEnd =
                    open
                            ? toldOpen
                            : should.resolvedAt().equals(told.resolvedAt())
                                    && should.reason() == told.reason();
            if (sameContent && sameEnd) {
                return;
            }
            var events = new ArrayList<Alert>();
            int revision = told.revision();
            if (!sameContent || !toldOpen) {
                var amended =
                        event(should, ++revision)
                                .episodeId(told.episodeId())
                                .detectedLate(told.detectedLate())
                                .previousOnset(
                                        told.onset().equals(should.onset()) ? null : told.onset());
                if (open && endsLater) {
                    amended.resolvedAt(told.resolvedAt())
                            .state(Alert.State.AMENDED, told.reason())
                            .message(told.message());
                } else if (toldOpen && !isMomentary(should)) {
                    amended.resolvedAt(null)
                            .state(Alert.State.AMENDED, null)
                            .message(episode.opened.message());
                } else {
                    amended.state(Alert.State.AMENDED, should.reason());
                }
                events.add(amended.done());
            }
            if (toldOpen && !open && !isMomentary(should)) {
                events.add(
                        event(should, ++revision)
                                .episodeId(told.episodeId())
                                .detectedLate(told.detectedLate())
                                .done());
            }
            found.add(corrected(events, episode));
        }

        private Correction.Corrected corrected(List<Alert> events, True episode) {
            return new Correction.Corrected(events, episode.lastMatch != null, episode.lastMatch);
        }

        private static Alert.Change event(Alert alert, int revision) {
            return alert.change()
                    .eventId(null)
                    .sequence(0)
                    .publishedAt(null)
                    .previousOnset(null)
                    .mergedInto(null)
                    .revision(revision);
        }

        private static boolean haveOneContent(Alert one, Alert other) {
            return one.alertId().equals(other.alertId())
                    && one.onset().equals(other.onset())
                    && one.detectedAt().equals(other.detectedAt())
                    && one.severity() == other.severity()
                    && one.patternVersion() == other.patternVersion()
                    && one.condition().equals(other.condition())
                    && Objects.equals(one.value(), other.value())
                    && Objects.equals(one.limit(), other.limit())
                    && one.limitSource() == other.limitSource()
                    && one.explanation().equals(other.explanation());
        }

        private static long detectedMs(Alert alert) {
            return alert.detectedAt().toEpochMilli();
        }

        private static boolean isMomentary(Alert alert) {
            return Episode.isMomentary(alert);
        }

        private static String takenBackMessage(Alert alert) {
            return Episode.takenBackMessage(alert);
        }
    }
}
