package hrm.functions.judgement;

import static hrm.functions.judgement.Person.at;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.PatternVersions.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A pattern that ends with {@code not_followed_by}, on a device that falls silent: told when its
 * time is over, confirmed or taken back when the device speaks again.
 */
class WhatDidNotComeTest {
    private static final String STAYS_HIGH =
            """
            id: stays-high
            version: 1
            title: Does not calm down
            condition: recovery
            severity: low
            mode: live
            sequence:
              - step: exertion
                where: bpm > 150
              - not_followed_by: calm
                where: bpm < 120
                within: 5m
            message: "Not below 120 within 5 minutes of ${first(exertion).bpm}"
            source: test
            """;
    private static final String BY_MINUTES =
            STAYS_HIGH.replace("mode: live", "mode: live\non: minute");
    private static final String LASTING =
            STAYS_HIGH.replace("message:", "resolve: { where: bpm < 100 }\nmessage:");

    /** Someone whose device's readings arrive the moment they are taken. */
    private static final class Wearer {
        final Person person;

        Wearer(String... patterns) {
            person = new Person("u1", patterns);
        }

        void sends(double minute, int bpm) {
            person.judgement.arrived(person.state, "watch", ms(minute));
            person.send(minute, bpm, 0);
        }

        /** The wall clock comes to this minute. */
        void silentUntil(double minute) {
            var told =
                    person.judgement.silence(
                            person.state, "u1", person.reference, ms(minute), person.catalogue);
            person.alerts.addAll(told);
            if (person.repackAlways) {
                person.repack();
            }
        }

        double nextLook() {
            return (person.judgement.nextLookMs(person.state) - ms(0)) / 60_000.0;
        }

        String story() {
            return person.story();
        }

        private static long ms(double minute) {
            return at(minute).toEpochMilli();
        }
    }

    private static final double PATIENCE = Judgement.PATIENCE.toMillis() / 60_000.0;
    private static final double MILLISECOND = 1 / 60_000.0;

    @Test
    void itIsToldWhenItsTimeIsOverThoughTheDeviceIsSilent() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(STAYS_HIGH);
            wearer.person.repackAlways = restarts;
            wearer.sends(0, 160);
            wearer.sends(2, 130);
            assertThat(wearer.nextLook()).isEqualTo(5 + PATIENCE);

            wearer.silentUntil(5 + PATIENCE - MILLISECOND);
            assertThat(wearer.story()).isEmpty();
            wearer.silentUntil(5 + PATIENCE);
            wearer.silentUntil(20);

            assertThat(wearer.story()).isEqualTo("OPENED@5.0");
            assertThat(wearer.person.alerts.get(0).message())
                    .isEqualTo("Not below 120 within 5 minutes of 160");
        }
    }

    @Test
    void aDeviceThatSpeaksAfterItsTimeHasNothingToAdd() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(STAYS_HIGH);
            wearer.person.repackAlways = restarts;
            wearer.sends(0, 160);
            wearer.silentUntil(6);
            wearer.sends(7, 80);
            wearer.sends(8, 80);

            var inTime = new Wearer(STAYS_HIGH);
            inTime.sends(0, 160);
            inTime.sends(7, 80);
            assertThat(wearer.person.alerts).isEqualTo(inTime.person.alerts);
            assertThat(wearer.person.state.device("watch").tracks.get(0).expected()).isEmpty();
        }
    }

    @Test
    void aReadingThatWasOnlySlowTakesItBack() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(STAYS_HIGH);
            wearer.person.repackAlways = restarts;
            wearer.sends(0, 160);
            wearer.silentUntil(6);
            wearer.sends(4.9, 110);
            wearer.sends(7, 80);

            assertThat(wearer.story()).isEqualTo("OPENED@5.0 RETRACTED@5.0");
            assertThat(wearer.person.alerts.get(1).message()).startsWith("Taken back: ");
            assertThat(wearer.person.alerts.get(1).episodeId())
                    .isEqualTo(wearer.person.alerts.get(0).episodeId());
            assertThat(wearer.person.state.device("watch").tracks).isEmpty();
        }
    }

    @Test
    void whatWasTakenBackAndComesTrueAfterAllIsTheSameEpisode() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(STAYS_HIGH);
            wearer.person.repackAlways = restarts;
            wearer.sends(0, 160);
            wearer.silentUntil(6);
            wearer.sends(4, 130); // inside the window, and says nothing new
            wearer.sends(5, 130);

            assertThat(wearer.story()).isEqualTo("OPENED@5.0 RETRACTED@5.0 OPENED@5.0");
            assertThat(wearer.person.alerts.stream().map(Alert::revision)).containsExactly(1, 2, 3);
            assertThat(wearer.person.alerts.stream().map(Alert::sequence))
                    .containsExactly(1L, 2L, 3L);
            assertThat(wearer.person.alerts.stream().map(Alert::episodeId).distinct()).hasSize(1);
        }
    }

    @Test
    void silenceAfterItWasTakenBackTellsItAgain() {
        var wearer = new Wearer(STAYS_HIGH);
        wearer.sends(0, 160);
        wearer.silentUntil(6);
        wearer.sends(4, 130);
        wearer.silentUntil(10);
        wearer.sends(11, 80);

        assertThat(wearer.story()).isEqualTo("OPENED@5.0 RETRACTED@5.0 OPENED@5.0");
    }

    @Test
    void theMinuteThatNoReadingHasEndedCounts() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(BY_MINUTES);
            wearer.person.repackAlways = restarts;
            wearer.sends(-1, 80);
            wearer.sends(0, 160);
            wearer.sends(1, 130);
            wearer.sends(2, 110); // a calm minute that no later reading ends
            wearer.silentUntil(20);
            assertThat(wearer.story()).isEmpty();

            var high = new Wearer(BY_MINUTES);
            high.person.repackAlways = restarts;
            high.sends(-1, 80);
            high.sends(0, 160);
            high.sends(1, 130);
            high.sends(2, 130);
            high.silentUntil(20);
            assertThat(high.story()).startsWith("OPENED@");
            high.sends(21, 80);
            high.sends(22, 80);
            assertThat(high.person.alerts).hasSize(1);

            var inTime = new Wearer(BY_MINUTES);
            inTime.sends(-1, 80);
            inTime.sends(0, 160);
            inTime.sends(1, 130);
            inTime.sends(2, 130);
            inTime.sends(21, 80);
            inTime.sends(22, 80);
            assertThat(high.person.alerts).isEqualTo(inTime.person.alerts);
        }
    }

    @Test
    void aLastingEpisodeGoesOnFromWhatWasToldInSilence() {
        for (boolean restarts : new boolean[] {false, true}) {
            var wearer = new Wearer(LASTING);
            wearer.person.repackAlways = restarts;
            wearer.sends(0, 160);
            wearer.silentUntil(6);
            wearer.sends(7, 130);
            wearer.sends(8, 90);

            assertThat(wearer.story()).isEqualTo("OPENED@5.0 RESOLVED(RECOVERED)@8.0");
            assertThat(wearer.person.alerts.stream().map(Alert::revision)).containsExactly(1, 2);
        }
    }

    @Test
    void silenceIsAsQuietAboutRepeatsAsReadingsAre() {
        var wearer = new Wearer(STAYS_HIGH);
        wearer.sends(0, 160);
        wearer.sends(6, 160); // tells of 5, and starts another
        wearer.silentUntil(30);
        wearer.sends(31, 80);

        assertThat(wearer.story()).isEqualTo("OPENED@5.0");
    }

    @Test
    void aPatternThatIsSwitchedOffMeanwhileTakesBackWhatItTold() {
        var wearer = new Wearer(STAYS_HIGH);
        wearer.sends(0, 160);
        wearer.silentUntil(6);
        wearer.person.publish(
                new Version(1, Instant.EPOCH, STAYS_HIGH),
                new Version(
                        2,
                        at(3),
                        STAYS_HIGH
                                .replace("version: 1", "version: 2")
                                .replace("mode: live", "mode: off")));
        wearer.sends(7, 80);

        assertThat(wearer.story()).isEqualTo("OPENED@5.0 RETRACTED@5.0");
        assertThat(wearer.person.state.device("watch").tracks).isEmpty();
    }

    @Test
    void aDeviceThatNeverComesBackLeavesItAsItWasTold() {
        var wearer = new Wearer(LASTING);
        wearer.sends(0, 160);
        wearer.silentUntil(6);
        wearer.silentUntil(Judgement.FORGET_AFTER.toMinutes() + 1);

        assertThat(wearer.story()).isEqualTo("OPENED@5.0 RESOLVED(SIGNAL_LOST)@30.0");
        assertThat(wearer.person.state.isEmpty()).isTrue();
    }

    /**
     * Whatever is told meanwhile: in the end each episode stands as it does for someone whose
     * silence nobody noticed.
     */
    @Test
    void afterTheDeviceHasSpokenEverythingStandsAsIfNobodyHadWaited() {
        long base = Long.getLong("hrm.seed", new Random().nextLong());
        int toldInSilence = 0;
        int takenBack = 0;
        for (int run = 0; run < 400; run++) {
            long seed = base + run;
            var random = new Random(seed);
            var pattern = List.of(STAYS_HIGH, BY_MINUTES, LASTING).get(run % 3);
            var waiting = new Wearer(pattern);
            waiting.person.repackAlways = random.nextBoolean();
            var inOrder = new Wearer(pattern);
            double minute = 0;
            double wall = 0;
            for (int i = 0; i < 60; i++) {
                minute += random.nextInt(6) == 0 ? 1 + random.nextInt(12) : 0.25;
                int bpm = List.of(80, 110, 130, 130, 160).get(random.nextInt(5));
                wall = Math.max(wall, minute) + (random.nextInt(4) == 0 ? 8 : 0);
                int before = waiting.person.alerts.size();
                waiting.silentUntil(wall);
                toldInSilence += waiting.person.alerts.size() - before;
                waiting.person.judgement.arrived(waiting.person.state, "watch", Wearer.ms(wall));
                waiting.person.send(minute, bpm, 0);
                inOrder.person.send(minute, bpm, 0);
            }
            // Long enough for everything to be decided by the device's own clock.
            for (int i = 1; i <= 3; i++) {
                waiting.person.send(minute + 60 * i, 80, 0);
                inOrder.person.send(minute + 60 * i, 80, 0);
            }
            takenBack +=
                    waiting.person.alerts.stream()
                            .filter(alert -> alert.state() == Alert.State.RETRACTED)
                            .toList()
                            .size();
            assertThat(standing(waiting)).as("hrm.seed=" + seed).isEqualTo(standing(inOrder));
        }
        assertThat(toldInSilence).as("told in silence, hrm.seed=" + base).isGreaterThan(40);
        assertThat(takenBack).as("taken back, hrm.seed=" + base).isGreaterThan(10);
    }

    /** How each episode ended, of those that were not taken back. */
    private static List<String> standing(Wearer wearer) {
        var newest = new java.util.LinkedHashMap<java.util.UUID, Alert>();
        wearer.person.alerts.forEach(alert -> newest.put(alert.episodeId(), alert));
        var lines = new ArrayList<String>();
        for (var alert : newest.values()) {
            if (alert.state() != Alert.State.RETRACTED) {
                lines.add(
                        "%s %s %s %s %s"
                                .formatted(
                                        alert.onset(),
                                        alert.detectedAt(),
                                        alert.resolvedAt(),
                                        alert.reason(),
                                        alert.explanation()));
            }
        }
        return lines.stream().sorted().toList();
    }
}
