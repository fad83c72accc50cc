package hrm.launcher;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.patterns.flink.NfaMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The detection that the job runs, without the job: what a stream must come to. */
final class PureDetection {
    private final Map<String, Reference> references;
    private final Map<String, UserState> states = new HashMap<>();
    private final Judgement judgement = new Judgement();
    private final Catalogue catalogue = shipped();
    private final List<Alert> alerts = new ArrayList<>();

    /**
     * @param references what is known of people; who is not in it has no profile and no baseline
     */
    PureDetection(Map<String, Reference> references) {
        this.references = new HashMap<>(references);
    }

    private static Catalogue shipped() {
        var catalogue = Catalogue.EMPTY;
        for (var pattern : hrm.patterns.Catalogue.shipped()) {
            var version =
                    new PatternVersions.Version(pattern.version(), Instant.EPOCH, pattern.yaml());
            catalogue =
                    catalogue
                            .with(
                                    new PatternVersions(pattern.id(), List.of(version)),
                                    NfaMatcher::new)
                            .catalogue();
        }
        return catalogue;
    }

    /** In the order of arrival. */
    void judge(Reading reading) {
        var user = reading.userId();
        alerts.addAll(
                judgement
                        .judge(
                                states.computeIfAbsent(user, id -> new UserState()),
                                references.computeIfAbsent(user, id -> new Reference()),
                                reading,
                                catalogue)
                        .alerts());
    }

    List<Alert> alerts() {
        return alerts;
    }
}
