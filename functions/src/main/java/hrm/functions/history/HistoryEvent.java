package hrm.functions.history;

import hrm.model.Baselines;
import hrm.model.MinuteColumns;
import hrm.model.UserProfiles;

/**
 * History as it is read: chunk by chunk, in each one person after another, of each person what they
 * are judged by and then minute by minute, all devices together.
 */
public sealed interface HistoryEvent {
    /**
     * A person's minutes follow.
     *
     * @param chunk which part of the history they belong to
     * @param profiles all versions
     * @param baselines all versions
     */
    record PersonBegins(int chunk, UserProfiles profiles, Baselines baselines)
            implements HistoryEvent {}

    /** The next minute of the person; not before the one before. */
    record Minute(MinuteColumns columns) implements HistoryEvent {}

    /** No more people of this chunk. */
    record ChunkEnds(int chunk) implements HistoryEvent {}
}
