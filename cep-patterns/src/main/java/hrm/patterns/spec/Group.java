package hrm.patterns.spec;

import hrm.patterns.spec.Step.Relation;

/**
 * Steps that follow the step before, and repeat, as one: Flink CEP's group pattern. The first of
 * them has the relation {@link Relation#STEP}.
 *
 * @param relation how its first step follows the step before the group
 * @param from place of its first step in the sequence
 * @param to place after its last step
 */
public record Group(Relation relation, int from, int to, Times times) {}
