package hrm.functions.flink;

import hrm.functions.judgement.Rule;
import hrm.patterns.Matcher;
import hrm.patterns.Tally;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.flink.Matchers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each pattern does, for Flink's metrics: a group {@code pattern} with the pattern's id. The
 * matchers count; whoever reports adds up their counts, so that a reading costs nothing more.
 */
final class PatternMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(PatternMetrics.class);

    private final MetricGroup group;
    private final Map<String, OfPattern> patterns = new HashMap<>();

    PatternMetrics(MetricGroup group) {
        this.group = group;
    }

    /** A matcher that is counted until {@link #judging} says that it judges no more. */
    Matcher matcher(CompiledPattern pattern) {
        var spec = pattern.spec();
        var tally =
                new Tally(
                        failure ->
                                LOG.warn(
                                        "A condition of pattern {} version {} fails and counts as"
                                                + " no match; said once. {}",
                                        spec.id(),
                                        spec.version(),
                                        failure.toString()));
        var matcher = Matchers.of(pattern, tally);
        of(spec.id()).matchers.add(matcher);
        return matcher;
    }

    /** These versions of a pattern judge, and no others. */
    void judging(String patternId, List<Rule> versions) {
        var pattern = patterns.get(patternId);
        if (pattern != null) {
            pattern.keep(versions);
        }
    }

    /** More half-finished matches are in progress. */
    void progressed(String patternId, long by) {
        of(patternId).partialMatches += by;
    }

    /** Half-finished matches by pattern, where there are any. */
    Map<String, Long> partialMatches() {
        var all = new TreeMap<String, Long>();
        patterns.forEach(
                (id, pattern) -> {
                    if (pattern.partialMatches != 0) {
                        all.put(id, pattern.partialMatches);
                    }
                });
        return all;
    }

    private OfPattern of(String patternId) {
        var pattern = patterns.get(patternId);
        if (pattern == null) {
            pattern = new OfPattern(group.addGroup("pattern", patternId));
            patterns.put(patternId, pattern);
        }
        return pattern;
    }

    private static final class OfPattern {
        private final List<Matcher> matchers = new CopyOnWriteArrayList<>();
        private final Sum evaluations = new Sum(Tally::inputs);
        private final Sum starts = new Sum(Tally::starts);
        private final Sum matches = new Sum(Tally::matches);
        private final Sum refusedStarts = new Sum(Tally::refusedStarts);
        private final Sum failedConditions = new Sum(Tally::failedConditions);
        private long partialMatches;

        OfPattern(MetricGroup group) {
            group.counter("evaluations", new Reported(evaluations));
            group.counter("starts", new Reported(starts));
            group.counter("matches", new Reported(matches));
            group.counter("refusedStarts", new Reported(refusedStarts));
            group.counter("failedConditions", new Reported(failedConditions));
            group.gauge("partialMatches", (Gauge<Long>) () -> partialMatches);
        }

        void keep(List<Rule> versions) {
            for (var matcher : matchers) {
                if (versions.stream().noneMatch(rule -> rule.matcher() == matcher)) {
                    List.of(evaluations, starts, matches, refusedStarts, failedConditions)
                            .forEach(sum -> sum.retire(matcher));
                    matchers.remove(matcher);
                }
            }
        }

        /** Over the versions that judge and those that did. */
        private final class Sum implements LongSupplier {
            private final ToLongFunction<Tally> count;
            private long retired;

            Sum(ToLongFunction<Tally> count) {
                this.count = count;
            }

            void retire(Matcher matcher) {
                retired += count.applyAsLong(matcher.tally());
            }

            @Override
            public long getAsLong() {
                long sum = retired;
                for (var matcher : matchers) {
                    sum += count.applyAsLong(matcher.tally());
                }
                return sum;
            }
        }
    }

    /** Counted elsewhere. */
    private record Reported(LongSupplier count) implements Counter {
        @Override
        public long getCount() {
            return count.getAsLong();
        }

        @Override
        public void inc() {
            throw new UnsupportedOperationException("the matcher counts");
        }

        @Override
        public void inc(long n) {
            inc();
        }

        @Override
        public void dec() {
            inc();
        }

        @Override
        public void dec(long n) {
            inc();
        }
    }
}
