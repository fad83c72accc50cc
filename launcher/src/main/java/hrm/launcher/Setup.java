package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.launcher.PatternPush.Outcome;
import hrm.model.PatternVersions;
import hrm.model.Topics;
import hrm.model.Topics.Topic;
import hrm.sinks.JdbcOptions;
import hrm.sql.Schema;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.flywaydb.core.api.FlywayException;

/**
 * Prepares a Kafka and a PostgreSQL for the jobs: topics, tables, patterns. Makes what is missing
 * and changes nothing that is there, so it may run at every start.
 */
final class Setup {
    private static final Duration TOPICS_APPEAR = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(300);

    /** A migration of a large table takes longer than an answer to a statement should. */
    private static final Duration MIGRATION_TAKES = Duration.ofHours(6);

    /**
     * How topics are created.
     *
     * @param partitions of the topics whose key is a person; 0 for what each has by default
     * @param replicationFactor copies of each record; -1 for the broker's default
     * @param retentionBytes per partition of what is not compacted; 0 for the broker's default
     */
    record Layout(int partitions, short replicationFactor, long retentionBytes) {
        static final Layout USUAL = new Layout(0, (short) -1);

        Layout(int partitions, short replicationFactor) {
            this(partitions, replicationFactor, 0);
        }

        int partitions(Topic topic) {
            // The others have one partition for a reason: few records, or one order for all.
            return partitions > 0 && topic.partitions() > 1 ? partitions : topic.partitions();
        }

        NewTopic create(Topic topic) {
            var settings = new HashMap<String, String>();
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup(topic));
            if (retentionBytes > 0 && !topic.compacted()) {
                settings.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(retentionBytes));
            }
            if (replicationFactor >= 3) {
                // Else a record that only one of three has is acknowledged, and may be lost with
                // it.
                settings.put(
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Integer.toString(replicationFactor - 1));
            }
            return new NewTopic(topic.name(), partitions(topic), replicationFactor)
                    .configs(settings);
        }
    }

    /** What was found or made. */
    enum What {
        CREATED,
        PUBLISHED,
        /** As it should be. */
        UNCHANGED,
        /** Not as it would be made; it works, and was left as it is. */
        DIFFERS,
        /** It does not work so: {@code why} says what to do. */
        WRONG
    }

    /**
     * One topic or pattern.
     *
     * @param why what differs, or how it is; for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            @JsonProperty("name") String name,
            @JsonProperty("what") What what,
            @JsonProperty("why") String why) {}

    /**
     * @param migrations how many ran
     */
    record Done(
            @JsonProperty("topics") List<Item> topics,
            @JsonProperty("migrations") int migrations,
            @JsonProperty("patterns") List<Item> patterns) {
        /** Whether the jobs can work with it. */
        boolean isFine() {
            return topics.stream().noneMatch(topic -> topic.what() == What.WRONG);
        }
    }

    private final Broker broker;
    private final JdbcOptions database;
    private final Layout layout;

    Setup(Broker broker, JdbcOptions database, Layout layout) {
        this.broker = broker;
        this.database = database;
        this.layout = layout;
    }

    /**
     * Waits until Kafka and PostgreSQL answer.
     *
     * @throws Failure saying who did not and why, when the time is over
     */
    void await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        await(deadline, () -> broker.ask(admin -> admin.describeCluster().clusterId()));
        await(deadline, this::askDatabase);
    }

    private static void await(long deadline, Runnable question) throws InterruptedException {
        while (true) {
            try {
                question.run();
                return;
            } catch (Failure notYet) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw notYet;
                }
                Thread.sleep(POLL.toMillis());
            }
        }
    }

    private void askDatabase() {
        try (var connection = database.connect()) {
            connection.isValid(5);
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        }
    }

    /**
     * @throws Failure when Kafka or PostgreSQL does not answer or refuses; what was made before
     *     stays, and the next run goes on from there
     */
    Done run() {
        var topics = topics();
        int migrations = migrate();
        return new Done(topics, migrations, patterns());
    }

    // ---- topics

    private List<Item> topics() {
        var wanted = Topics.ALL.stream().map(Topic::name).toList();
        Set<String> existing = broker.ask(admin -> admin.listTopics().names());
        var present = new TreeSet<String>(existing);
        present.retainAll(wanted);
        var missing = Topics.ALL.stream().filter(one -> !present.contains(one.name())).toList();
        var created = create(missing);
        present.addAll(wanted);
        present.removeAll(created);
        var found = broker.ask(admin -> admin.describeTopics(present).allTopicNames());
        var settings = settings(present);
        var items = new ArrayList<Item>();
        for (var topic : Topics.ALL) {
            items.add(
                    created.contains(topic.name())
                            ? new Item(
                                    topic.name(),
                                    What.CREATED,
                                    shape(layout.partitions(topic), cleanup(topic)))
                            : check(topic, found.get(topic.name()), settings.get(topic.name())));
        }
        return items;
    }

    /**
     * @return those that were created, and not by somebody else meanwhile
     */
    private Set<String> create(List<Topic> missing) {
        var created = new TreeSet<String>();
        if (missing.isEmpty()) {
            return created;
        }
        try (var admin = broker.admin()) {
            var answers = admin.createTopics(missing.stream().map(layout::create).toList());
            for (var answer : answers.values().entrySet()) {
                try {
                    answer.getValue().get();
                    created.add(answer.getKey());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new Failure(
                                "Kafka did not create topic "
                                        + answer.getKey()
                                        + ": "
                                        + e.getCause().getMessage(),
                                e);
                    }
                }
            }
            awaitTopics(missing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while creating topics.", e);
        }
        return created;
    }

    /** Of several brokers some hear of a new topic later. */
    private void awaitTopics(List<Topic> topics) throws InterruptedException {
        long deadline = System.nanoTime() + TOPICS_APPEAR.toNanos();
        var names = topics.stream().map(Topic::name).toList();
        while (!broker.ask(admin -> admin.listTopics().names()).containsAll(names)
                && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
        }
    }

    private Map<String, Config> settings(Collection<String> topics) {
        var resources =
                topics.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        var settings = new HashMap<String, Config>();
        broker.ask(admin -> admin.describeConfigs(resources).all())
                .forEach((resource, config) -> settings.put(resource.name(), config));
        return settings;
    }

    private Item check(Topic topic, TopicDescription found, Config settings) {
        int partitions = found.partitions().size();
        var cleanup = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        var is = shape(partitions, cleanup);
        if (!cleanup.equals(cleanup(topic))) {
            return new Item(
                    topic.name(),
                    What.WRONG,
                    is
                            + "; must be "
                            + cleanup(topic)
                            + (topic.compacted()
                                    ? ", or what is still needed is deleted by age"
                                    : ", or all but the newest of each key is deleted")
                            + ": kafka-configs.sh --alter --entity-type topics --entity-name "
                            + topic.name()
                            + " --add-config cleanup.policy="
                            + cleanup(topic));
        }
        if (topic.name().equals(Topics.PATTERNS) && partitions != 1) {
            return new Item(
                    topic.name(),
                    What.DIFFERS,
                    is + "; one is enough, and keeps the order in which patterns were pushed");
        }
        return layout.partitions() > 0 && partitions != layout.partitions(topic)
                ? new Item(
                        topic.name(),
                        What.DIFFERS,
                        is + "; asked for " + layout.partitions(topic) + ", left as it is")
                : new Item(topic.name(), What.UNCHANGED, is);
    }

    private static String shape(int partitions, String cleanup) {
        return Words.count(partitions, "partition", "partitions") + ", " + cleanup;
    }

    private static String cleanup(Topic topic) {
        return topic.compacted()
                ? TopicConfig.CLEANUP_POLICY_COMPACT
                : TopicConfig.CLEANUP_POLICY_DELETE;
    }

    // ---- tables

    private int migrate() {
        var patient =
                new JdbcOptions(
                        database.url(),
                        database.user(),
                        database.password(),
                        MIGRATION_TAKES,
                        database.connectTimeout());
        try {
            return Schema.migrate(patient.dataSource());
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        } catch (FlywayException e) {
            // Flyway wraps what happens while it connects as well.
            throw new Failure(
                    "PostgreSQL at " + shownUrl() + " refused the tables: " + e.getMessage(), e);
        }
    }

    private Failure doesNotAnswer(SQLException e) {
        return new Failure(
                "PostgreSQL at "
                        + shownUrl()
                        + " does not answer ("
                        + e.getMessage()
                        + "). Check --jdbc-url, --jdbc-user and the password.",
                e);
    }

    private String shownUrl() {
        return database.url().replaceFirst("\\?.*", "");
    }

    // ---- patterns

    /** Only those of which nothing is published: what a data team has said is never replaced. */
    private List<Item> patterns() {
        var published = broker.newest(Topics.PATTERNS, PatternVersions.class);
        var push = new PatternPush(Clock.systemUTC(), null);
        var items = new ArrayList<Item>();
        var added = new LinkedHashMap<String, PatternVersions>();
        for (var file : PatternFile.read(List.of(PatternFile.shipped()))) {
            if (!file.loaded().isFine()) {
                throw new Failure(file.loaded().report() + "No pattern was published.");
            }
            var pattern = file.loaded().spec();
            var before = published.get(pattern.id());
            var ships = "version " + pattern.version();
            var outcome = push.decide(pattern, before);
            boolean isNew = before == null || before.versions().isEmpty();
            if (isNew && outcome instanceof Outcome.Pushed pushed) {
                added.put(pattern.id(), pushed.versions());
                items.add(new Item(pattern.id(), What.PUBLISHED, ships));
            } else if (outcome instanceof Outcome.Unchanged) {
                items.add(new Item(pattern.id(), What.UNCHANGED, ships));
            } else {
                var newest = before.versions().get(before.versions().size() - 1).version();
                items.add(
                        new Item(
                                pattern.id(),
                                What.DIFFERS,
                                "version "
                                        + newest
                                        + " is published and stays; "
                                        + ships
                                        + (newest == pattern.version() ? ", another text," : "")
                                        + " ships: "
                                        + file.path()));
            }
        }
        broker.write(Topics.PATTERNS, added);
        return items;
    }
}
