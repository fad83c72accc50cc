package hrm.patterns;

/** What a {@link Matcher} remembers of one device. Belongs to the matcher; others carry it. */
public interface MatcherState {
    /** Whether there is nothing to remember, so that it need not be kept. */
    boolean isEmpty();

    /** Partial matches in progress. */
    int partialMatches();

    /**
     * Whoever was told of what lasts is told no more: a stretch that still runs may start another
     * match.
     */
    void startAgain();

    /** A deep copy. */
    MatcherState copy();
}
