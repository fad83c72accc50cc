package hrm.launcher;

import hrm.model.Alert;
import java.util.List;
import java.util.function.Consumer;

/** Where alerts are read from: the table, or the topic. */
interface AlertSource {
    /**
     * Episodes as their newest events say, the newest onset first.
     *
     * @param limit how many at most
     */
    List<Alert> episodes(AlertFilter.Episodes filter, int limit);

    /** Every event, each at least once, in no particular order. */
    void events(Consumer<Alert> each);

    /**
     * All events of the episodes that an id may mean: an episode's, an alert's or an event's, or
     * the beginning of one.
     */
    List<Alert> find(AlertId id);
}
