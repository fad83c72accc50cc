package hrm.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When readings became visible in a table, as its rows' transactions tell afterwards: so measuring
 * costs the measured nothing.
 */
final class Commits {
    private record Commit(long atMs, long readings) {}

    private final List<Commit> commits = new ArrayList<>();

    /** In any order; milliseconds since the epoch. */
    void add(long atMs, long readings) {
        commits.add(new Commit(atMs, readings));
    }

    long readings() {
        return commits.stream().mapToLong(Commit::readings).sum();
    }

    /**
     * When so many were there.
     *
     * @throws IllegalArgumentException if they never were
     */
    long reachedMs(long goal) {
        long sum = 0;
        commits.sort(Comparator.comparingLong(Commit::atMs));
        for (var commit : commits) {
            sum += commit.readings();
            if (sum >= goal) {
                return commit.atMs();
            }
        }
        throw new IllegalArgumentException(
                "Only %d of %d readings are in the table".formatted(sum, goal));
    }
}
