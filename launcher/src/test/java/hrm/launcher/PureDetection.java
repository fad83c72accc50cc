package hrm.launcher;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.HistoryMinute;
import hrm.functions.baselines.PersonDays;
import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.Baselines;
import hrm.model.MinuteRow;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.UserProfiles;
import hrm.patterns.flink.Matchers;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The shipped patterns on people's readings, without a stack: learn, then judge. */
final class PureDetection {
    private final Catalogue catalogue = shipped();
    private final Judgement judgement = new Judgement();
    private final Map<String, Reference> references = new HashMap<>();
    private final Map<String, UserState> states = new HashMap<>();

    PureDetection(List<UserProfiles> profiles) {
        profiles.forEach(
                each -> {
                    var reference = new Reference();
                    reference.profiles(each);
                    references.put(each.userId(), reference);
                });
    }

    /**
     * Gives everybody in the history a baseline that holds from {@code liveFrom}.
     *
     * @param run its name, part of what alerts say
     */
    void learn(Stream<MinuteRow> history, Instant liveFrom, String run) {
        var zones = new HashMap<String, ZoneId>();
        references.forEach((user, known) -> zones.put(user, known.zone(liveFrom.toEpochMilli())));
        var people = new HashMap<String, PersonDays>();
        history.forEach(
                minute ->
                        people.computeIfAbsent(minute.userId(), id -> new PersonDays())
                                .add(new HistoryMinute(minute, zones.get(minute.userId()))));
        people.forEach(
                (user, days) -> {
                    var builder = new BaselineBuilder();
                    days.finish().forEach(day -> builder.add(day.histograms()));
                    long today = LocalDate.ofInstant(liveFrom, zones.get(user)).toEpochDay();
                    var baseline = builder.build(user, run, today, liveFrom);
                    references.get(user).baselines(new Baselines(user, List.of(baseline)));
                });
    }

    List<Alert> judge(Reading reading) {
        var user = reading.userId();
        return judgement
                .judge(
                        states.computeIfAbsent(user, id -> new UserState()),
                        references.computeIfAbsent(user, id -> new Reference()),
                        reading,
                        catalogue)
                .alerts();
    }

    private static Catalogue shipped() {
        var catalogue = Catalogue.EMPTY;
        for (var pattern : hrm.patterns.Catalogue.shipped()) {
            var versions = PatternVersions.always(pattern.id(), pattern.version(), pattern.yaml());
            catalogue = catalogue.with(versions, Matchers::of).catalogue();
        }
        return catalogue;
    }
}
