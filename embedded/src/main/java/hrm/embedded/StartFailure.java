package hrm.embedded;

/**
 * Something did not start or did not do what was asked; the message says what and where to look.
 */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String message) {
        super(message);
    }

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
