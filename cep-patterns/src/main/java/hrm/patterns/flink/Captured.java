package hrm.patterns.flink;

import hrm.patterns.Input;
import hrm.patterns.Name;
import java.util.List;

/** What the shared buffer keeps of an input that a partial match has taken. */
final class Captured {
    final long startMs;
    final long endMs;

    /** In the order of the pattern's captured names. */
    final double[] values;

    /**
     * By step: the stretch of a hold that could take this input. It grows while it runs. Null where
     * the input can only have been taken as itself; the array is null when that is so everywhere.
     */
    Stretch[] stretches;

    Captured(long startMs, long endMs, double[] values) {
        this.startMs = startMs;
        this.endMs = endMs;
        this.values = values;
    }

    static Captured of(Input input, List<Name> names) {
        return new Captured(input.startMs(), input.endMs(), values(input, names));
    }

    static double[] values(Input input, List<Name> names) {
        var values = new double[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = input.values().get(names.get(i));
        }
        return values;
    }

    private Stretch stretch(int step) {
        return stretches == null ? null : stretches[step];
    }

    long firstStartMs(int step) {
        var stretch = stretch(step);
        return stretch == null ? startMs : stretch.sinceMs;
    }

    long lastStartMs(int step) {
        var stretch = stretch(step);
        return stretch == null ? startMs : stretch.lastStartMs;
    }

    long lastEndMs(int step) {
        var stretch = stretch(step);
        return stretch == null ? endMs : stretch.lastEndMs;
    }

    int count(int step) {
        var stretch = stretch(step);
        return stretch == null ? 1 : stretch.count;
    }

    double first(int step, int name) {
        var stretch = stretch(step);
        return stretch == null ? values[name] : stretch.first[name];
    }

    double last(int step, int name) {
        var stretch = stretch(step);
        return stretch == null ? values[name] : stretch.last[name];
    }

    /**
     * Inputs that a hold was true on, in constant memory. Shared by all partial matches that took
     * it, so that they all see it grow; left alone once it has ended.
     */
    static final class Stretch {
        final long sinceMs;
        final double[] first;
        long lastStartMs;
        long lastEndMs;
        int count;
        double[] last;

        Stretch(long sinceMs, double[] first) {
            this.sinceMs = sinceMs;
            this.first = first;
        }
    }
}
