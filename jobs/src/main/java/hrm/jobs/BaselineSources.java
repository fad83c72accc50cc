package hrm.jobs;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.HistoryMinute;
import hrm.functions.baselines.PersonWindow;
import hrm.functions.baselines.PersonWindow.Illness;
import hrm.functions.flink.Types;
import hrm.model.LearntBaseline;
import hrm.sinks.JdbcOptions;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.readings.MinuteRows;
import java.io.Serializable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.core.datastream.source.JdbcSource;
import org.apache.flink.connector.jdbc.core.datastream.source.reader.extractor.ResultExtractor;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.connector.jdbc.split.JdbcGenericParameterValuesProvider;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What a baseline run reads from PostgreSQL: as many parts as the job has readers, by person. */
final class BaselineSources {
    private static final int FETCH_SIZE = 2_000;

    /** Until the first rows come PostgreSQL may sort, which of years of many people takes long. */
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(30);

    /** Rows of some 30 kB. */
    private static final int WINDOW_FETCH_SIZE = 100;

    /** A day more on both sides, since people's days begin at other times than UTC's. */
    private static final int WINDOW_DAYS = BaselineBuilder.WINDOW_DAYS + 2;

    private static final String PART = "mod(hashtext(%s.user_id)::bigint + 2147483648, ?) = ?";

    private static final String MINUTE =
            Arrays.stream(MinuteRows.COLUMNS.split(", "))
                    .map(column -> "m." + column)
                    .collect(Collectors.joining(", "));

    /** Columns before those that a source adds. */
    private static final int MINUTE_COLUMNS = MinuteRows.COLUMNS.split(", ").length;

    private static final String ALL_MINUTES =
            "SELECT "
                    + MINUTE
                    + ", coalesce(z.time_zone, 'UTC'), -1000000000, 1000000000"
                    + " FROM reading_minutes m LEFT JOIN zones_at(?) z USING (user_id) WHERE "
                    + PART.formatted("m");

    /**
     * The person-days to be read again, in stretches of neighbouring days. A day is one of them
     * when it has a new reading, or the hour before it has, by which its first minutes are judged;
     * all days of a person are when they live in another time zone now. Two hours before each
     * stretch come with it: one to judge its beginning by, one for midnights that come twice.
     */
    private static final String NEW_MINUTES =
            """
            WITH zone AS MATERIALIZED (SELECT * FROM zones_at(?)),
            fresh AS (
                SELECT m.user_id, m.minute FROM reading_minutes m
                WHERE m.written_in >= ? AND %s
                UNION ALL
                SELECT m.user_id, m.minute
                FROM (SELECT DISTINCT h.user_id
                      FROM day_histograms h LEFT JOIN zone USING (user_id)
                      WHERE h.time_zone <> coalesce(zone.time_zone, 'UTC') AND %s) moved
                JOIN reading_minutes m USING (user_id)),
            due AS (
                SELECT DISTINCT f.user_id, coalesce(zone.time_zone, 'UTC') AS time_zone,
                    ((f.minute + ahead) AT TIME ZONE coalesce(zone.time_zone, 'UTC'))::date AS day
                FROM fresh f LEFT JOIN zone USING (user_id),
                    (VALUES (interval '0'), (interval '1 hour')) v(ahead)),
            stretch AS (
                SELECT user_id, time_zone, min(day) AS first_day, max(day) AS last_day
                FROM (SELECT *, day - (row_number() OVER (PARTITION BY user_id ORDER BY day))::integer
                          AS island FROM due) numbered
                GROUP BY user_id, time_zone, island)
            SELECT m.*, s.time_zone, s.first_day - date '1970-01-01', s.last_day - date '1970-01-01'
            FROM stretch s CROSS JOIN LATERAL (
                SELECT %s FROM reading_minutes m
                WHERE m.user_id = s.user_id
                  AND m.minute >= (s.first_day::timestamp AT TIME ZONE s.time_zone) - interval '2 hours'
                  AND m.minute < ((s.last_day + 1)::timestamp AT TIME ZONE s.time_zone)
                OFFSET 0) m
            """
                    .formatted(PART.formatted("m"), PART.formatted("h"), MINUTE);

    private static final String WINDOWS =
            """
            WITH zone AS MATERIALIZED (SELECT * FROM zones_at(?)),
            days AS (
                SELECT h.user_id, string_agg(h.histograms, ''::bytea ORDER BY h.day) AS histograms
                FROM day_histograms h LEFT JOIN zone USING (user_id)
                WHERE h.day BETWEEN ?::date - %1$d AND ?::date + 1 AND h.algorithm_version = ?
                  AND h.time_zone = coalesce(zone.time_zone, 'UTC') AND %2$s
                GROUP BY h.user_id),
            ill AS (
                SELECT a.user_id, string_agg(concat_ws(' ',
                    (extract(epoch FROM a.onset) * 1000)::bigint,
                    (extract(epoch FROM a.resolved_at) * 1000)::bigint), ',' ORDER BY a.onset) AS times
                FROM alerts a
                WHERE a.condition = 'illness' AND a.mode <> 'shadow' AND a.state <> 'RETRACTED'
                  AND a.onset < ? AND coalesce(a.resolved_at, 'infinity') > ?::date - %1$d AND %3$s
                GROUP BY a.user_id),
            newest AS (
                SELECT DISTINCT ON (b.user_id) b.*
                FROM baselines b WHERE b.run_id <> ? AND %4$s
                ORDER BY b.user_id, b.effective_from DESC, b.created_at DESC)
            SELECT user_id, coalesce(zone.time_zone, 'UTC'), days.histograms, ill.times,
                newest.run_id IS NOT NULL, newest.lineage, %5$s
            FROM days FULL JOIN ill USING (user_id) FULL JOIN newest USING (user_id)
                LEFT JOIN zone USING (user_id)
            """
                    .formatted(
                            WINDOW_DAYS,
                            PART.formatted("h"),
                            PART.formatted("a"),
                            PART.formatted("b"),
                            Arrays.stream(BaselineTable.COLUMNS.split(", "))
                                    .map(column -> "newest." + column)
                                    .collect(Collectors.joining(", ")));

    private static final int BEFORE_NEWEST = 6;

    private final StreamExecutionEnvironment env;
    private final BaselineOptions options;
    private final int parts;

    BaselineSources(StreamExecutionEnvironment env, BaselineOptions options) {
        this.env = env;
        this.options = options;
        this.parts = env.getParallelism();
    }

    /**
     * Minutes of the days that are to be learnt.
     *
     * @param since transaction whose readings and those after it are new; null for all
     */
    DataStream<HistoryMinute> minutes(Long since) {
        var asOf = time(options.asOf);
        return source(
                        since == null ? ALL_MINUTES : NEW_MINUTES,
                        part ->
                                since == null
                                        ? new Serializable[] {asOf, parts, part}
                                        : new Serializable[] {
                                            asOf, since, parts, part, parts, part
                                        },
                        FETCH_SIZE,
                        BaselineSources::minute,
                        Types.HISTORY_MINUTE,
                        "baseline.minutes")
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<HistoryMinute>noWatermarks()
                                .withTimestampAssigner(
                                        (history, before) -> history.minute().minuteMs()))
                .uid("baseline.minutes-time")
                .name("baseline.minutes-time");
    }

    private static HistoryMinute minute(ResultSet row) throws SQLException {
        return new HistoryMinute(
                MinuteRows.read(row),
                ZoneId.of(row.getString(MINUTE_COLUMNS + 1)),
                row.getLong(MINUTE_COLUMNS + 2),
                row.getLong(MINUTE_COLUMNS + 3));
    }

    /** What is stored of everybody who has something in the window, or a baseline. */
    DataStream<PersonWindow> windows() {
        var asOf = time(options.asOf);
        return source(
                WINDOWS,
                part ->
                        new Serializable[] {
                            asOf,
                            asOf,
                            asOf,
                            BaselineJob.ALGORITHM_VERSION,
                            parts,
                            part,
                            asOf,
                            asOf,
                            parts,
                            part,
                            options.runId,
                            parts,
                            part
                        },
                WINDOW_FETCH_SIZE,
                BaselineSources::window,
                Types.PERSON_WINDOW,
                "baseline.windows");
    }

    private static PersonWindow window(ResultSet row) throws SQLException {
        var histograms = row.getBytes(3);
        return new PersonWindow(
                row.getString(1),
                row.getString(2),
                histograms == null ? new byte[0] : histograms,
                illnesses(row.getString(4)),
                row.getBoolean(5)
                        ? new LearntBaseline(
                                BaselineTable.read(row, BEFORE_NEWEST),
                                BaselineTable.lineage(row, BEFORE_NEWEST))
                        : null);
    }

    /** {@code onset resolved,onset}: milliseconds; an open one has no end. */
    private static List<Illness> illnesses(String times) {
        var illnesses = new ArrayList<Illness>();
        if (times != null) {
            for (var one : times.split(",")) {
                var ends = one.split(" ");
                illnesses.add(
                        new Illness(
                                Long.parseLong(ends[0]),
                                ends.length == 1 ? Long.MAX_VALUE : Long.parseLong(ends[1])));
            }
        }
        return illnesses;
    }

    @FunctionalInterface
    private interface Parameters {
        Serializable[] of(int part);
    }

    private <T> DataStream<T> source(
            String sql,
            Parameters parameters,
            int fetchSize,
            ResultExtractor<T> rows,
            TypeInformation<T> type,
            String uid) {
        var values = IntStream.range(0, parts).mapToObj(parameters::of);
        // As many splits as readers and no auto-commit: otherwise a reader's connection is closed
        // under the next split, and PostgreSQL sends whole results at once.
        var source =
                JdbcSource.<T>builder()
                        // The builder asks for these two even beside a provider.
                        .setDBUrl(options.database().url())
                        .setDriverName("org.postgresql.Driver")
                        .setConnectionProvider(
                                new SimpleJdbcConnectionProvider(reading(options.database())))
                        .setSql(sql)
                        .setJdbcParameterValuesProvider(
                                new JdbcGenericParameterValuesProvider(
                                        values.toArray(Serializable[][]::new)))
                        .setResultExtractor(rows)
                        .setTypeInformation(type)
                        .setAutoCommit(false)
                        .setResultSetFetchSize(fetchSize)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), uid)
                .setParallelism(parts)
                .uid(uid);
    }

    /** With arrays in binary from the first row on: the driver begins so after some executions. */
    private static JdbcConnectionOptions reading(JdbcOptions database) {
        var url = database.url();
        return new JdbcOptions(
                        url + (url.contains("?") ? "&" : "?") + "prepareThreshold=-1",
                        database.user(),
                        database.password(),
                        READ_TIMEOUT,
                        database.connectTimeout())
                .connection();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.from(instant);
    }
}
