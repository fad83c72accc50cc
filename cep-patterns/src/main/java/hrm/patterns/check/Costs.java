package hrm.patterns.check;

import hrm.patterns.check.PatternLoader.Item;
import hrm.patterns.spec.Group;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times.Between;
import java.util.List;

/** Warns of patterns that can cost much or surprise, and says what to write instead. */
final class Costs {
    private Costs() {}

    static void warn(
            YamlFields fields,
            List<Item> items,
            List<Step> steps,
            List<Group> groups,
            Overlap overlap) {
        boolean all = overlap == Overlap.ALL;
        var first = steps.get(0);
        boolean waits = steps.size() > 1 || first.times().repeats();
        if (all && waits && !first.onEdge() && !first.isTracked()) {
            fields.warning(
                    items.get(0).place(),
                    "with 'overlap: all' every input on which '"
                            + first.name()
                            + "' is true starts another half-finished match",
                    "If it can stay true for long, write 'starts: edge' in this step,"
                            + " or remove 'overlap: all'.");
        }
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            var times = step.times();
            boolean last = i == steps.size() - 1;
            var place = items.get(i).place();
            if (times.between() == Between.ANY) {
                fields.warning(
                        place,
                        "'combinations': half-finished matches double with each input of '"
                                + step.name()
                                + "'",
                        "Remove it, or write 'consecutive: true'.");
            } else if (times.isUnbounded()
                    && times.until() == null
                    && !last
                    && steps.get(i + 1).relation() == Relation.FOLLOWED_BY_ANY) {
                fields.warning(
                        place,
                        "'"
                                + step.name()
                                + "' has no end and 'followed_by_any' comes after it: matches multiply",
                        "Write 'followed_by' after it, or 'until' in it.");
            } else if (times.isUnbounded()
                    && times.between() == Between.OTHERS
                    && !times.greedy()
                    && all) {
                fields.warning(
                        place,
                        "with 'overlap: all' each further input of '"
                                + step.name()
                                + "' is one more half-finished match",
                        "Write 'consecutive: true' or 'greedy: true', or remove 'overlap: all'.");
            }
            if (last && times.isUnbounded() && !all) {
                fields.warning(
                        place,
                        "'"
                                + step.name()
                                + "' is the last step: its first input completes the match",
                        "Write how many it needs, times: "
                                + Math.max(3, times.least())
                                + ", or let a step follow.");
            }
            if (last && times.optional() && !all) {
                fields.warning(
                        place,
                        "'" + step.name() + "' is optional and the last: nothing waits for it",
                        "Remove the step, or 'optional'.");
            }
        }
        for (var group : groups) {
            if (group.times().between() == Between.ANY) {
                fields.warning(
                        items.get(group.from()).place(),
                        "'combinations' of a group: half-finished matches double with each turn",
                        "Remove it, or write 'consecutive: true'.");
            }
        }
        if (steps.get(steps.size() - 1).relation() == Relation.NOT_FOLLOWED_BY) {
            fields.warning(
                    items.get(items.size() - 1).place(),
                    "silence counts as well: a device that sends nothing did not send this",
                    "If that is not meant, let a step follow that a reading must match.");
        }
    }
}
