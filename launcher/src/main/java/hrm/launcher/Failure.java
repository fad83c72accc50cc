package hrm.launcher;

import hrm.embedded.StartFailure;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;

/** Something that a person can set right; the message says what, where and what to do. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** In PostgreSQL's words. */
    private static final String NO_SUCH_TABLE = "42P01";

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, for a person. */
    static String describe(Throwable e) {
        if (e instanceof Failure || e instanceof StartFailure) {
            return e.getMessage();
        }
        if (e instanceof UncheckedIOException && e.getCause() != null) {
            // Its own message says where; the cause's is part of it.
            boolean bare = e.getMessage() == null || e.getMessage().equals(e.getCause().toString());
            return bare ? describe(e.getCause()) : e.getMessage();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": there is no such file";
        }
        if (e instanceof java.nio.file.FileSystemException
                || e instanceof IllegalArgumentException) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (e instanceof SQLException refused) {
            return "PostgreSQL refuses: "
                    + refused.getMessage()
                    + (NO_SUCH_TABLE.equals(refused.getSQLState())
                            ? ". Is it the right database? hrm up makes the tables; they are in"
                                    + " sql/migrations."
                            : "");
        }
        return "This should not have happened: "
                + e
                + "\nHRM_LOG=info in the environment shows more. Please report it.";
    }
}
