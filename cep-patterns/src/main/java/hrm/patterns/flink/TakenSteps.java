package hrm.patterns.flink;

import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import java.util.List;
import org.apache.flink.cep.pattern.conditions.IterativeCondition.Context;

/** What one partial match has taken, read from Flink's shared buffer when asked for. */
final class TakenSteps implements MatchedSteps {
    private final Context<Captured> context;
    private final List<Name> names;

    TakenSteps(Context<Captured> context, List<Name> names) {
        this.context = context;
        this.names = names;
    }

    @Override
    public double first(int step, Name name) {
        for (Captured input : inputs(step)) {
            return input.first(step, place(name));
        }
        return Double.NaN;
    }

    @Override
    public double last(int step, Name name) {
        Captured last = last(step);
        return last == null ? Double.NaN : last.last(step, place(name));
    }

    @Override
    public int count(int step) {
        int count = 0;
        for (Captured input : inputs(step)) {
            count += input.count(step);
        }
        return count;
    }

    /** The last input that the step took; null when none. */
    Captured last(int step) {
        Captured last = null;
        for (Captured input : inputs(step)) {
            last = input;
        }
        return last;
    }

    private Iterable<Captured> inputs(int step) {
        try {
            return context.getEventsForPattern(FlinkPattern.name(step));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int place(Name name) {
        int place = names.indexOf(name);
        if (place < 0) {
            throw new IllegalStateException(
                    "a condition uses '%s' of an earlier step, but it is not captured"
                            .formatted(name.text()));
        }
        return place;
    }
}
