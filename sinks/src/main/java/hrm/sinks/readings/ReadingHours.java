package hrm.sinks.readings;

import hrm.sinks.JdbcOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** The hourly roll-up of readings: table {@code reading_hours}. */
public final class ReadingHours {
    /**
     * How far back readings still come late: what the nightly roll-up looks at. Older ones come by
     * an import, which rolls up what it has written.
     */
    public static final Duration STILL_CHANGING = Duration.ofDays(35);

    /** A year of everybody takes minutes. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    private ReadingHours() {}

    /**
     * Rolls up the hours whose readings are not those of the roll-up; not those of the last two
     * days, which still change.
     *
     * @param since its hour is included
     * @param until its hour is included
     * @param userId null for everybody
     * @return how many rows were written
     */
    public static int rollUp(Connection database, Instant since, Instant until, String userId)
            throws SQLException {
        try (var statement = database.prepareStatement("SELECT roll_up_hours(?, ?, ?)")) {
            statement.setObject(1, since.atOffset(ZoneOffset.UTC));
            statement.setObject(2, until.atOffset(ZoneOffset.UTC));
            statement.setString(3, userId);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }

    /** The same on a connection of its own, which waits as long as it takes. */
    public static int rollUp(JdbcOptions database, Instant since, Instant until, String userId)
            throws SQLException {
        var patient =
                new JdbcOptions(
                        database.url(),
                        database.user(),
                        database.password(),
                        PATIENCE,
                        database.connectTimeout());
        try (var connection = patient.connect()) {
            return rollUp(connection, since, until, userId);
        }
    }
}
