package hrm.simulator;

import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;

/** Many sorted sources as one; of equal times the earlier source comes first. */
final class Merge<T> implements Iterator<T> {
    private final ToLongFunction<T> time;
    private final PriorityQueue<Head<T>> heads;

    Merge(List<? extends Iterator<T>> sources, ToLongFunction<T> time) {
        this.time = time;
        this.heads = new PriorityQueue<>(Math.max(1, sources.size()));
        for (int i = 0; i < sources.size(); i++) {
            add(new Head<>(i, sources.get(i)));
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public T next() {
        var head = heads.remove();
        var item = head.item;
        add(head);
        return item;
    }

    private void add(Head<T> head) {
        if (head.source.hasNext()) {
            head.item = head.source.next();
            head.time = time.applyAsLong(head.item);
            heads.add(head);
        }
    }

    private static final class Head<T> implements Comparable<Head<T>> {
        private final int index;
        private final Iterator<T> source;
        private T item;
        private long time;

        Head(int index, Iterator<T> source) {
            this.index = index;
            this.source = source;
        }

        @Override
        public int compareTo(Head<T> other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Integer.compare(index, other.index);
        }
    }
}
