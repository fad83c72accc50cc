package hrm.launcher;

import hrm.patterns.Condition;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an input must be otherwise, one value at a time, so that a condition is true of it, or is
 * not. Found by trying, so that it holds for every condition that can be written.
 */
final class Nudges {
    private static final int FARTHEST = 300;
    private static final double FINEST = 0.1;
    private static final int MOST = 3;

    private Nudges() {}

    /**
     * {@code bpm 121 instead of 118}; the nearest value of each name that is known, and what would
     * have to be known.
     *
     * @param values are as before when it returns
     */
    static List<String> find(
            Condition condition, Values values, MatchedSteps taken, boolean wanted) {
        var found = new ArrayList<String>();
        for (var name : Name.values()) {
            if (found.size() < MOST && name.type() != Name.Type.TEXT) {
                double is = values.get(name);
                for (double other : candidates(name, is)) {
                    values.set(name, other);
                    if (isTrue(condition, values, taken) == wanted) {
                        found.add(
                                "%s %s instead of %s"
                                        .formatted(
                                                name.text(), shown(name, other), shown(name, is)));
                        break;
                    }
                }
                values.set(name, is);
            }
        }
        return found;
    }

    static boolean isTrue(Condition condition, Values values, MatchedSteps taken) {
        try {
            return condition.test(values, taken) == Truth.TRUE;
        } catch (RuntimeException e) {
            return false; // unknown, as the matcher takes it
        }
    }

    /** Nearest first. */
    private static List<Double> candidates(Name name, double is) {
        if (name.type() == Name.Type.BOOL) {
            return Double.isNaN(is) ? List.of(0.0, 1.0) : List.of(1 - is);
        }
        if (Double.isNaN(is)) {
            return List.of(0.0, 1.0);
        }
        var all = new ArrayList<Double>();
        boolean whole = name == Name.BPM || name == Name.STEPS || name == Name.RR;
        for (int i = 1; !whole && i <= 10 / FINEST; i++) {
            all.add(Math.round((is + i * FINEST) / FINEST) * FINEST);
            all.add(Math.round((is - i * FINEST) / FINEST) * FINEST);
        }
        for (int i = 1; i <= FARTHEST; i++) {
            all.add(is + i);
            if (!whole || is - i >= 0) {
                all.add(is - i);
            }
        }
        return all;
    }

    private static String shown(Name name, double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        return name.type() == Name.Type.BOOL ? String.valueOf(value == 1) : Words.number(value);
    }
}
