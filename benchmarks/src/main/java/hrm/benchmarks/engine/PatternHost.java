package hrm.benchmarks.engine;

import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.Matcher;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.flink.Matchers;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The engine alone: all matchers over one packed value a person, without features, baselines,
 * alerts. Not for several threads.
 */
final class PatternHost {
    private final Matcher[] matchers;
    private final MatcherState[] unused;
    private final DataOutputSerializer scratch = new DataOutputSerializer(512);
    private final Values values = new Values();
    private final Consumer<Match> collect = this::found;

    private Matches matches;
    private String user;
    private int place;
    private boolean foundHere;
    private Matches decisions;

    PatternHost(List<CompiledPattern> patterns) {
        matchers = patterns.stream().map(Matchers::of).toArray(Matcher[]::new);
        unused = new MatcherState[matchers.length];
        for (int i = 0; i < matchers.length; i++) {
            unused[i] = matchers[i].start();
        }
    }

    /**
     * Judges one reading.
     *
     * @param kept changed in place
     */
    void judge(Kept kept, String user, long timestampMs, int bpm, int steps, Matches matches) {
        judge(kept, user, timestampMs, values.set(Name.BPM, bpm).set(Name.STEPS, steps), matches);
    }

    /** Judges one reading with values of its own. */
    void judge(Kept kept, String user, long timestampMs, Values values, Matches matches) {
        if (timestampMs <= kept.clockMs) {
            throw new IllegalStateException("a benchmark's readings come in their order");
        }
        kept.clockMs = timestampMs;
        this.user = user;
        this.matches = matches;
        var input = Input.reading(values, timestampMs);
        for (place = 0; place < matchers.length; place++) {
            var state = kept.state(this, place);
            foundHere = false;
            if (state == null) {
                if (matchers[place].spares(input)) {
                    continue;
                }
                matchers[place].advance(unused[place], input, collect);
                if (!unused[place].isEmpty()) {
                    kept.put(this, place, unused[place]);
                    unused[place] = matchers[place].start();
                }
            } else {
                matchers[place].advance(state, input, collect);
                if (state.isEmpty()) {
                    kept.drop(place);
                }
            }
        }
    }

    /**
     * Judges one lap in this thread.
     *
     * @return what is remembered of each person in the end
     */
    Kept[] judgeAll(Readings readings, Matches matches) {
        var kept = new Kept[readings.people()];
        Arrays.setAll(kept, person -> new Kept());
        for (int tick = 0; tick < readings.ticks(); tick++) {
            for (int person = 0; person < readings.people(); person++) {
                judge(
                        kept[person],
                        readings.user(person),
                        readings.timestampMs(0, tick),
                        readings.bpm(tick, person),
                        readings.steps(tick, person),
                        matches);
            }
        }
        return kept;
    }

    private void found(Match match) {
        matches.add(place, user, match.onsetMs(), match.detectedAtMs());
        if (decisions != null && !foundHere) {
            decisions.add(place, user, match.onsetMs(), match.detectedAtMs());
        }
        foundHere = true;
    }

    /** Also counts of each pattern and reading the first match alone: what an alert is made of. */
    void countDecisions(Matches decisions) {
        this.decisions = decisions;
    }

    /** What is remembered of one person. A pattern's part is unpacked when it is asked for. */
    static final class Kept {
        private static final int[] NO_PLACES = {};
        private static final MatcherState[] NO_STATES = {};
        private static final byte[][] NOTHING_PACKED = {};

        private long clockMs = Long.MIN_VALUE;
        private int[] places = NO_PLACES;
        private MatcherState[] states = NO_STATES;
        private byte[][] packed = NOTHING_PACKED;
        private PatternHost host;

        private int at(int place) {
            for (int i = 0; i < places.length; i++) {
                if (places[i] == place) {
                    return i;
                }
            }
            return -1;
        }

        private MatcherState state(PatternHost host, int place) {
            int at = at(place);
            if (at < 0) {
                return null;
            }
            if (states[at] == null) {
                this.host = host;
                try {
                    states[at] = host.matchers[place].read(new DataInputDeserializer(packed[at]));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                packed[at] = null;
            }
            return states[at];
        }

        private void put(PatternHost host, int place, MatcherState state) {
            this.host = host;
            int size = places.length;
            resize(size + 1);
            places[size] = place;
            states[size] = state;
        }

        private void drop(int place) {
            int at = at(place);
            int last = places.length - 1;
            places[at] = places[last];
            states[at] = states[last];
            packed[at] = packed[last];
            resize(last);
        }

        private void resize(int size) {
            places = Arrays.copyOf(places, size);
            states = Arrays.copyOf(states, size);
            packed = Arrays.copyOf(packed, size);
        }

        boolean isQuiet() {
            return places.length == 0;
        }

        void write(DataOutput out) throws IOException {
            out.writeLong(clockMs);
            out.writeByte(places.length);
            for (int i = 0; i < places.length; i++) {
                out.writeByte(places[i]);
                if (packed[i] != null) {
                    out.writeInt(packed[i].length);
                    out.write(packed[i]);
                } else {
                    var scratch = host.scratch;
                    scratch.clear();
                    host.matchers[places[i]].write(states[i], scratch);
                    out.writeInt(scratch.length());
                    out.write(scratch.getSharedBuffer(), 0, scratch.length());
                }
            }
        }

        static Kept read(DataInput in) throws IOException {
            var kept = new Kept();
            kept.clockMs = in.readLong();
            int size = in.readByte();
            if (size > 0) {
                kept.resize(size);
            }
            for (int i = 0; i < kept.places.length; i++) {
                kept.places[i] = in.readByte();
                kept.packed[i] = new byte[in.readInt()];
                in.readFully(kept.packed[i]);
            }
            return kept;
        }

        Kept copy() {
            try {
                var out = new DataOutputSerializer(256);
                write(out);
                return read(new DataInputDeserializer(out.getCopyOfBuffer()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Serialised, as it stands in state. */
        int bytes() {
            try {
                var out = new DataOutputSerializer(256);
                write(out);
                return out.length();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
