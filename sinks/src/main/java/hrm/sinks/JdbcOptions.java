package hrm.sinks;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach PostgreSQL.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param user null when the URL or the server needs none
 * @param password null when the server needs none
 * @param socketTimeout how long an answer may take, whole seconds; well under Flink's {@code
 *     task.cancellation.timeout}, or a hanging database takes the TaskManager down
 * @param connectTimeout how long connecting may take, whole seconds
 */
public record JdbcOptions(
        String url, String user, String password, Duration socketTimeout, Duration connectTimeout)
        implements Serializable {
    public JdbcOptions {
        Objects.requireNonNull(url, "url");
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "The database URL must begin with jdbc:postgresql: but begins with '"
                            + url.substring(0, Math.min(url.length(), "jdbc:postgresql:".length()))
                            + "'. Write jdbc:postgresql://host:port/database.");
        }
        requireSeconds("socket timeout", socketTimeout);
        requireSeconds("connect timeout", connectTimeout);
    }

    /** With 20 s for an answer and 10 s for connecting. */
    public static JdbcOptions of(String url, String user, String password) {
        return new JdbcOptions(url, user, password, Duration.ofSeconds(20), Duration.ofSeconds(10));
    }

    /** A new connection, in auto-commit mode. */
    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    /** For those who want a data source, as the migrations do; makes a new connection each time. */
    public DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        try {
            for (var name : properties().stringPropertyNames()) {
                source.setProperty(name, properties().getProperty(name));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the driver refuses its own property", e);
        }
        return source;
    }

    /** The same for the Flink JDBC connector. */
    public JdbcConnectionOptions connection() {
        var options =
                new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                        .withUrl(url)
                        .withDriverName("org.postgresql.Driver")
                        .withConnectionCheckTimeoutSeconds(5);
        properties().forEach((name, value) -> options.withProperty((String) name, (String) value));
        return options.build();
    }

    /**
     * An at-least-once sink: batches of up to 1,000 or of a second, all written before a checkpoint
     * completes. While the database is away it waits. The statement must change nothing when
     * repeated.
     */
    public <T> Sink<T> sink(JdbcQueryStatement<T> statement) {
        return new TableSink<>(this, new TableStatement<>(statement, null), null);
    }

    /**
     * The same for rows that several tasks may write.
     *
     * @param order in which all of them write, so that none waits for one that waits for it; of
     *     equal rows the first that came is written first
     */
    public <T, C extends Comparator<T> & Serializable> Sink<T> sink(
            TableStatement<T> table, C order) {
        return new TableSink<>(this, table, order);
    }

    private Properties properties() {
        var properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("socketTimeout", Long.toString(socketTimeout.toSeconds()));
        properties.setProperty("connectTimeout", Long.toString(connectTimeout.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "hrm");
        // Or the message of a failed batch, which Flink logs, quotes a person's readings.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    private static void requireSeconds(String name, Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "The database's "
                            + name
                            + " is "
                            + duration.toMillis()
                            + " ms; it must be at least 1s.");
        }
    }

    /** Without the password, and without the URL's parameters, which may hold one. */
    @Override
    public String toString() {
        return "JdbcOptions["
                + url.replaceFirst("\\?.*", "?…").replaceFirst("//[^/]*@", "//…@")
                + ", user "
                + user
                + ']';
    }
}
