package hrm.sinks.profiles;

import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The table {@code user_profiles}. Who writes to it leaves a row in {@code profile_outbox} in the
 * same transaction, from which {@link ProfileRelay} publishes; so a change never waits for Kafka,
 * and is never forgotten.
 */
public final class ProfileStore {
    /** A version superseded for longer than this is needed by nothing late. */
    public static final Duration KEPT = Duration.ofDays(35);

    private static final String COLUMNS = "effective_from, time_zone, limit_high, limit_low";

    private ProfileStore() {}

    /** Changes of several people that belong together. */
    @FunctionalInterface
    public interface Change<T> {
        T in(Connection transaction) throws SQLException;
    }

    /**
     * Runs a change in one transaction, alone: what it has read of profiles is still so when it
     * writes. Readers are not held up.
     *
     * @param database in auto-commit mode, and so again afterwards
     */
    public static <T> T alone(Connection database, Change<T> change) throws SQLException {
        database.setAutoCommit(false);
        try {
            try (var lock = database.createStatement()) {
                lock.execute("LOCK TABLE user_profiles IN SHARE ROW EXCLUSIVE MODE");
            }
            T result = change.in(database);
            database.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                database.rollback();
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        } finally {
            if (!database.isClosed()) {
                database.setAutoCommit(true);
            }
        }
    }

    /**
     * Writes versions, in the connection's transaction, and notes that they are to be published. A
     * version of the same person and time is replaced.
     */
    public static void write(Connection transaction, Collection<UserProfiles> people)
            throws SQLException {
        try (var version =
                        transaction.prepareStatement(
                                """
                                INSERT INTO user_profiles
                                    (user_id, effective_from, time_zone, limit_high, limit_low)
                                VALUES (?, ?, ?, ?, ?)
                                ON CONFLICT (user_id, effective_from) DO UPDATE SET
                                    (time_zone, limit_high, limit_low, updated_at)
                                    = ROW (excluded.time_zone, excluded.limit_high,
                                           excluded.limit_low, excluded.updated_at)
                                """);
                var note =
                        transaction.prepareStatement(
                                """
                                INSERT INTO profile_outbox (user_id) VALUES (?)
                                ON CONFLICT (user_id) DO UPDATE SET
                                    change = DEFAULT, changed_at = DEFAULT
                                """)) {
            for (var person : people) {
                for (var profile : person.versions()) {
                    set(version, person.userId(), profile);
                    version.addBatch();
                }
                note.setString(1, person.userId());
                note.addBatch();
            }
            version.executeBatch();
            note.executeBatch();
        }
    }

    private static void set(PreparedStatement version, String userId, UserProfile profile)
            throws SQLException {
        version.setString(1, userId);
        version.setObject(2, profile.effectiveFrom().atOffset(ZoneOffset.UTC));
        version.setString(3, profile.timeZone() == null ? "UTC" : profile.timeZone().getId());
        version.setObject(4, profile.limitHigh(), Types.SMALLINT);
        version.setObject(5, profile.limitLow(), Types.SMALLINT);
    }

    /** Writes versions as one change of their own: {@link #write} in {@link #alone}. */
    public static void put(Connection database, Collection<UserProfiles> people)
            throws SQLException {
        alone(
                database,
                transaction -> {
                    write(transaction, people);
                    return null;
                });
    }

    /** All versions of a person; none for somebody who is not known. */
    public static UserProfiles read(Connection database, String userId) throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT " + COLUMNS + " FROM user_profiles WHERE user_id = ?")) {
            select.setString(1, userId);
            return versions(select, userId);
        }
    }

    /** The versions that the topic carries: of the last 35 days, and the one in force before. */
    static UserProfiles stillNeeded(Connection database, String userId) throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT "
                                + COLUMNS
                                + " FROM user_profiles p WHERE user_id = ? AND effective_from >="
                                + " coalesce((SELECT max(effective_from) FROM user_profiles older"
                                + " WHERE older.user_id = p.user_id AND older.effective_from <="
                                + " now() - make_interval(days => ?)), '-infinity')")) {
            select.setString(1, userId);
            select.setInt(2, Math.toIntExact(KEPT.toDays()));
            return versions(select, userId);
        }
    }

    private static UserProfiles versions(PreparedStatement select, String userId)
            throws SQLException {
        List<UserProfile> versions = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                versions.add(
                        new UserProfile(
                                row.getObject(1, OffsetDateTime.class).toInstant(),
                                ZoneId.of(row.getString(2)),
                                row.getObject(3, Integer.class),
                                row.getObject(4, Integer.class)));
            }
        }
        return new UserProfiles(userId, versions);
    }
}
