package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedDatabaseIT {
    private TemporaryFolder folder;

    @BeforeEach
    void createFolder() {
        folder = TemporaryFolder.create("hrm-database-it-");
    }

    @AfterEach
    void nothingRemains() {
        folder.close();

        assertThat(folder.path()).doesNotExist();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void rowsSurviveAnOutageAndAKillAndALaterStartAtAnotherPort() throws SQLException {
        var dir = folder.path().resolve("postgresql");
        try (var database = EmbeddedDatabase.start(dir)) {
            execute(database, "CREATE TABLE t (n int)");
            execute(database, "INSERT INTO t VALUES (1)");

            try (var openMeanwhile = database.connect()) {
                database.stop();
                assertThat(openMeanwhile.isValid(1)).isFalse();
            }
            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
            database.start();
            execute(database, "INSERT INTO t VALUES (2)");

            database.kill();
            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
            database.start();
            execute(database, "INSERT INTO t VALUES (3)");
        }

        try (var database = EmbeddedDatabase.start(dir)) {
            assertThat(value(database, "SELECT string_agg(n::text, ',' ORDER BY n) FROM t"))
                    .isEqualTo("1,2,3");
        }
    }

    @Test
    void whatIsCommittedIsOnDiskAndItListensOnLoopbackOnly() throws SQLException {
        try (var database = EmbeddedDatabase.start(folder.path().resolve("postgresql"))) {
            assertThat(value(database, "SHOW fsync")).isEqualTo("on");
            assertThat(value(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(value(database, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(value(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(value(database, "SHOW unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void rootWithoutUserNamespacesStartsItAsNobody() throws SQLException {
        assumeTrue(
                UnprivilegedUser.ofThisProcess() != UnprivilegedUser.OURSELVES,
                "only root needs another user");
        // The folder is root's alone, as temporary folders are.
        try (var database =
                EmbeddedDatabase.start(
                        folder.path().resolve("postgresql"),
                        0,
                        line -> {},
                        UnprivilegedUser.NOBODY)) {
            assertThat(value(database, "SELECT 'here'")).isEqualTo("here");
            database.restart();
            assertThat(value(database, "SELECT 'again'")).isEqualTo("again");
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String value(EmbeddedDatabase database, String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
