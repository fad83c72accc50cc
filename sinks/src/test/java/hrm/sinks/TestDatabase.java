package hrm.sinks;

import hrm.sql.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL with our tables. */
public final class TestDatabase implements AutoCloseable {
    private final EmbeddedPostgres postgres;

    /** What to read of a row. */
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    public TestDatabase() {
        try {
            postgres = EmbeddedPostgres.builder().start();
            Schema.migrate(postgres.getPostgresDatabase());
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public JdbcOptions options() {
        return JdbcOptions.of(
                "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres",
                "postgres",
                "secret-of-the-test");
    }

    public Connection connect() throws SQLException {
        return options().connect();
    }

    public <T> List<T> query(String sql, Row<T> read) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<T>();
            while (rows.next()) {
                values.add(read.of(rows));
            }
            return values;
        }
    }

    public long number(String sql) throws SQLException {
        return query(sql, row -> row.getLong(1)).get(0);
    }

    public void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
