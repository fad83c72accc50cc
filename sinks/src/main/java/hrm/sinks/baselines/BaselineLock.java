package hrm.sinks.baselines;

import hrm.sinks.JdbcOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What lets one at a time change baselines, whoever starts it and from where: an advisory lock of
 * PostgreSQL. It belongs to a connection, so it is given back when its holder dies; and what a run
 * puts in force it does on that connection, so that one that has lost the lock cannot.
 */
public final class BaselineLock implements AutoCloseable {
    private static final String KEY = "hashtextextended('baselines', 0)";

    /** The longest name of an application that PostgreSQL keeps. */
    private static final int NAME_LENGTH = 63;

    private static final String NAME = "hrm baselines: ";

    private final Connection connection;

    private BaselineLock(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param who shown to others who want it
     * @return empty when somebody else has it
     */
    public static Optional<BaselineLock> tryTake(JdbcOptions database, String who)
            throws SQLException {
        var connection = database.connect();
        boolean taken = false;
        try (var name =
                        connection.prepareStatement(
                                "SELECT set_config('application_name', ?, false)");
                var lock =
                        connection.prepareStatement("SELECT pg_try_advisory_lock(" + KEY + ")")) {
            var told = NAME + who;
            name.setString(1, told.substring(0, Math.min(told.length(), NAME_LENGTH)));
            name.execute();
            try (var row = lock.executeQuery()) {
                row.next();
                taken = row.getBoolean(1);
            }
        } finally {
            if (!taken) {
                connection.close();
            }
        }
        return taken ? Optional.of(new BaselineLock(connection)) : Optional.empty();
    }

    /** Who has it and since when, in words; empty when nobody has. */
    public static Optional<String> holder(Connection database) throws SQLException {
        try (var ask =
                        database.prepareStatement(
                                "SELECT a.application_name, a.backend_start FROM pg_locks l"
                                        + " JOIN pg_stat_activity a USING (pid)"
                                        + " WHERE l.locktype = 'advisory' AND l.granted"
                                        + " AND l.objsubid = 1 AND l.database = (SELECT oid FROM"
                                        + " pg_database WHERE datname = current_database())"
                                        + " AND (l.classid::bigint << 32) | l.objid::bigint = "
                                        + KEY);
                var row = ask.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            var name = row.getString(1);
            var since = row.getObject(2, OffsetDateTime.class);
            return Optional.of(
                    (name == null || !name.startsWith(NAME)
                                    ? "somebody"
                                    : name.substring(NAME.length()))
                            + (since == null
                                    ? ""
                                    : " since "
                                            + since.withOffsetSameInstant(ZoneOffset.UTC)
                                                    .truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    /** The connection that has the lock; in auto-commit mode when it is not in use. */
    public Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
