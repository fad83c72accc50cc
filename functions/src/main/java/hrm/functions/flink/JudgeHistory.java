package hrm.functions.flink;

import hrm.functions.history.BaselinePolicy;
import hrm.functions.history.HistoryEvent;
import hrm.functions.history.HistoryJudge;
import hrm.functions.history.HistoryJudge.Stretch;
import hrm.functions.judgement.Catalogue;
import hrm.model.Alert;
import hrm.model.BackfillEvent;
import hrm.model.Json;
import hrm.model.PatternVersions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * In BATCH: judges history as it is read, one person after another, so that nothing need be keyed,
 * shuffled or sorted here. Alerts leave with the mode {@code backfill}.
 */
public final class JudgeHistory extends ProcessFunction<HistoryEvent, BackfillEvent> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<byte[]> patterns = new ArrayList<>();
    private final BaselinePolicy policy;
    private final Instant from;

    private transient HistoryJudge judge;
    private transient List<Alert> told;
    private transient int chunk;
    private transient long people;
    private transient long minutes;
    private transient long readings;
    private transient long alerts;

    /**
     * @param from episodes that were detected earlier are not told; null for all
     */
    public JudgeHistory(List<PatternVersions> patterns, BaselinePolicy policy, Instant from) {
        patterns.forEach(one -> this.patterns.add(Json.write(one)));
        this.policy = policy;
        this.from = from;
    }

    @Override
    public void open(OpenContext context) {
        var metrics = new PatternMetrics(getRuntimeContext().getMetricGroup());
        var catalogue = Catalogue.EMPTY;
        for (var json : patterns) {
            var versions = Json.read(json, PatternVersions.class);
            catalogue = catalogue.with(versions, metrics::matcher).catalogue();
        }
        told = new ArrayList<>();
        judge =
                new HistoryJudge(
                        catalogue,
                        policy,
                        from == null ? Stretch.ALL : Stretch.from(from, catalogue),
                        told::add);
    }

    @Override
    public void processElement(HistoryEvent event, Context context, Collector<BackfillEvent> out) {
        if (event instanceof HistoryEvent.Minute minute) {
            minutes++;
            readings += minute.columns().size();
            judge.judge(minute.columns());
            if (!told.isEmpty()) {
                tell(out);
            }
        } else if (event instanceof HistoryEvent.PersonBegins person) {
            chunk = person.chunk();
            people++;
            judge.begin(person.profiles(), person.baselines());
        } else if (event instanceof HistoryEvent.ChunkEnds end) {
            out.collect(new BackfillEvent.Done(end.chunk(), people, minutes, readings, alerts));
            people = 0;
            minutes = 0;
            readings = 0;
            alerts = 0;
        }
    }

    private void tell(Collector<BackfillEvent> out) {
        for (var alert : told) {
            alerts++;
            out.collect(new BackfillEvent.Told(chunk, alert.withMode(Alert.Mode.BACKFILL)));
        }
        told.clear();
    }
}
