package hrm.simulator;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Streams that hold no more than the item at hand, however they are read. {@link Stream#flatMap}
 * would gather a whole inner stream as soon as somebody asks for an iterator.
 */
final class Lazily {
    private Lazily() {}

    static <T> Stream<T> stream(Iterator<T> items) {
        int kind = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, kind), false);
    }

    /** Begins to work when it is read. */
    static <T> Stream<T> stream(Supplier<? extends Iterator<T>> items) {
        return each(Collections.singleton(items).iterator(), Supplier::get);
    }

    /** What each source holds, one source after the other, opened when its turn comes. */
    static <S, T> Stream<T> each(
            Iterator<S> sources, Function<? super S, ? extends Iterator<T>> open) {
        return stream(
                new Iterator<T>() {
                    private Iterator<T> items = Collections.emptyIterator();

                    @Override
                    public boolean hasNext() {
                        while (!items.hasNext() && sources.hasNext()) {
                            items = open.apply(sources.next());
                        }
                        return items.hasNext();
                    }

                    @Override
                    public T next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException();
                        }
                        return items.next();
                    }
                });
    }
}
