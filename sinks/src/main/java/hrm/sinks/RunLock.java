package hrm.sinks;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What lets one run of a kind go on at a time, whoever starts it and from where: an advisory lock
 * of PostgreSQL. It belongs to a connection, so it is given back when its holder dies; and what a
 * run puts in force it does on that connection, so that one that has lost the lock cannot.
 */
public enum RunLock {
    /** Whoever changes baselines: two would undo each other's work. */
    BASELINES("baselines"),

    /**
     * Two would tell nothing twice, since a correction counts once; but each would read and judge
     * all that the other does, and runs that take longer than the time between them would pile up.
     */
    LATE_RUN("late run");

    /** The longest name of an application that PostgreSQL keeps. */
    private static final int NAME_LENGTH = 63;

    private final String key;
    private final String application;

    RunLock(String what) {
        this.key = "hashtextextended('" + what + "', 0)";
        this.application = "hrm " + what + ": ";
    }

    /** A lock that was taken; others have it when this is closed. */
    public static final class Held implements AutoCloseable {
        private final Connection connection;

        private Held(Connection connection) {
            this.connection = connection;
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

    /**
     * @param who shown to others who want it
     * @return empty when somebody else has it
     */
    public Optional<Held> tryTake(JdbcOptions database, String who) throws SQLException {
        var connection = database.connect();
        boolean taken = false;
        try (var name =
                        connection.prepareStatement(
                                "SELECT set_config('application_name', ?, false)");
                var lock =
                        connection.prepareStatement("SELECT pg_try_advisory_lock(" + key + ")")) {
            var told = application + who;
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
        return taken ? Optional.of(new Held(connection)) : Optional.empty();
    }

    /** Who has it and since when, in words; empty when nobody has. */
    public Optional<String> holder(Connection database) throws SQLException {
        try (var ask =
                        database.prepareStatement(
                                "SELECT a.application_name, a.backend_start FROM pg_locks l"
                                        + " JOIN pg_stat_activity a USING (pid)"
                                        + " WHERE l.locktype = 'advisory' AND l.granted"
                                        + " AND l.objsubid = 1 AND l.database = (SELECT oid FROM"
                                        + " pg_database WHERE datname = current_database())"
                                        + " AND (l.classid::bigint << 32) | l.objid::bigint = "
                                        + key);
                var row = ask.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            var name = row.getString(1);
            var since = row.getObject(2, OffsetDateTime.class);
            return Optional.of(
                    (name == null || !name.startsWith(application)
                                    ? "somebody"
                                    : name.substring(application.length()))
                            + (since == null
                                    ? ""
                                    : " since "
                                            + since.withOffsetSameInstant(ZoneOffset.UTC)
                                                    .truncatedTo(ChronoUnit.SECONDS)));
        }
    }
}
