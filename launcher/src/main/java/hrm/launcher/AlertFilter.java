package hrm.launcher;

import hrm.model.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whose alerts, and which. */
final class AlertFilter {
    @Option(names = "--user", paramLabel = "USER", description = "Only this person's.")
    String user;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Only this device's.")
    String device;

    @Option(names = "--pattern", paramLabel = "ID", description = "Only this pattern's.")
    String pattern;

    @Option(
            names = "--severity",
            split = ",",
            paramLabel = "LEVEL",
            description = "Only these: critical, high, medium, low, info; several with commas.")
    List<Alert.Severity> severities;

    @Option(
            names = "--mode",
            split = ",",
            paramLabel = "MODE",
            description = "Only these: live, shadow, backfill. Default: all")
    List<Alert.Mode> modes;

    boolean accepts(Alert alert) {
        return (user == null || user.equals(alert.userId()))
                && (device == null || device.equals(alert.deviceId()))
                && (pattern == null || pattern.equals(alert.patternId()))
                && (severities == null || EnumSet.copyOf(severities).contains(alert.severity()))
                && (modes == null || EnumSet.copyOf(modes).contains(alert.mode()));
    }

    /** The same in SQL, for rows of the table alerts, which is called a. */
    void conditions(List<String> conditions, List<Object> parameters) {
        equal("a.user_id", user, conditions, parameters);
        equal("a.device_id", device, conditions, parameters);
        equal("a.pattern_id", pattern, conditions, parameters);
        oneOf("a.severity", severities, conditions, parameters);
        oneOf("a.mode", modes, conditions, parameters);
    }

    private static void equal(
            String column, String value, List<String> conditions, List<Object> parameters) {
        if (value != null) {
            conditions.add(column + " = ?");
            parameters.add(value);
        }
    }

    private static void oneOf(
            String column,
            List<? extends Enum<?>> values,
            List<String> conditions,
            List<Object> parameters) {
        if (values != null) {
            conditions.add(column + " = ANY (?)");
            parameters.add(
                    values.stream()
                            .map(value -> value.name().toLowerCase(Locale.ROOT))
                            .toArray(String[]::new));
        }
    }

    /**
     * Which stretch and state, besides.
     *
     * @param since onset not before; null for any
     * @param until onset before; null for any
     */
    record Episodes(AlertFilter which, Shown shown, Instant since, Instant until) {
        boolean accepts(Alert newest) {
            return which.accepts(newest) && inTime(newest) && shown.accepts(newest);
        }

        boolean inTime(Alert alert) {
            return (since == null || !alert.onset().isBefore(since))
                    && (until == null || alert.onset().isBefore(until));
        }

        List<String> conditions(List<Object> parameters) {
            var conditions = new ArrayList<String>();
            conditions.add(shown.sql());
            which.conditions(conditions, parameters);
            if (since != null) {
                conditions.add("a.onset >= ?");
                parameters.add(since);
            }
            if (until != null) {
                conditions.add("a.onset < ?");
                parameters.add(until);
            }
            return conditions;
        }
    }

    /** States of episodes, in people's words, and of events. */
    enum Shown {
        ALL("true"),
        /** Begun and not over. */
        OPEN("a.resolved_at IS NULL AND a.state <> 'RETRACTED'"),
        /** Over, for whatever reason. */
        RESOLVED("a.resolved_at IS NOT NULL AND a.state <> 'RETRACTED'"),
        OPENED("a.state = 'OPENED'"),
        UPDATED("a.state = 'UPDATED'"),
        AMENDED("a.state = 'AMENDED'"),
        RETRACTED("a.state = 'RETRACTED'");

        private final String sql;

        Shown(String sql) {
            this.sql = sql;
        }

        private String sql() {
            return sql;
        }

        /** Of an episode, by its newest event. */
        boolean accepts(Alert newest) {
            boolean stands = newest.state() != Alert.State.RETRACTED;
            return switch (this) {
                case ALL -> true;
                case OPEN -> stands && newest.resolvedAt() == null;
                case RESOLVED -> stands && newest.resolvedAt() != null;
                default -> newest.state().name().equals(name());
            };
        }

        /** Of an event by itself. */
        boolean acceptsEvent(Alert event) {
            return this == ALL || event.state().name().equals(name());
        }
    }
}
