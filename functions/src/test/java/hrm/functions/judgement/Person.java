package hrm.functions.judgement;

import hrm.functions.detection.Reference;
import hrm.model.Alert;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.patterns.flink.Matchers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A person under test: sends readings, keeps what is told. Minutes and seconds count from {@link
 * #START}.
 */
final class Person {
    static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    static final String RESTING_TACHYCARDIA =
            """
            id: resting-tachycardia
            version: 1
            title: High heart rate while inactive
            condition: high
            severity: high
            mode: live
            on: minute
            let: { limit: limits.high }
            sequence:
              - step: high
                where: bpm > limit && steps == 0
                hold: 10m
                max_gap: 2m
            resolve: { where: bpm < limit - 5, hold: 3m }
            message: "Heart rate above ${limit} for 10 minutes while inactive"
            source: test
            """;

    static final String SPIKE =
            """
            id: spike
            version: 1
            title: A high reading
            condition: high
            severity: medium
            mode: live
            sequence:
              - step: high
                where: bpm > 180
            clear_after: 10m
            message: "Heart rate ${bpm}"
            source: test
            """;

    final String userId;
    final Judgement judgement;
    final Reference reference = new Reference();
    final List<Alert> alerts = new ArrayList<>();
    final List<Reevaluation> marks = new ArrayList<>();
    UserState state = new UserState();
    Catalogue catalogue = Catalogue.EMPTY;
    boolean repackAlways;

    Person(String userId, String... patterns) {
        this(userId, new Judgement(), patterns);
    }

    Person(String userId, Judgement judgement, String... patterns) {
        this.userId = userId;
        this.judgement = judgement;
        for (var yaml : patterns) {
            publish(Instant.EPOCH, yaml);
        }
    }

    /** Makes a pattern's only version this one. */
    void publish(Instant effectiveFrom, String yaml) {
        publish(new PatternVersions.Version(1, effectiveFrom, yaml));
    }

    void publish(PatternVersions.Version... versions) {
        var id = versions[0].yaml().lines().findFirst().orElseThrow().substring("id: ".length());
        var change = catalogue.with(new PatternVersions(id, List.of(versions)), Matchers::of);
        if (!change.refused().isEmpty()) {
            throw new IllegalArgumentException(change.refused().toString());
        }
        catalogue = change.catalogue();
    }

    static Instant at(double minute) {
        return START.plusMillis(Math.round(minute * 60_000));
    }

    Verdict send(double minute, int bpm, int steps) {
        return send("watch", minute, bpm, steps);
    }

    Verdict send(String device, double minute, int bpm, int steps) {
        return send(Reading.of(userId, device, at(minute).toEpochMilli(), bpm, steps));
    }

    Verdict send(Reading reading) {
        var verdict = judgement.judge(state, reference, reading, catalogue);
        alerts.addAll(verdict.alerts());
        if (verdict.mark() != null) {
            marks.add(verdict.mark());
        }
        if (repackAlways) {
            repack();
        }
        return verdict;
    }

    /** A reading every 30 seconds, from and until inclusive. */
    void sends(double fromMinute, double untilMinute, int bpm, int steps) {
        for (double minute = fromMinute; minute <= untilMinute; minute += 0.5) {
            send(minute, bpm, steps);
        }
    }

    /** What a restart does: the state goes through its bytes. */
    void repack() {
        try {
            var bytes = new ByteArrayOutputStream();
            state.write(new DataOutputStream(bytes));
            state =
                    UserState.read(
                            new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())),
                            UserState.FORMAT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** State, reason and minute of what was told, {@code OPENED@10.0 RESOLVED(RECOVERED)@23.5}. */
    String story() {
        var story = new StringBuilder();
        for (var alert : alerts) {
            var time = alert.resolvedAt() == null ? alert.detectedAt() : alert.resolvedAt();
            story.append(story.isEmpty() ? "" : " ")
                    .append(alert.state())
                    .append(alert.reason() == null ? "" : "(" + alert.reason() + ")")
                    .append('@')
                    .append((time.toEpochMilli() - START.toEpochMilli()) / 60_000.0);
        }
        return story.toString();
    }
}
