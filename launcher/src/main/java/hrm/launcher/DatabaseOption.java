package hrm.launcher;

import hrm.sinks.JdbcOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Which PostgreSQL: told, or that of the running stack, or the usual port of this machine. The
 * password comes from HRM_JDBC_PASSWORD or a file, never from a flag, since process lists show
 * those.
 */
final class DatabaseOption {
    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            defaultValue = "${env:HRM_JDBC_URL}",
            description =
                    "The database. Default: HRM_JDBC_URL, else the stack of hrm up, else"
                            + " jdbc:postgresql://localhost:5432/hrm")
    private String url;

    @Option(
            names = "--jdbc-user",
            paramLabel = "USER",
            defaultValue = "${env:HRM_JDBC_USER:-hrm}",
            description = "Its user. Default: HRM_JDBC_USER, else hrm")
    private String user;

    @Option(
            names = "--jdbc-password-file",
            paramLabel = "FILE",
            defaultValue = "${env:HRM_JDBC_PASSWORD_FILE}",
            description = "File with the user's password. Or set HRM_JDBC_PASSWORD")
    private Path passwordFile;

    String url() {
        if (url != null && !url.isBlank()) {
            return url;
        }
        return StackFolder.usual()
                .running()
                .map(StackFolder.Running::jdbcUrl)
                .orElse("jdbc:postgresql://localhost:5432/hrm");
    }

    /** The same for a job. The password itself goes through the environment. */
    List<String> arguments() {
        var arguments = new ArrayList<>(List.of("--jdbc-url", url(), "--jdbc-user", user));
        if (passwordFile != null) {
            arguments.addAll(
                    List.of("--jdbc-password-file", passwordFile.toAbsolutePath().toString()));
        }
        return arguments;
    }

    JdbcOptions options() {
        try {
            return JdbcOptions.of(url(), user, password());
        } catch (IllegalArgumentException e) {
            throw new Failure("--jdbc-url: " + e.getMessage(), e);
        }
    }

    /**
     * @throws Failure when it does not answer
     */
    Connection connect() {
        var options = options();
        try {
            return options.connect();
        } catch (SQLException e) {
            throw new Failure(
                    "PostgreSQL at "
                            + url().replaceFirst("\\?.*", "")
                            + " does not answer ("
                            + e.getMessage()
                            + "). Is it up (hrm status)? Else check --jdbc-url, --jdbc-user and the"
                            + " password.",
                    e);
        }
    }

    private String password() {
        if (passwordFile == null) {
            return System.getenv("HRM_JDBC_PASSWORD");
        }
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new Failure(
                    "--jdbc-password-file "
                            + passwordFile
                            + ": cannot be read ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }
}
