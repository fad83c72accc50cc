package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.functions.detection.Reference;
import hrm.functions.history.HistoryJudge;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Baseline;
import hrm.model.BaselineLineage;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.LearntBaseline;
import hrm.model.MinuteRow;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.flink.Matchers;
import hrm.sinks.JdbcOptions;
import hrm.sinks.RunLock;
import hrm.sinks.alerts.AlertTable;
import hrm.sinks.alerts.AlertTopic;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.profiles.ProfileRelay;
import hrm.sinks.profiles.ProfileStore;
import hrm.sinks.readings.MinuteRows;
import hrm.sql.Schema;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on a real Kafka and a real PostgreSQL; one of each for all of them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoreAndTopicIT {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path folder;

    private static EmbeddedKafka kafka;
    private static EmbeddedDatabase postgres;
    private static JdbcOptions database;
    private static Broker broker;

    @BeforeAll
    static void start() throws SQLException {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        postgres = EmbeddedDatabase.start(folder.resolve("postgres"));
        database = JdbcOptions.of(postgres.jdbcUrl(), "hrm", null);
        Schema.migrate(database.dataSource());
        broker = new Broker(kafka.bootstrapServers(), new Properties());
        kafka.createTopics(
                Topics.ALL.stream()
                        .map(
                                topic ->
                                        new NewTopic(topic.name(), topic.partitions(), (short) 1)
                                                .configs(
                                                        topic.compacted()
                                                                ? Map.of(
                                                                        "cleanup.policy", "compact")
                                                                : Map.of()))
                        .toList());
    }

    @AfterAll
    static void stop() {
        postgres.close();
        kafka.close();
    }

    private static String[] with(String option, String value, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(option, value)).toArray(String[]::new);
    }

    private static Cli onTopic(String... arguments) {
        return Cli.hrm(with("--bootstrap-servers", kafka.bootstrapServers(), arguments));
    }

    private static Cli inTable(String... arguments) {
        return Cli.hrm(with("--jdbc-url", postgres.jdbcUrl(), arguments));
    }

    private static Cli onBoth(String... arguments) {
        return inTable(with("--bootstrap-servers", kafka.bootstrapServers(), arguments));
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        broker.each(topic, records::add);
        return records;
    }

    // ---- send

    @Test
    @Order(1)
    void sentReadingsAreOnTheTopicAsTheyWereAndBadLinesAreToldAndLeftOut() throws Exception {
        var line = "{\"user_id\":\"u1\",\"timestamp\":\"2026-01-31T08:15:30Z\",\"heart_rate\":%d}";
        var file =
                Files.writeString(
                        folder.resolve("readings.jsonl"),
                        String.join(
                                "\n",
                                line.formatted(72),
                                line.formatted(400),
                                "{",
                                line.formatted(73)));
        var before = System.currentTimeMillis();

        var sent = onTopic("send", file.toString(), "--max-errors", "1");

        assertThat(sent.out()).startsWith("sent 2 readings of 1 person in ");
        assertThat(sent.out()).contains("; 2 lines refused");
        assertThat(sent.err())
                .contains("line 2: HEART_RATE_OUT_OF_RANGE")
                .contains("counted only")
                .doesNotContain("line 3");
        assertThat(sent.code()).isEqualTo(1);
        var records = records(Topics.READINGS);
        assertThat(records)
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly(line.formatted(72), line.formatted(73));
        assertThat(records)
                .allSatisfy(record -> assertThat(record.key()).isEqualTo("u1".getBytes(UTF_8)));
        assertThat(records)
                .allSatisfy(
                        record ->
                                assertThat(record.timestamp())
                                        .isBetween(before, System.currentTimeMillis()));

        var unchecked = onTopic("send", file.toString(), "--unchecked", "--rate", "1000");
        assertThat(unchecked.code()).isZero();
        assertThat(records(Topics.READINGS))
                .extracting(record -> new String(record.value(), UTF_8))
                .contains("{", line.formatted(400));

        var csv =
                Files.writeString(
                        folder.resolve("anna.csv"),
                        "timestamp,bpm,steps\n2026-01-31T08:15:30Z,72,0\n2026-01-31T08:15:35Z,73,0\n");
        var annas = onTopic("send", csv.toString(), "--user", "anna", "--device", "watch");
        assertThat(annas.err()).isEmpty();
        assertThat(annas.code()).isZero();
        assertThat(records(Topics.READINGS))
                .filteredOn(
                        record ->
                                record.key() != null
                                        && new String(record.key(), UTF_8).equals("anna"))
                .extracting(record -> new String(record.value(), UTF_8))
                .first()
                .isEqualTo(
                        "{\"user_id\":\"anna\",\"timestamp\":\"2026-01-31T08:15:30.000Z\","
                                + "\"heart_rate\":72,\"device_id\":\"watch\",\"steps\":0}");
    }

    // ---- alerts

    private static Alert alert(
            String user, int minutes, int revision, Alert.State state, String message) {
        var onset = NOON.plus(Duration.ofMinutes(minutes));
        var id = AlertIds.alertId(user, "watch", "resting-tachycardia", onset, false);
        boolean over = state == Alert.State.RESOLVED;
        var alert =
                new Alert(
                        Alert.SCHEMA_VERSION,
                        null,
                        id,
                        id,
                        revision,
                        minutes + (long) revision,
                        state,
                        over ? Alert.Reason.RECOVERED : null,
                        user,
                        "watch",
                        "resting-tachycardia",
                        2,
                        "high",
                        user.equals("ben") ? Alert.Severity.LOW : Alert.Severity.HIGH,
                        Alert.Mode.LIVE,
                        onset,
                        onset.plusSeconds(600),
                        over ? onset.plusSeconds(1700) : null,
                        false,
                        null,
                        message,
                        over ? -0.0 : 131.25,
                        108.0,
                        Alert.LimitSource.BASELINE,
                        new Alert.Explanation(
                                List.of(
                                        new Alert.StepEvidence(
                                                "quick",
                                                onset,
                                                onset.plusSeconds(600),
                                                128.0,
                                                131.25,
                                                121)),
                                "bpm 131.25 > limits.high 108",
                                "run-7",
                                Baseline.State.READY));
        return alert.withEventId(AlertIds.eventId(alert));
    }

    private static final List<Alert> ALERTS =
            List.of(
                    alert("anna", 0, 1, Alert.State.OPENED, "Heart rate above 108"),
                    alert("anna", 0, 2, Alert.State.RESOLVED, "Over: heart rate above 108"),
                    alert("ben", 5, 1, Alert.State.OPENED, "says \u0000 and \\u0000 \u00e9"),
                    alert("anna", 60, 1, Alert.State.OPENED, "Heart rate above 108"));

    private static void publish(List<Alert> alerts) throws Exception {
        var records = new AlertTopic(Clock.systemUTC());
        try (var producer = broker.producer()) {
            for (var alert : alerts) {
                producer.send(records.serialize(alert, null, null)).get();
            }
        }
    }

    private static void store(List<Alert> alerts) throws SQLException {
        var table = new AlertTable();
        try (var connection = database.connect();
                var statement = connection.prepareStatement(table.query())) {
            for (var alert : alerts) {
                table.statement(statement, alert.withPublishedAt(Instant.now()));
                statement.executeUpdate();
            }
        }
    }

    @Test
    @Order(2)
    void tableAndTopicTellTheSameAndHaveTheSameHash() throws Exception {
        publish(ALERTS);
        // At least once, and as no alert at all.
        publish(ALERTS.subList(0, 2));
        broker.write(Topics.ALERTS, Map.of("anna", "not an alert"));
        var backwards = new ArrayList<>(ALERTS);
        Collections.reverse(backwards);
        store(backwards);

        var hash = inTable("alerts", "list", "--hash");
        assertThat(hash.code()).isZero();
        assertThat(hash.out()).matches("[0-9a-f]{64}  4 events of 3 episodes\n");
        var ofTopic = onTopic("alerts", "list", "--hash", "--from", "topic");
        assertThat(ofTopic.out()).isEqualTo(hash.out());
        assertThat(ofTopic.err()).contains("Left out a record of alerts");
        assertThat(inTable("alerts", "list", "--hash", "--user", "anna").out())
                .contains("3 events of 2 episodes")
                .isNotEqualTo(hash.out());

        var listed = inTable("alerts", "list");
        assertThat(listed.out().lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("ONSET"),
                        newest -> assertThat(newest).contains("13:00:00  anna", "open"),
                        ben -> assertThat(ben).contains("12:05:00  ben", "low"),
                        over -> assertThat(over).contains("12:00:00  anna", "recovered  28m20s"));
        for (var filter :
                List.of(
                        List.of("--state", "open", "--user", "anna"),
                        List.of("--state", "resolved"),
                        List.of("--severity", "low,critical", "--mode", "live"),
                        List.of(
                                "--since",
                                "2026-01-31T12:01:00Z",
                                "--until",
                                "2026-01-31T13:00:00Z"),
                        List.of("--events", "--device", "watch"),
                        List.of("--events", "--state", "opened", "--limit", "2"),
                        List.of("--pattern", "another"),
                        List.of("--limit", "1"))) {
            var arguments = new ArrayList<>(List.of("alerts", "list", "-o", "json"));
            arguments.addAll(filter);
            var table = inTable(arguments.toArray(String[]::new));
            var topic = onTopic(with("--from", "topic", arguments.toArray(String[]::new)));
            assertThat(events(table)).as(filter.toString()).isEqualTo(events(topic));
            assertThat(events(table).size())
                    .as(filter.toString())
                    .isEqualTo(
                            filter.contains("--device")
                                    ? 4
                                    : filter.contains("another")
                                            ? 0
                                            : filter.contains("2") ? 2 : 1);
        }
    }

    private static List<String> events(Cli listed) {
        assertThat(listed.code()).as(listed.err()).isZero();
        return Stream.of(Json.read(listed.out().getBytes(UTF_8), Alert[].class))
                .map(alert -> alert.eventId().toString())
                .toList();
    }

    @Test
    @Order(3)
    void oneEpisodeIsToldInWordsWhateverIdItIsCalledBy() {
        var id = ALERTS.get(0).episodeId().toString();

        var shown = inTable("alerts", "show", id.substring(0, 8));

        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("Heart rate above 108")
                .contains("person    anna, device watch")
                .contains("over: recovered")
                .contains("limit     108 by baseline")
                .contains(
                        "1. Step 'quick': 121 matches from 2026-01-31 12:00:00 to 2026-01-31"
                                + " 12:10:00 (10m), bpm 128 at first, 131.3 at last")
                .contains("Decided by: bpm 131.25 > limits.high 108")
                .contains("Baseline: run run-7, READY")
                .contains("resolved: recovered");
        var byEvent = ALERTS.get(1).eventId().toString();
        assertThat(onTopic("alerts", "show", byEvent, "--from", "topic").out().lines().toList())
                .hasSameSizeAs(shown.out().lines().toList());

        var unknown = inTable("alerts", "show", "00000000");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("No episode, alert or event in the table has an id that begins with")
                .contains("hrm alerts list");
    }

    // ---- profiles

    private static Map<String, UserProfiles> published() {
        return broker.newest(Topics.PROFILES, UserProfiles.class);
    }

    private static long waiting() throws SQLException {
        try (var connection = database.connect();
                var count = connection.prepareStatement("SELECT count(*) FROM profile_outbox");
                var row = count.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    @Order(4)
    void aProfileIsStoredAndPublishedAndWhatIsNotNamedStays() throws Exception {
        var first =
                onBoth(
                        "profile",
                        "set",
                        "anna",
                        "--time-zone",
                        "Europe/Berlin",
                        "--limit-low",
                        "45",
                        "--effective-from",
                        "2026-01-01T00:00:00Z");
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("time zone Europe/Berlin, limit high none, limit low 45")
                .contains("Published the profile of 1 person.");
        var second =
                onBoth(
                        "profile",
                        "set",
                        "anna",
                        "--limit-high",
                        "110",
                        "--effective-from",
                        "2026-02-01T00:00:00Z");
        assertThat(second.out()).contains("time zone Europe/Berlin, limit high 110, limit low 45");

        // The older one is more than 35 days of the past, and superseded.
        assertThat(published().get("anna").versions())
                .containsExactly(
                        new UserProfile(
                                Instant.parse("2026-02-01T00:00:00Z"),
                                ZoneId.of("Europe/Berlin"),
                                110,
                                45));
        assertThat(waiting()).isZero();

        var refused = onBoth("profile", "set", "anna", "--limit-high", "40");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("limit-low 45 (as it was) is not below limit-high 40");

        var shown = inTable("profile", "show", "anna");
        assertThat(shown.out())
                .containsPattern("2026-02-01 00:00:00 +Europe/Berlin +110 +45 +in force")
                .contains("above 110 bpm, from the profile of 2026-02-01")
                .contains("below  45 bpm, from the profile of 2026-02-01")
                .contains("hours in Europe/Berlin");
        assertThat(inTable("profile", "show", "nobody").err()).contains("Nobody is known as");
    }

    @Test
    @Order(5)
    void anImportIsWhollyWrittenOrNotAtAll() throws Exception {
        var file =
                Files.writeString(
                        folder.resolve("people.csv"),
                        """
                        user_id,time_zone,limit_high,limit_low
                        carl,America/New_York,,
                        dora,Europe/Pariss,,
                        anna,,44,
                        emma,UTC,100,120
                        """);

        var refused = onBoth("profile", "import", file.toString());

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("line 3: 'Europe/Pariss' is no time zone. Did you mean 'Europe/Paris'?")
                .contains("line 4: limit-low 45 (as it was) is not below limit-high 44.")
                .contains("line 5: limit-low 120 is not below limit-high 100.")
                .contains("3 lines are wrong; nothing was written.");
        assertThat(published()).doesNotContainKey("carl");

        var some = onBoth("profile", "import", file.toString(), "--skip-bad");
        assertThat(some.out()).contains("1 profile version written, 3 lines left out.");
        assertThat(some.code()).isEqualTo(1);
        assertThat(published().get("carl").versions().get(0).timeZone().getId())
                .isEqualTo("America/New_York");
    }

    @Test
    @Order(6)
    void relaysAtOnceHarmNobodyAndWhatChangesMeanwhileIsPublishedToo() throws Exception {
        int people = 200;
        var pool = Executors.newFixedThreadPool(4);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            for (int writer = 0; writer < 2; writer++) {
                int high = 101 + writer;
                tasks.add(
                        () -> {
                            try (var connection = database.connect()) {
                                for (int i = 0; i < people; i++) {
                                    ProfileStore.put(
                                            connection,
                                            List.of(profile("p" + i, high + 10 * (i % 5))));
                                }
                            }
                            return null;
                        });
                tasks.add(
                        () -> {
                            try (var connection = database.connect()) {
                                for (int i = 0; i < 20; i++) {
                                    new ProfileRelay(broker::producer).publish(connection);
                                }
                            }
                            return null;
                        });
            }
            for (var done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(onBoth("profile", "publish").code()).isZero();
        assertThat(waiting()).isZero();
        var published = published();
        try (var connection = database.connect()) {
            for (int i = 0; i < people; i++) {
                assertThat(published.get("p" + i))
                        .isEqualTo(ProfileStore.read(connection, "p" + i));
            }
        }
    }

    private static UserProfiles profile(String user, int high) {
        return new UserProfiles(
                user,
                List.of(
                        new UserProfile(
                                Instant.parse("2026-02-01T00:00:00Z"),
                                ZoneId.of("UTC"),
                                high,
                                40)));
    }

    // ---- values

    @Test
    @Order(7)
    void valuesAreThoseOfTheDetectionWithTheirSources() throws Exception {
        try (var connection = database.connect()) {
            storeHistory(connection);
            new ProfileRelay(broker::producer).publish(connection);
        }

        var shown = inTable("values", "--user", "vera", "--at", "2026-03-01T10:30:10Z");

        assertThat(shown.err()).isEmpty();
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .startsWith("vera, device watch, reading of 2026-03-01 10:30:00 (10s before)")
                .containsPattern("\nbpm +90 +the reading\n")
                .containsPattern("\nstill_minutes +29 +feature: the steps of the readings before\n")
                .containsPattern("\nat_rest +true +feature")
                .containsPattern("\ngap +30s +feature")
                .containsPattern("\nhour +11 +feature: local time, Europe/Berlin by the profile\n")
                .containsPattern("\nrmssd +unknown +the device sent no RR intervals\n")
                .containsPattern("\nslope_bpm +0 +feature: the last 5 minutes\n")
                .containsPattern(
                        "\ndeviation.score +5.4 +detector: bpm against the baseline of run r1\n")
                .containsPattern("\nsensor.not_worn +unknown +the device says nothing of skin")
                .containsPattern("\nbaseline.state +'READY' +baseline of run r1, in force since")
                .containsPattern("\nbaseline.p50 +70 +baseline of run r1")
                .containsPattern("\nlimits.high +105 +the profile of 2026-01-01 00:00:00\n")
                .containsPattern("\nlimits.low +50 +baseline of run r1");
        var json =
                inTable("values", "--user", "vera", "--at", "2026-03-01T10:30:10Z", "-o", "json");
        assertThat(json.out()).contains("{\"name\":\"at_rest\",\"value\":true,\"text\":\"true\"");

        // Before the baseline held, nothing is compared with it.
        var earlier = inTable("values", "--user", "vera", "--at", "2026-03-01T10:02:00Z");
        assertThat(earlier.out())
                .containsPattern("\nbaseline.state +'LEARNING' +no baseline yet\n")
                .containsPattern(
                        "\ndeviation.score +unknown +no baseline to compare with: there is no")
                .containsPattern("\nlimits.low +40 +the general limits of 120 and 40\n");

        var nothing = inTable("values", "--user", "vera", "--at", "2026-03-01T12:00:00Z");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.err())
                .contains("No reading of 'vera' is stored from the 5m before 2026-03-01 12:00:00")
                .contains("--at 2026-03-01T10:30:00Z --device watch   1h30m before");
        assertThat(inTable("values", "--user", "nobody", "--at", "now").err())
                .contains("No reading of 'nobody' is stored. Is the id right?");
    }

    private static void storeHistory(Connection connection) throws SQLException {
        var begin = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
        var rows = new ArrayList<MinuteRow>();
        for (int minute = 0; minute <= 30; minute++) {
            long at = begin + minute * 60_000L;
            // A step in the first minute, so that the stretch without one has a beginning.
            int steps = minute == 0 ? 5 : 0;
            rows.add(
                    new MinuteRow(
                            "vera",
                            "watch",
                            at,
                            minute == 30
                                    ? List.of(Reading.of("vera", "watch", at, 90, steps))
                                    : List.of(
                                            Reading.of("vera", "watch", at, 90, steps),
                                            Reading.of("vera", "watch", at + 30_000, 90, steps))));
        }
        MinuteRows.write(connection, rows);
        ProfileStore.put(
                connection,
                List.of(
                        new UserProfiles(
                                "vera",
                                List.of(
                                        new UserProfile(
                                                Instant.parse("2026-01-01T00:00:00Z"),
                                                ZoneId.of("Europe/Berlin"),
                                                105,
                                                null)))));
        BaselineRuns.begin(
                connection,
                new BaselineRuns.Plan(
                        "r1", NOON, Instant.parse("2026-03-01T10:10:00Z"), 1, true, "a test"));
        var cells = new ArrayList<Baseline.Cell>();
        for (int group = 0; group < Baseline.HOUR_GROUPS; group++) {
            cells.add(new Baseline.Cell(group, true, 1_000, 55, 70, 92, 2.5));
        }
        var table = new BaselineTable(1);
        try (var statement = connection.prepareStatement(table.query())) {
            table.statement(
                    statement,
                    new LearntBaseline(
                            new Baseline(
                                    "vera",
                                    "r1",
                                    Instant.parse("2026-03-01T10:10:00Z"),
                                    Baseline.State.READY,
                                    55.0,
                                    cells,
                                    20,
                                    20_000,
                                    28),
                            new BaselineLineage(
                                    "Europe/Berlin",
                                    LocalDate.of(2026, 2, 1),
                                    LocalDate.of(2026, 2, 28),
                                    1,
                                    1_440,
                                    2_880,
                                    List.of(
                                            new BaselineLineage.Excluded(
                                                    LocalDate.of(2026, 2, 3),
                                                    BaselineLineage.Reason.WORN_TOO_LITTLE,
                                                    20),
                                            new BaselineLineage.Excluded(
                                                    LocalDate.of(2026, 2, 4),
                                                    BaselineLineage.Reason.ILLNESS,
                                                    900)),
                                    List.of())));
            statement.executeUpdate();
        }
        BaselineRuns.succeed(connection, "r1", new BaselineRuns.Counts(20, 20_000, 20_000, 0));
    }

    // ---- baselines

    @Test
    @Order(99)
    void baselinesAreShownInWordsUndoneAndLearntByTheClock() throws Exception {
        var shown = inTable("baseline", "show", "--user", "vera");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .startsWith("vera: READY, alerts are judged by it.\n")
                .contains("resting heart rate  55 bpm")
                .containsPattern("\n  09-12 rest +55 +70 +92 +2.5 +1,000\n")
                .contains("In force since 2026-03-01 10:10:00, by run r1.")
                .contains(
                        "Made of 20,000 readings on 20 days of a window of 28, 2026-02-01 to"
                                + " 2026-02-28 in Europe/Berlin.")
                .contains("that run read 1,440 rows of 1 day;")
                .contains("Left out, worn for under 4 hours: 2026-02-03")
                .contains("Left out, within an illness: 2026-02-04");
        assertThat(inTable("baseline", "show", "--user", "vera", "-o", "json").out())
                .contains("\"last_day\":\"2026-02-28\"");
        assertThat(inTable("baseline", "show", "--user", "nobody").err())
                .contains("There is no baseline of 'nobody'");
        assertThat(inTable("baseline", "history", "--user", "vera").out())
                .containsPattern("r1 +a test .* succeeded, not on the topic yet");

        try (var lock = RunLock.BASELINES.tryTake(database, "somebody's laptop").orElseThrow()) {
            assertThat(lock.connection().isValid(1)).isTrue();
            assertThat(onBoth("baseline", "rollback", "r1").err())
                    .contains("A baseline run is going on: somebody's laptop since");
        }
        var undone = onBoth("baseline", "rollback", "r1");
        assertThat(undone.err()).isEmpty();
        assertThat(undone.out())
                .contains("Run r1 is undone")
                .contains("general limits apply to 1 person who had none");
        var versions =
                records(Topics.BASELINES).stream()
                        .map(record -> Json.read(record.value(), Baselines.class))
                        .flatMap(baselines -> baselines.versions().stream())
                        .map(version -> version.runId().substring(0, 2) + " " + version.state());
        assertThat(versions).containsExactly("r1 READY", "ro LEARNING");
        var again = onBoth("baseline", "rollback", "r1");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("Nobody's newest baseline is of run r1");

        var runs = new AtomicInteger();
        try (var schedule =
                new Schedule(
                        database.dataSource(),
                        Duration.ofMillis(200),
                        new Schedule.Entry(
                                Schedule.Task.BASELINES, "* * * * * *", runs::incrementAndGet),
                        new Schedule.Entry(
                                Schedule.Task.LATE_RUN,
                                "* * * * * *",
                                () -> {
                                    throw new Failure("Kafka is away");
                                }))) {
            schedule.start();
            await("two runs, and a late run that fails is due again")
                    .atMost(PATIENCE)
                    .until(() -> runs.get() >= 2 && lateFailures() >= 2);
        }
        try (var connection = database.connect()) {
            var measured = ScheduleMetrics.ask(connection);
            assertThat(measured.baselines()).isPresent();
            assertThat(measured.text())
                    .contains("hrm_baseline_running 0\n")
                    .contains("hrm_baseline_last_run_succeeded 1\n")
                    .contains("hrm_baseline_last_success_rows_read 20000\n")
                    .contains("hrm_baseline_next_run_timestamp_seconds ")
                    .contains("hrm_late_run_running 0\n")
                    .contains("hrm_late_run_next_run_timestamp_seconds ")
                    .contains("hrm_late_run_last_run_succeeded 1\n")
                    .contains("hrm_late_run_last_waiting 1\n");
        }
    }

    private static int lateFailures() throws SQLException {
        try (var connection = database.connect()) {
            return Schedule.Task.LATE_RUN.state(connection).map(Schedule.State::failures).orElse(0);
        }
    }

    // ---- what comes late

    @Test
    @Order(98)
    void aLateRunByHandSaysWhatItDidWhoWaitsAndWhoElseIsAtIt() throws Exception {
        assertThat(onBoth("late-run").out()).contains("Nothing came late");
        broker.write(
                Topics.REEVALUATIONS,
                Map.of(
                        "late",
                        new Reevaluation("u1", "watch", NOON, Reevaluation.Reason.LATE_READING)));

        try (var lock = RunLock.LATE_RUN.tryTake(database, "somebody's laptop").orElseThrow()) {
            assertThat(lock.connection().isValid(1)).isTrue();
            var second = onBoth("late-run");
            assertThat(second.code()).isZero();
            assertThat(second.out())
                    .contains("Another late run is going on: somebody's laptop since");
        }
        var run = onBoth("late-run", "--settle-for", "1h");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        "0 devices judged again, 0 episodes corrected; 1 device for the next run (1"
                                + " marked just now, more may come).\n");
        assertThat(onTopic("gaps").out()).contains("u1", "LATE_READING");
    }

    // ---- history

    @Test
    @Order(8)
    void explainNamesTheEvidenceOfEachAlertOfABackfillWhichIsThatOfTheLiveOne() throws Exception {
        // Vera's half hour at 90 goes on with 20 minutes at 120, which is over her limit of 105.
        var begin = Instant.parse("2026-03-01T10:31:00Z").toEpochMilli();
        var rows = new ArrayList<MinuteRow>();
        for (int minute = 0; minute < 25; minute++) {
            long at = begin + minute * 60_000L;
            int bpm = minute < 20 ? 120 : 80;
            rows.add(
                    new MinuteRow(
                            "vera", "watch", at, List.of(Reading.of("vera", "watch", at, bpm, 0))));
        }
        var patterns = shipped();
        patterns.forEach(one -> broker.write(Topics.PATTERNS, Map.of(one.patternId(), one)));
        var catalogue = Catalogue.EMPTY;
        for (var versions : patterns) {
            catalogue = catalogue.with(versions, Matchers::of).catalogue();
        }
        var live = new ArrayList<Alert>();
        var backfilled = new ArrayList<Alert>();
        try (var connection = database.connect()) {
            MinuteRows.write(connection, rows);
            var person = new StoredPerson(connection, "vera");
            var profiles = ProfileStore.read(connection, "vera");
            Baselines baselines;
            try (var select = connection.prepareStatement(BaselineTable.VERSIONS)) {
                baselines = BaselineTable.versions(select, "vera");
            }
            var readings =
                    person.readings(null, Instant.EPOCH, Instant.parse("2027-01-01T00:00:00Z"));
            var judgement = new Judgement();
            var state = new UserState();
            var reference = new Reference();
            judgement.learn(state, reference, profiles);
            judgement.learn(state, reference, baselines);
            for (var reading : readings) {
                live.addAll(judgement.judge(state, reference, reading, catalogue).alerts());
            }
            var history = new HistoryJudge(catalogue, backfilled::add);
            history.begin(profiles, baselines);
            readings.forEach(history::judge);
        }
        assertThat(backfilled).isEqualTo(live).isNotEmpty();

        for (var alert : backfilled) {
            if (alert.state() != Alert.State.OPENED) {
                continue;
            }
            var explained =
                    onBoth(
                            "patterns",
                            "explain",
                            alert.patternId(),
                            "--user",
                            "vera",
                            "--at",
                            alert.detectedAt().toString());
            assertThat(explained.code()).as(explained.err()).isZero();
            assertThat(explained.out())
                    .contains("Told at " + alert.detectedAt())
                    .contains(alert.message())
                    .contains(alert.explanation().condition());
            for (var step : alert.explanation().steps()) {
                assertThat(explained.out()).contains(step.step() + ": " + step.from());
            }
        }
    }

    private static List<PatternVersions> shipped() {
        return hrm.patterns.Catalogue.shipped().stream()
                .map(
                        pattern ->
                                PatternVersions.always(
                                        pattern.id(), pattern.version(), pattern.yaml()))
                .toList();
    }

    // ---- Kafka away

    @Test
    @Order(9)
    void whenKafkaIsAwayTailWaitsProfilesWaitAndNothingIsLost() throws Exception {
        var out = new StringWriter();
        var err = new StringWriter();
        var tail =
                CompletableFuture.supplyAsync(
                        () ->
                                Hrm.commandLine()
                                        .setOut(new PrintWriter(out, true))
                                        .setErr(new PrintWriter(err, true))
                                        .execute(
                                                "alerts",
                                                "tail",
                                                "--since",
                                                "1h",
                                                "--user",
                                                "anna",
                                                "--count",
                                                "4",
                                                "--bootstrap-servers",
                                                kafka.bootstrapServers()));
        await().atMost(PATIENCE).until(() -> out.toString().lines().count() == 3);

        kafka.stop();
        var csv = folder.resolve("anna.csv").toString();
        var sending = CompletableFuture.supplyAsync(() -> onTopic("send", csv, "--user", "anna"));
        var set = onBoth("profile", "set", "fred", "--limit-high", "115");
        assertThat(set.code()).isZero();
        assertThat(set.out())
                .contains("does not answer")
                .contains("What is stored is safe: the profile of 1 person waits in the database");
        assertThat(waiting()).isEqualTo(1);
        var sent = sending.get();
        assertThat(sent.code()).isEqualTo(1);
        assertThat(sent.err()).contains("does not answer").contains("Check --bootstrap-servers");
        await().atMost(PATIENCE).until(() -> err.toString().contains("Waiting for it"));

        kafka.start();
        assertThat(onBoth("profile", "publish").out())
                .contains("Published the profile of 1 person.")
                .contains("Nothing waits.");
        assertThat(published().get("fred").versions().get(0).limitHigh()).isEqualTo(115);
        publish(List.of(alert("anna", 90, 1, Alert.State.OPENED, "Heart rate above 109")));

        await().atMost(PATIENCE).until(tail::isDone);
        assertThat(tail.get()).isZero();
        assertThat(out.toString()).contains("Heart rate above 109");
        assertThat(out.toString().lines()).hasSize(4);
        assertThat(err.toString()).containsOnlyOnce("Waiting for it").contains("Kafka answers.");
    }
}
