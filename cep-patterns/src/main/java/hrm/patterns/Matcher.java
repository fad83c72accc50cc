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

    /** State of a device that this pattern has not seen. */
    MatcherState start();

    /** Judges one input; {@code state} is changed in place. */
    void advance(MatcherState state, Input input, Consumer<Match> matches);

    /** Writes what {@link #read} reads; versioned, for years. */
    void write(MatcherState state, DataOutput out) throws IOException;

    MatcherState read(DataInput in) throws IOException;

    @Override
    default void close() {}
}
