package hrm.patterns;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link Matcher} has done so far, over all devices. The matcher's thread counts; whoever
 * reads from another may be behind.
 */
public final class Tally {
    private final Consumer<RuntimeException> onFirstFailure;
    private long inputs;
    private long starts;
    private long matches;
    private long refusedStarts;
    private long endedBranches;
    private long failedConditions;
    private RuntimeException firstFailure;

    public Tally() {
        this(failure -> {});
    }

    /**
     * @param onFirstFailure is told of the first condition that fails
     */
    public Tally(Consumer<RuntimeException> onFirstFailure) {
        this.onFirstFailure = onFirstFailure;
    }

    /** Inputs judged. */
    public long inputs() {
        return inputs;
    }

    /** Inputs that started a match. */
    public long starts() {
        return starts;
    }

    /** Matches reported. */
    public long matches() {
        return matches;
    }

    /** Inputs that could have started a match, but too many were in progress on their device. */
    public long refusedStarts() {
        return refusedStarts;
    }

    /** Partial matches that were ended because too many were in progress on their device. */
    public long endedBranches() {
        return endedBranches;
    }

    /** Conditions that failed at run time; each counted as unknown. */
    public long failedConditions() {
        return failedConditions;
    }

    public Optional<RuntimeException> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    public void input() {
        inputs++;
    }

    public void start() {
        starts++;
    }

    public void match() {
        matches++;
    }

    public void refusedStart() {
        refusedStarts++;
    }

    public void endedBranch() {
        endedBranches++;
    }

    public void failedCondition(RuntimeException failure) {
        failedConditions++;
        if (firstFailure == null) {
            firstFailure = failure;
            onFirstFailure.accept(failure);
        }
    }
}
