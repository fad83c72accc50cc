package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.launcher.PatternPush.Outcome;
import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.spec.PatternSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternPushTest {
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
    private final PatternPush push = new PatternPush(Clock.fixed(NOW, ZoneOffset.UTC), null);

    private static PatternSpec pattern(int version, int limit) {
        return PatternLoader.load("a text", yaml(version, limit)).spec();
    }

    private static String yaml(int version, int limit) {
        return """
               id: quick
               version: %d
               title: Quick heart
               condition: high
               severity: low
               sequence:
                 - step: quick
                   where: bpm > %d
               message: "Quick"
               source: "a test"
               """
                .formatted(version, limit);
    }

    private static PatternVersions published(Version... versions) {
        return new PatternVersions("quick", List.of(versions));
    }

    private static Version version(int number, Instant from) {
        return new Version(number, from, yaml(number, 100 + number));
    }

    @Test
    void theFirstVersionHoldsForAllReadings() {
        var pushed = (Outcome.Pushed) push.decide(pattern(4, 150), null);

        assertThat(pushed.from()).isEqualTo(Instant.EPOCH);
        assertThat(pushed.versions().versions())
                .containsExactly(new Version(4, Instant.EPOCH, yaml(4, 150)));
    }

    @Test
    void aLaterVersionHoldsFromASecondAfterThePush() {
        var first = version(1, Instant.EPOCH);

        var pushed = (Outcome.Pushed) push.decide(pattern(2, 150), published(first));

        assertThat(pushed.from()).isEqualTo("2026-01-31T08:00:01Z");
        assertThat(pushed.versions().versions())
                .containsExactly(first, new Version(2, pushed.from(), yaml(2, 150)));
    }

    @Test
    void theSameTextIsUnchanged() {
        var from = NOW.minusSeconds(60);

        var outcome = push.decide(pattern(1, 101), published(version(1, from)));

        assertThat(outcome).isEqualTo(new Outcome.Unchanged(pattern(1, 101), from));
    }

    @Test
    void anotherTextNeedsAHigherVersion() {
        var published = published(version(1, Instant.EPOCH), version(2, NOW.minusSeconds(9)));

        for (int number : new int[] {1, 2}) {
            var refused = (Outcome.Refused) push.decide(pattern(number, 150), published);
            assertThat(refused.why()).contains("version 2 is published").contains("'version: 3'");
        }
        assertThat(push.decide(pattern(3, 150), published)).isInstanceOf(Outcome.Pushed.class);
    }

    @Test
    void aVersionCannotTakeEffectBeforeTheOneItFollows() {
        var early = new PatternPush(Clock.fixed(NOW, ZoneOffset.UTC), NOW.minusSeconds(60));

        var refused =
                (Outcome.Refused)
                        early.decide(pattern(2, 150), published(version(1, NOW.minusSeconds(60))));

        assertThat(refused.why()).contains("must take effect later");
    }

    @Test
    void versionsThatNothingLateCanNeedAreLeftOut() {
        var longAgo = version(1, Instant.EPOCH);
        var inForce35DaysAgo = version(2, NOW.minus(Duration.ofDays(35)));
        var since = version(3, NOW.minus(Duration.ofDays(35)).plusMillis(1));

        var pushed =
                (Outcome.Pushed)
                        push.decide(pattern(4, 150), published(longAgo, inForce35DaysAgo, since));

        assertThat(pushed.versions().versions())
                .extracting(Version::version)
                .containsExactly(2, 3, 4);
    }
}
