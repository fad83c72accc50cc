package hrm.functions.flink;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Changes;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserEvent;
import hrm.functions.judgement.UserState;
import hrm.functions.judgement.Verdict;
import hrm.model.Alert;
import hrm.model.Correction;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keyed by person; hosts {@link Judgement} over the whole catalogue, which is broadcast. Two values
 * of state: {@code reference} (what a person is judged by; written when it changes) and {@code
 * live} (read and written once a reading).
 *
 * <p>The watermark says one thing only: whether what judges is there ({@link ControlGate}). Until
 * then readings are kept, and judged in their order of arrival when it opens.
 */
public class Judge extends KeyedBroadcastProcessFunction<String, UserEvent, PatternVersions, Alert>
        implements CheckpointedFunction {

    /** The broadcast patterns, by id. */
    public static final MapStateDescriptor<String, PatternVersions> CATALOGUE =
            new MapStateDescriptor<>(
                    "catalogue",
                    org.apache.flink.api.common.typeinfo.Types.STRING,
                    Types.PATTERN_VERSIONS);

    /**
     * The catalogue's {@link Changes} by number, each the event time from which it judges
     * otherwise.
     */
    public static final MapStateDescriptor<Long, Long> CHANGES =
            new MapStateDescriptor<>(
                    "catalogue-changes",
                    org.apache.flink.api.common.typeinfo.Types.LONG,
                    org.apache.flink.api.common.typeinfo.Types.LONG);

    /** Versions of patterns that cannot be run. */
    public static final OutputTag<PatternRejection> REJECTED =
            new OutputTag<>("rejected-pattern", Types.PATTERN_REJECTION);

    /** Stretches that must be judged again. */
    public static final OutputTag<Reevaluation> REEVALUATE =
            new OutputTag<>("reevaluate", Types.REEVALUATION);

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    /**
     * After a start nobody counts as silent for so long: what they sent while the job was down may
     * still wait on the topic.
     */
    private static final Duration CATCH_UP = Duration.ofMinutes(5);

    private static final long NOT_STARTED = Long.MIN_VALUE;

    private transient ValueState<UserState> live;
    private transient ValueState<Reference> reference;
    private transient ListState<Reading> held;
    private transient ListState<Tuple2<String, Long>> partialMatches;

    private transient Judgement judgement;
    private transient Catalogue catalogue;
    private transient boolean catalogueRestored;
    private transient long noLookBeforeMs;
    private transient boolean warnedOfEmptyCatalogue;
    private transient Map<Verdict.Outcome, Counter> outcomes;
    private transient Counter alerts;
    private transient Counter corrections;
    private transient Counter refusedPatterns;
    private transient PatternMetrics patternMetrics;

    /**
     * Half-finished matches are counted as they begin and end, so the count must outlive a restart.
     * It is parted anew when the job is rescaled: only the sum over all tasks means something.
     */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        partialMatches =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "partial-matches",
                                        org.apache.flink.api.common.typeinfo.Types.TUPLE(
                                                org.apache.flink.api.common.typeinfo.Types.STRING,
                                                org.apache.flink.api.common.typeinfo.Types.LONG)));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        partialMatches.clear();
        for (var entry : patternMetrics.partialMatches().entrySet()) {
            partialMatches.add(Tuple2.of(entry.getKey(), entry.getValue()));
        }
    }

    @Override
    public void open(OpenContext context) throws Exception {
        var runtime = getRuntimeContext();
        live = runtime.getState(new ValueStateDescriptor<>("live", Types.USER_STATE));
        reference = runtime.getState(new ValueStateDescriptor<>("reference", Types.REFERENCE));
        held = runtime.getListState(new ListStateDescriptor<>("held", Types.READING));
        catalogue = Catalogue.EMPTY;
        catalogueRestored = false;
        noLookBeforeMs = NOT_STARTED;
        var metrics = metrics();
        outcomes = new HashMap<>();
        for (var outcome : Verdict.Outcome.values()) {
            outcomes.put(outcome, metrics.counter(outcome.name().toLowerCase(Locale.ROOT)));
        }
        alerts = metrics.counter("alerts");
        corrections = metrics.counter("corrections");
        refusedPatterns = metrics.counter("refusedPatterns");
        patternMetrics = new PatternMetrics(metrics);
        for (var entry : partialMatches.get()) {
            patternMetrics.progressed(entry.f0, entry.f1);
        }
        judgement = new Judgement(patternMetrics::progressed);
    }

    /** Where metrics are registered; a test brings its own. */
    MetricGroup metrics() {
        return getRuntimeContext().getMetricGroup();
    }

    @Override
    public void processElement(UserEvent event, ReadOnlyContext context, Collector<Alert> out)
            throws Exception {
        if (event instanceof UserEvent.Measured measured) {
            if (context.currentWatermark() < ControlGate.OPEN.getTimestamp()) {
                held.add(measured.reading());
                context.timerService().registerEventTimeTimer(ControlGate.OPEN.getTimestamp());
                return;
            }
            long now = context.timerService().currentProcessingTime();
            restoreCatalogue(context);
            var state = liveState();
            var mark = judge(state, referenceState(), measured.reading(), now, out);
            if (mark != null) {
                context.output(REEVALUATE, mark);
            }
            planNextLook(state, context);
            if (!state.isEmpty()) {
                live.update(state);
            }
            return;
        }
        if (event instanceof UserEvent.Corrected corrected) {
            correct(corrected.correction(), context, out);
            return;
        }
        var state = liveState();
        var known = referenceState();
        List<Reevaluation> marks =
                event instanceof UserEvent.BaselinesChanged changed
                        ? judgement.learn(state, known, changed.baselines())
                        : judgement.learn(
                                state, known, ((UserEvent.ProfilesChanged) event).profiles());
        reference.update(known);
        if (!marks.isEmpty()) {
            marks.forEach(mark -> context.output(REEVALUATE, mark));
            live.update(state);
        }
    }

    private void correct(Correction correction, ReadOnlyContext context, Collector<Alert> out)
            throws Exception {
        restoreCatalogue(context);
        var state = liveState();
        long now = context.timerService().currentProcessingTime();
        var corrected = judgement.correct(state, correction, catalogue, now);
        corrections.inc();
        for (var alert : corrected.alerts()) {
            emit(alert, now, out);
        }
        corrected.marks().forEach(mark -> context.output(REEVALUATE, mark));
        if (!state.isEmpty()) {
            planNextLook(state, context);
            live.update(state);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out)
            throws Exception {
        var state = liveState();
        long now = context.timerService().currentProcessingTime();
        restoreCatalogue(context);
        if (context.timeDomain() == TimeDomain.EVENT_TIME) {
            var known = referenceState();
            for (var reading : held.get()) {
                var mark = judge(state, known, reading, now, out);
                if (mark != null) {
                    context.output(REEVALUATE, mark);
                }
            }
            held.clear();
        } else {
            state.timerAtMs(UserState.NO_TIMER);
            if (now >= noLookBefore(now)) {
                var told =
                        judgement.silence(
                                state, context.getCurrentKey(), referenceState(), now, catalogue);
                for (var alert : told) {
                    emit(alert, now, out);
                }
            }
        }
        planNextLook(state, context);
        if (state.isEmpty()) {
            live.clear();
        } else {
            live.update(state);
        }
    }

    private Reevaluation judge(
            UserState state, Reference known, Reading reading, long now, Collector<Alert> out) {
        var verdict = judgement.judge(state, known, reading, catalogue);
        outcomes.get(verdict.outcome()).inc();
        if (verdict.outcome() == Verdict.Outcome.JUDGED) {
            judgement.arrived(state, reading.deviceId(), now);
            for (var alert : verdict.alerts()) {
                emit(alert, now, out);
            }
        } else if (verdict.outcome() == Verdict.Outcome.UNJUDGED && !warnedOfEmptyCatalogue) {
            warnedOfEmptyCatalogue = true;
            LOG.warn(
                    "There are no patterns, so readings are stored but nobody is judged."
                            + " Publish some: hrm patterns push --all");
        }
        return verdict.mark();
    }

    private void emit(Alert alert, long now, Collector<Alert> out) {
        alerts.inc();
        out.collect(alert.withPublishedAt(Instant.ofEpochMilli(now)));
    }

    /** One coarse timer a person, moved only when silence could matter earlier than it stands. */
    private void planNextLook(UserState state, ReadOnlyContext context) {
        long next = judgement.nextLookMs(state);
        if (next == Long.MAX_VALUE) {
            return;
        }
        next = Math.max(next, noLookBefore(context.timerService().currentProcessingTime()));
        boolean planned = state.timerAtMs() != UserState.NO_TIMER;
        if (!planned || next < state.timerAtMs()) {
            context.timerService().registerProcessingTimeTimer(next);
            state.timerAtMs(next);
        }
    }

    /** Wall clock from which silence counts. */
    private long noLookBefore(long nowMs) {
        if (noLookBeforeMs == NOT_STARTED) {
            noLookBeforeMs = nowMs + CATCH_UP.toMillis();
        }
        return noLookBeforeMs;
    }

    private UserState liveState() throws Exception {
        var state = live.value();
        return state == null ? new UserState() : state;
    }

    private Reference referenceState() throws Exception {
        var known = reference.value();
        return known == null ? new Reference() : known;
    }

    @Override
    public void processBroadcastElement(
            PatternVersions versions, Context context, Collector<Alert> out) throws Exception {
        restoreCatalogue(context);
        var stored = context.getBroadcastState(CATALOGUE);
        var before = catalogue;
        if (versions.versions().isEmpty()) {
            stored.remove(versions.patternId());
            catalogue = catalogue.without(versions.patternId());
        } else {
            // What is in state was told when it came.
            var known = stored.get(versions.patternId());
            var told = known == null ? List.of() : known.versions();
            var refused = take(versions);
            refused.stream()
                    .filter(one -> !told.contains(one.version()))
                    .forEach(
                            one ->
                                    refuse(
                                            versions.patternId(),
                                            one,
                                            rejection -> context.output(REJECTED, rejection)));
            if (refused.size() < versions.versions().size()) {
                stored.put(versions.patternId(), versions);
            }
        }
        patternMetrics.judging(versions.patternId(), catalogue.versions(versions.patternId()));
        if (catalogue.changes() != before.changes()) {
            var changes = catalogue.changes();
            var storedChanges = context.getBroadcastState(CHANGES);
            storedChanges.put(changes.newest(), changes.newestFromMs());
            storedChanges.remove(changes.newest() - Changes.KEPT);
        }
    }

    private List<Catalogue.Refused> take(PatternVersions versions) {
        var change = catalogue.with(versions, patternMetrics::matcher);
        catalogue = change.catalogue();
        return change.refused();
    }

    /** All tasks see each version; one says it. */
    private void refuse(
            String patternId, Catalogue.Refused refused, Consumer<PatternRejection> out) {
        refusedPatterns.inc();
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() > 0) {
            return;
        }
        LOG.warn(
                "Pattern {} version {} was refused; what ran before goes on. {}",
                patternId,
                refused.version().version(),
                String.join("\n", refused.findings()));
        out.accept(
                new PatternRejection(
                        patternId,
                        refused.version().version(),
                        refused.version().effectiveFrom(),
                        refused.findings(),
                        Instant.now()));
    }

    /**
     * After a restart the patterns are in broadcast state, which cannot be read in {@code open}.
     * What was refused then is not told again, unless nothing is left of the pattern: an earlier
     * release could run what this one cannot.
     */
    private void restoreCatalogue(ReadOnlyContext context) throws Exception {
        if (catalogueRestored) {
            return;
        }
        restore(
                context.getBroadcastState(CATALOGUE),
                context.getBroadcastState(CHANGES),
                rejection -> context.output(REJECTED, rejection));
    }

    private void restoreCatalogue(Context context) throws Exception {
        if (catalogueRestored) {
            return;
        }
        restore(
                context.getBroadcastState(CATALOGUE),
                context.getBroadcastState(CHANGES),
                rejection -> context.output(REJECTED, rejection));
    }

    private void restore(
            ReadOnlyBroadcastState<String, PatternVersions> stored,
            ReadOnlyBroadcastState<Long, Long> storedChanges,
            Consumer<PatternRejection> out)
            throws Exception {
        catalogueRestored = true;
        for (var entry : stored.immutableEntries()) {
            var refused = take(entry.getValue());
            if (catalogue.versions(entry.getKey()).isEmpty()) {
                refused.forEach(one -> refuse(entry.getKey(), one, out));
            }
        }
        var changes = new TreeMap<Long, Long>();
        storedChanges.immutableEntries().forEach(e -> changes.put(e.getKey(), e.getValue()));
        catalogue =
                catalogue.with(
                        changes.isEmpty()
                                ? Changes.NONE
                                : Changes.of(
                                        changes.lastKey(),
                                        changes.values().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray()));
    }
}
