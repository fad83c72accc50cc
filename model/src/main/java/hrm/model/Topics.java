package hrm.model;

import java.util.List;

/** Names of the Kafka topics; what each holds is in {@code docs/architecture.md}. */
public final class Topics {
    public static final String READINGS = "heart_rate_data";
    public static final String REJECTED = "rejected_readings";
    public static final String ALERTS = "alerts";
    public static final String REEVALUATIONS = "reevaluations";
    public static final String CORRECTIONS = "corrections";
    public static final String BASELINES = "baselines";
    public static final String PROFILES = "user_profiles";
    public static final String PATTERNS = "cep_patterns";
    public static final String REJECTED_PATTERNS = "rejected_patterns";

    /** What a running stack needs, created by whoever starts it. */
    public static final List<Topic> ALL =
            List.of(
                    new Topic(READINGS, 4, false),
                    new Topic(REJECTED, 1, false),
                    new Topic(ALERTS, 4, false),
                    new Topic(REEVALUATIONS, 1, true),
                    new Topic(CORRECTIONS, 4, false),
                    new Topic(BASELINES, 4, true),
                    new Topic(PROFILES, 4, true),
                    new Topic(PATTERNS, 1, true),
                    new Topic(REJECTED_PATTERNS, 1, false));

    private Topics() {}

    /**
     * @param partitions how many a single-node stack creates; a large site creates more (not of
     *     {@link #PATTERNS})
     * @param compacted newest value of a key kept for ever, else deleted by age
     */
    public record Topic(String name, int partitions, boolean compacted) {}
}
