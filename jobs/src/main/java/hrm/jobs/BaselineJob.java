package hrm.jobs;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.baselines.HistoryMinute;
import hrm.functions.flink.GatherVersions;
import hrm.functions.flink.LearnBaseline;
import hrm.functions.flink.Types;
import hrm.model.Baseline;
import hrm.model.Topics;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.baselines.BaselineTopic;
import hrm.sinks.readings.MinuteRows;
import hrm.sinks.readings.ReadingHours;
import java.io.Serializable;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.jdbc.core.datastream.source.JdbcSource;
import org.apache.flink.connector.jdbc.core.datastream.source.reader.extractor.ResultExtractor;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.connector.jdbc.split.JdbcGenericParameterValuesProvider;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Stored readings in, baselines out, in BATCH:
 *
 * <pre>
 *  reading_minutes of 28 days ▸ keyBy(user) ▸ daily histograms ▸ baseline ─▶ table baselines
 *                         versions that may still be needed ▸ keyBy(user) ─▶ topic baselines
 * </pre>
 */
public final class BaselineJob {
    /** Part of a baseline's lineage; a change that moves any number makes it a new one. */
    static final int ALGORITHM_VERSION = 1;

    /** How long a version may still be asked for by late readings. */
    private static final Duration VERSIONS_NEEDED = Duration.ofDays(35);

    private static final int FETCH_SIZE = 2_000;

    private BaselineJob() {}

    public static void main(String[] args) throws Exception {
        var options = BaselineOptions.parse(Instant.now(), args);
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                List.of(Topics.BASELINES),
                options.waitFor);
        WaitFor.all(options.waitFor, () -> cannotBegin(options));
        boolean succeeded = false;
        try {
            var env = StreamExecutionEnvironment.getExecutionEnvironment();
            build(env, options);
            // Not execute(): a detached client would come back at once, and the run with it.
            env.executeAsync("baseline " + options.runId).getJobExecutionResult().get();
            succeeded = true;
        } finally {
            try (var database = options.database().connect()) {
                BaselineRuns.end(database, options.runId, succeeded);
            }
        }
        rollUpHours(options);
    }

    /** For long curves; here, because it is once a day as well. */
    private static void rollUpHours(BaselineOptions options) {
        var now = Instant.now();
        try {
            ReadingHours.rollUp(
                    options.database(), now.minus(ReadingHours.STILL_CHANGING), now, null);
        } catch (SQLException e) {
            throw new JobException(
                    "The baselines are learnt, but the hourly roll-up failed ("
                            + e.getMessage()
                            + "). Long curves read minutes meanwhile. Repeat it by: hrm readings"
                            + " roll-up. If a function is missing, run once: hrm setup.",
                    e);
        }
    }

    /** Begins the run in the database. */
    private static JobException cannotBegin(BaselineOptions options) {
        try (var database = options.database().connect()) {
            BaselineRuns.begin(database, options.runId, options.asOf);
            return null;
        } catch (SQLException e) {
            return new JobException(
                    "The database does not answer as it should ("
                            + e.getMessage()
                            + "). Check --jdbc-url, --jdbc-user and the password. If tables are"
                            + " missing, run once: hrm setup.",
                    e);
        }
    }

    static void build(StreamExecutionEnvironment env, BaselineOptions options) {
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        var baselines =
                minutes(env, options)
                        .keyBy(history -> history.minute().userId())
                        .process(
                                new LearnBaseline(
                                        options.runId, options.asOf, options.effectiveFrom))
                        .returns(Types.BASELINE)
                        .uid("baseline.learn")
                        .name("baseline.learn");
        baselines
                .sinkTo(BaselineTable.sink(options.database(), ALGORITHM_VERSION))
                .uid("baseline.table")
                .name("baseline.table");
        baselines
                .union(versions(env, options))
                .keyBy(Baseline::userId)
                .process(new GatherVersions(options.runId))
                .returns(Types.BASELINES)
                .uid("baseline.versions")
                .name("baseline.versions")
                .sinkTo(BaselineTopic.sink(options.kafka()))
                .uid("baseline.topic")
                .name("baseline.topic");
    }

    /** The window's minutes, each with the time zone of its person. */
    private static DataStream<HistoryMinute> minutes(
            StreamExecutionEnvironment env, BaselineOptions options) {
        // A day on both sides, since people's days begin at other times than UTC's.
        var from =
                options.asOf
                        .minus(Duration.ofDays(BaselineBuilder.WINDOW_DAYS + 1L))
                        .minus(Duration.ofMinutes(DayGatherer.WARM_UP_MINUTES));
        var until = options.asOf;
        var sql =
                "SELECT "
                        + MinuteRows.COLUMNS
                        + ", time_zone FROM reading_minutes LEFT JOIN (SELECT DISTINCT ON (user_id)"
                        + " user_id, time_zone FROM user_profiles WHERE effective_from <= ?"
                        + " ORDER BY user_id, effective_from DESC) profile USING (user_id)"
                        + " WHERE minute >= ? AND minute < ?"
                        + " AND mod(hashtext(user_id)::bigint + 2147483648, ?) = ?";
        int splits = env.getParallelism();
        var parameters = new Serializable[splits][];
        for (int split = 0; split < splits; split++) {
            parameters[split] =
                    new Serializable[] {time(options.asOf), time(from), time(until), splits, split};
        }
        var row = MinuteRows.COLUMNS.split(", ").length + 1;
        return source(
                        env,
                        options,
                        sql,
                        parameters,
                        result -> {
                            var zone = result.getString(row);
                            return new HistoryMinute(
                                    MinuteRows.read(result),
                                    zone == null ? ZoneOffset.UTC : ZoneId.of(zone));
                        },
                        Types.HISTORY_MINUTE,
                        "baseline.minutes")
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<HistoryMinute>noWatermarks()
                                .withTimestampAssigner(
                                        (history, before) -> history.minute().minuteMs()))
                .uid("baseline.minutes-time")
                .name("baseline.minutes-time");
    }

    /** Earlier baselines that late readings may still be judged by. */
    private static DataStream<Baseline> versions(
            StreamExecutionEnvironment env, BaselineOptions options) {
        var needed = time(options.asOf.minus(VERSIONS_NEEDED));
        var sql =
                "SELECT "
                        + BaselineTable.COLUMNS
                        + " FROM baselines b WHERE run_id <> ? AND (effective_from >= ? OR"
                        + " effective_from = (SELECT max(effective_from) FROM baselines older"
                        + " WHERE older.user_id = b.user_id AND older.effective_from < ?))"
                        + " ORDER BY created_at";
        var parameters = new Serializable[][] {{options.runId, needed, needed}};
        return source(
                env,
                options,
                sql,
                parameters,
                BaselineTable::read,
                Types.BASELINE,
                "baseline.earlier");
    }

    private static <T> DataStream<T> source(
            StreamExecutionEnvironment env,
            BaselineOptions options,
            String sql,
            Serializable[][] parameters,
            ResultExtractor<T> rows,
            TypeInformation<T> type,
            String uid) {
        // As many splits as readers and no auto-commit: otherwise a reader's connection is closed
        // under the next split, and PostgreSQL sends whole results at once.
        var source =
                JdbcSource.<T>builder()
                        // The builder asks for these two even beside a provider.
                        .setDBUrl(options.database().url())
                        .setDriverName("org.postgresql.Driver")
                        .setConnectionProvider(
                                new SimpleJdbcConnectionProvider(options.database().connection()))
                        .setSql(sql)
                        .setJdbcParameterValuesProvider(
                                new JdbcGenericParameterValuesProvider(parameters))
                        .setResultExtractor(rows)
                        .setTypeInformation(type)
                        .setAutoCommit(false)
                        .setResultSetFetchSize(FETCH_SIZE)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), uid)
                .setParallelism(parameters.length)
                .uid(uid);
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.from(instant);
    }
}
