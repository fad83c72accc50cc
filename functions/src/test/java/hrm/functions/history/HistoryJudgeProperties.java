package hrm.functions.history;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Generated;
import hrm.functions.LocalClock;
import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.baselines.DayHistograms;
import hrm.functions.detection.Reference;
import hrm.functions.history.HistoryJudge.Stretch;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.functions.swap.SwapWorld;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.patterns.flink.Matchers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** History is judged as the stream judges: the same events, whatever order devices came in. */
class HistoryJudgeProperties {
    private static final int CASES = Integer.getInteger("hrm.history.cases", 8);

    private static final Catalogue SHIPPED = shipped();

    private static Catalogue shipped() {
        var catalogue = Catalogue.EMPTY;
        for (var pattern : hrm.patterns.Catalogue.shipped()) {
            var versions = PatternVersions.always(pattern.id(), pattern.version(), pattern.yaml());
            catalogue = catalogue.with(versions, Matchers::of).catalogue();
        }
        return catalogue;
    }

    /** All that is said, but for {@code sequence}; sorted, for devices come in any order. */
    private static List<String> said(Collection<Alert> alerts) {
        return alerts.stream()
                .peek(alert -> assertThat(alert.eventId()).isEqualTo(AlertIds.eventId(alert)))
                .map(
                        alert ->
                                String.join(
                                        " ",
                                        alert.userId(),
                                        alert.deviceId(),
                                        alert.patternId(),
                                        alert.onset().toString(),
                                        "r" + alert.revision(),
                                        alert.state().toString(),
                                        String.valueOf(alert.reason()),
                                        alert.mode().toString(),
                                        String.valueOf(alert.resolvedAt()),
                                        alert.severity().toString(),
                                        "v" + alert.patternVersion(),
                                        alert.explanation().toString(),
                                        alert.eventId().toString()))
                .sorted()
                .toList();
    }

    /** As the stream does, a device's readings in their order and the devices anyhow. */
    private static List<Alert> streamed(
            PersonInHistory person, Catalogue catalogue, Random random) {
        var judgement = new Judgement();
        var state = new UserState();
        var reference = new Reference();
        judgement.learn(state, reference, person.profiles);
        judgement.learn(state, reference, person.baselines);
        var alerts = new ArrayList<Alert>();
        var queues = new ArrayList<ArrayList<Reading>>();
        person.devices.forEach(
                device -> {
                    var backwards = new ArrayList<>(device);
                    Collections.reverse(backwards);
                    queues.add(backwards);
                });
        while (!queues.isEmpty()) {
            var queue = queues.get(random.nextInt(queues.size()));
            for (int some = 1 + random.nextInt(500); some > 0 && !queue.isEmpty(); some--) {
                var reading = queue.remove(queue.size() - 1);
                alerts.addAll(judgement.judge(state, reference, reading, catalogue).alerts());
            }
            queues.removeIf(List::isEmpty);
        }
        return alerts;
    }

    private static List<Alert> history(
            PersonInHistory person, BaselinePolicy policy, Stretch stretch) {
        return history(person, person.baselines, policy, stretch);
    }

    private static List<Alert> history(
            PersonInHistory person, Baselines baselines, BaselinePolicy policy, Stretch stretch) {
        var alerts = new ArrayList<Alert>();
        var judge = new HistoryJudge(SHIPPED, policy, stretch, alerts::add);
        judge.begin(person.profiles, baselines);
        judge.judgeAll(person.minutes());
        return alerts;
    }

    @Test
    void historyTellsWhatTheStreamTold() {
        var told = new int[1];
        Generated.cases(
                CASES,
                random -> {
                    var person = new PersonInHistory("u", 4, random);

                    var alerts = history(person, BaselinePolicy.AS_OF, Stretch.ALL);

                    assertThat(said(alerts)).isEqualTo(said(streamed(person, SHIPPED, random)));
                    told[0] += alerts.size();
                    assertThat(alerts)
                            .extracting(Alert::sequence)
                            .isEqualTo(
                                    java.util.stream.LongStream.rangeClosed(1, alerts.size())
                                            .boxed()
                                            .toList());
                });
        assertThat(told[0]).as("events told in all cases").isGreaterThan(10 * CASES);
    }

    @Test
    void versionsOfPatternsHoldFromTheirOwnTimeOnAsInTheStream() {
        Generated.cases(
                4 * CASES,
                random -> {
                    long seed = random.nextLong();
                    var world = new SwapWorld(seed, 4);
                    var catalogue = Catalogue.EMPTY;
                    var people = new TreeMap<String, List<Reading>>();
                    for (var arrival : world.arrivals()) {
                        if (arrival.reading() == null) {
                            catalogue =
                                    catalogue.with(arrival.versions(), Matchers::of).catalogue();
                        } else {
                            people.computeIfAbsent(
                                            arrival.reading().userId(), user -> new ArrayList<>())
                                    .add(arrival.reading());
                        }
                    }
                    var alerts = new ArrayList<Alert>();
                    var judge = new HistoryJudge(catalogue, alerts::add);
                    people.forEach(
                            (user, readings) -> {
                                judge.begin(
                                        new hrm.model.UserProfiles(user, List.of()),
                                        new Baselines(user, List.of()));
                                readings.stream()
                                        .sorted(
                                                java.util.Comparator.comparingLong(
                                                        Reading::timestampMs))
                                        .forEach(judge::judge);
                            });

                    world.assertTold(alerts, "the world's seed is " + seed);
                });
    }

    @Test
    void aHistoryFromATimeOnTellsWhatAWholeOneTellsFromThenOn() {
        Generated.cases(
                CASES,
                random -> {
                    var person = new PersonInHistory("u", 6, random);
                    var from =
                            PersonInHistory.START.plusSeconds(
                                    random.nextInt((int) Duration.ofDays(6).toSeconds()));
                    var whole = history(person, BaselinePolicy.AS_OF, Stretch.ALL);

                    var part = history(person, BaselinePolicy.AS_OF, Stretch.from(from, SHIPPED));

                    whole.removeIf(alert -> alert.detectedAt().isBefore(from));
                    assertThat(said(part)).isEqualTo(said(whole));
                });
    }

    @Test
    void currentBaselinesAreTheNewestForAllTime() {
        Generated.cases(
                CASES,
                random -> {
                    var person = new PersonInHistory("u", 3, random);
                    var newest = person.baselines.versions();
                    newest =
                            newest.isEmpty()
                                    ? newest
                                    : newest.subList(newest.size() - 1, newest.size());
                    var always =
                            newest.stream()
                                    .map(one -> one.withEffectiveFrom(Instant.EPOCH))
                                    .toList();

                    var alerts = history(person, BaselinePolicy.CURRENT, Stretch.ALL);

                    assertThat(said(alerts))
                            .isEqualTo(
                                    said(
                                            history(
                                                    person,
                                                    new Baselines("u", always),
                                                    BaselinePolicy.AS_OF,
                                                    Stretch.ALL)));
                });
    }

    @Test
    void walkingForwardEachDayIsJudgedByWhatTheDaysBeforeItWere() {
        var ready = new int[1];
        Generated.cases(
                Math.max(2, CASES / 5),
                random -> {
                    // Longer than a window, so that days drop out of it.
                    var person = new PersonInHistory("u", 33, random);
                    var learnt = learntDayByDay(person);
                    ready[0] +=
                            (int)
                                    learnt.versions().stream()
                                            .filter(one -> one.state() == Baseline.State.READY)
                                            .count();

                    var alerts = history(person, BaselinePolicy.WALK_FORWARD, Stretch.ALL);

                    assertThat(said(alerts))
                            .isEqualTo(
                                    said(
                                            history(
                                                    person,
                                                    learnt,
                                                    BaselinePolicy.AS_OF,
                                                    Stretch.ALL)));
                });
        assertThat(ready[0]).as("days with a baseline that is READY").isPositive();
    }

    /** Naively: for each day with readings, of all days before it as each was known at its end. */
    private static Baselines learntDayByDay(PersonInHistory person) {
        var reference = new Reference();
        reference.profiles(person.profiles);
        var zone = reference.zone(0);
        var versions = new ArrayList<Baseline>();
        var seen = new ArrayList<Reading>();
        long today = Long.MIN_VALUE;
        long tomorrowMs = Long.MIN_VALUE;
        var zoneOf = new HashMap<Reading, java.time.ZoneId>();
        var known = new TreeMap<String, DayHistograms>();
        for (var reading : person.byTime()) {
            if (reading.timestampMs() >= tomorrowMs) {
                zone = reference.zone(reading.timestampMs());
                today = LocalClock.epochDay(reading.timestampMs(), zone);
                var date = LocalDate.ofEpochDay(today);
                long fromMs =
                        Math.max(date.atStartOfDay(zone).toInstant().toEpochMilli(), tomorrowMs);
                tomorrowMs = date.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
                for (var device : devices(seen, zoneOf).entrySet()) {
                    for (var day : device.getValue().days()) {
                        if (day.epochDay() < today) {
                            known.putIfAbsent(device.getKey() + " " + day.epochDay(), day);
                        }
                    }
                }
                var builder = new BaselineBuilder();
                builder.addAll(known.values());
                if (!known.isEmpty()) {
                    versions.add(
                            builder.build(
                                    "u",
                                    "walk-forward-" + date,
                                    today,
                                    Instant.ofEpochMilli(fromMs)));
                }
            }
            seen.add(reading);
            zoneOf.put(reading, zone);
        }
        return new Baselines("u", versions);
    }

    private static Map<String, DayGatherer> devices(
            List<Reading> readings, Map<Reading, java.time.ZoneId> zoneOf) {
        var devices = new HashMap<String, DayGatherer>();
        readings.forEach(
                reading ->
                        devices.computeIfAbsent(reading.deviceId(), id -> new DayGatherer())
                                .add(reading, zoneOf.get(reading)));
        return devices;
    }
}
