package hrm.launcher;

import hrm.patterns.spec.Group;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times.Between;
import java.util.ArrayList;
import java.util.List;

/**
 * What may follow what in a pattern, with steps that repeat or may be left out, and with groups.
 */
final class Ways {
    /** The step of a way on which nothing more is needed. */
    static final int COMPLETE = -1;

    /**
     * A way on from where an attempt stands.
     *
     * @param step that takes the next input; {@link #COMPLETE} when none need come
     * @param forbidden steps that must not come before
     * @param direct whether the very next input must be it
     * @param repeats whether it is more of the step that was taken last
     * @param turns of each group: which turn it is in; 0 outside
     */
    record Way(
            int step,
            List<Integer> forbidden,
            boolean direct,
            boolean repeats,
            List<Integer> turns) {}

    private final PatternSpec spec;
    private final List<Step> steps;

    Ways(PatternSpec spec) {
        this.spec = spec;
        this.steps = spec.sequence();
    }

    /** How an attempt may begin. */
    List<Way> fromTheStart() {
        var ways = new ArrayList<Way>();
        var outside = spec.groups().stream().map(group -> 0).toList();
        follow(new From(-1, 0), List.of(), outside, false, ways);
        return ways;
    }

    /**
     * The ways on after a step has taken an input: more of it first, then what comes later.
     *
     * @param times how many inputs it has taken
     */
    List<Way> after(int step, int times, List<Integer> turns) {
        var ways = new ArrayList<Way>();
        var quantifier = steps.get(step).times();
        if (times < quantifier.most()) {
            boolean direct = quantifier.between() == Between.NOTHING;
            ways.add(new Way(step, List.of(), direct, true, turns));
        }
        if (times >= quantifier.least()) {
            follow(new From(groupOf(step), step + 1), List.of(), turns, false, ways);
        }
        return ways;
    }

    /** The innermost group that a step belongs to; -1 for none. */
    private int groupOf(int step) {
        int innermost = -1;
        for (int g = 0; g < spec.groups().size(); g++) {
            var group = spec.groups().get(g);
            if (group.from() <= step && step < group.to()) {
                innermost = g; // an outer one comes before those inside it
            }
        }
        return innermost;
    }

    /** Inside a group (-1: in none), before this step. */
    private record From(int group, int step) {}

    private void follow(
            From from,
            List<Integer> forbidden,
            List<Integer> turns,
            boolean direct,
            List<Way> ways) {
        int end = from.group < 0 ? steps.size() : spec.groups().get(from.group).to();
        if (from.step == end) {
            if (from.group < 0) {
                ways.add(new Way(COMPLETE, forbidden, false, false, turns));
            } else {
                turn(from.group, forbidden, turns, ways);
            }
            return;
        }
        int inner = groupThatBegins(from);
        var step = steps.get(from.step);
        if (inner >= 0) {
            var group = spec.groups().get(inner);
            boolean next = direct || group.relation() == Relation.NEXT;
            follow(new From(inner, from.step), forbidden, with(turns, inner, 1), next, ways);
            if (group.times().optional()) {
                follow(new From(from.group, group.to()), forbidden, turns, false, ways);
            }
        } else if (step.relation().isNegative()) {
            var more = new ArrayList<>(forbidden);
            more.add(from.step);
            follow(new From(from.group, from.step + 1), more, turns, direct, ways);
        } else {
            boolean next = direct || step.relation() == Relation.NEXT;
            ways.add(new Way(from.step, forbidden, next, false, turns));
            if (step.times().optional()) {
                follow(new From(from.group, from.step + 1), forbidden, turns, false, ways);
            }
        }
    }

    /** A group has been gone through: again, or on behind it. */
    private void turn(int place, List<Integer> forbidden, List<Integer> turns, List<Way> ways) {
        Group group = spec.groups().get(place);
        int turn = turns.get(place);
        if (turn < group.times().most() && turn > 0) {
            boolean direct = group.times().between() == Between.NOTHING;
            var again = with(turns, place, turn + 1);
            follow(new From(place, group.from()), forbidden, again, direct, ways);
        }
        if (turn >= group.times().least()) {
            int outer = outer(place);
            follow(new From(outer, group.to()), forbidden, with(turns, place, 0), false, ways);
        }
    }

    private int outer(int place) {
        var group = spec.groups().get(place);
        int outer = -1;
        for (int g = 0; g < place; g++) {
            var other = spec.groups().get(g);
            if (other.from() <= group.from() && group.to() <= other.to()) {
                outer = g;
            }
        }
        return outer;
    }

    /** The outermost group inside this one that begins with the step; -1 for none. */
    private int groupThatBegins(From from) {
        for (int g = from.group + 1; g < spec.groups().size(); g++) {
            if (spec.groups().get(g).from() == from.step) {
                return g;
            }
        }
        return -1;
    }

    private static List<Integer> with(List<Integer> turns, int place, int turn) {
        var changed = new ArrayList<>(turns);
        changed.set(place, turn);
        return List.copyOf(changed);
    }
}
