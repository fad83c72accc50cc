package hrm.sql;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the tables, views and functions that this version works with. */
public final class Schema {
    private static final String MIGRATIONS = "classpath:hrm/sql/migrations";

    private Schema() {}

    /**
     * Runs the migrations that the database has not seen, and makes the partitions of last month to
     * three months ahead. Safe to repeat, and when several do so at once.
     *
     * @param database of a user who may create tables in its current schema
     * @return how many migrations ran
     * @throws SQLException when the database does not answer or refuses
     * @throws org.flywaydb.core.api.FlywayException when a migration failed, or one that ran was
     *     edited since
     */
    public static int migrate(DataSource database) throws SQLException {
        var result =
                Flyway.configure(Schema.class.getClassLoader())
                        .dataSource(database)
                        .locations(MIGRATIONS)
                        // Branches are merged in any order.
                        .outOfOrder(true)
                        .load()
                        .migrate();
        try (var connection = database.getConnection();
                var ahead =
                        connection.prepareStatement(
                                "SELECT ensure_reading_partitions("
                                        + "now() - interval '1 month', now() + interval '3 months')")) {
            ahead.execute();
        }
        return result.migrationsExecuted;
    }
}
