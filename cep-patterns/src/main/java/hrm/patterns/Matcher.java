package hrm.patterns;

import hrm.patterns.compile.CompiledPattern;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Finds the matches of one pattern in the inputs of one device, which come in the order of their
 * start.
 */
public interface Matcher extends AutoCloseable {
    CompiledPattern pattern();

    /** What it has done so far. */
    Tally tally();

    /** State of a device that this pattern has not seen. */
    MatcherState start();

    /**
     * Whether this input changes nothing on a device of which nothing is remembered; if so, it has
     * been judged by that. Most inputs are, at the price of one condition.
     */
    default boolean spares(Input input) {
        return false;
    }

    /** Judges one input; {@code state} is changed in place. */
    void advance(MatcherState state, Input input, Consumer<Match> matches);

    /**
     * The device time at which something is decided if no input comes before it: a last {@code
     * not_followed_by} that has not come, a match that was held back, a match that times out.
     *
     * @return milliseconds since the epoch; {@code Long.MAX_VALUE} when silence decides nothing
     */
    default long deadlineMs(MatcherState state) {
        return Long.MAX_VALUE;
    }

    /**
     * What is decided if no input comes before this device time; {@code state} is not changed. An
     * input that comes all the same, with an earlier time, may decide otherwise.
     */
    default void ifSilent(MatcherState state, long untilMs, Consumer<Match> matches) {}

    /** Writes what {@link #read} reads; versioned, for years. */
    void write(MatcherState state, DataOutput out) throws IOException;

    MatcherState read(DataInput in) throws IOException;

    @Override
    default void close() {}
}
