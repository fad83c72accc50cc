package hrm.functions.judgement;

import hrm.functions.Packed;
import hrm.functions.episodes.Episode;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatcherState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What one pattern remembers of one device: its half-finished matches and its episode.
 *
 * <p>Versions of one shape go on with each other's matches; one of another shape begins anew. Only
 * a matcher can read matches, and the state is read before it is known which version judges. So
 * they stay bytes until a matcher asks, and pass through untouched when none does.
 */
final class PatternTrack {
    private final String patternId;
    private long shape;
    private byte[] packed;
    private MatcherState matches;
    private Rule rule;
    private int inProgress;
    private long deadlineMs = Long.MAX_VALUE;
    private Episode episode;
    private List<Episode> expected = List.of();

    PatternTrack(String patternId) {
        this.patternId = patternId;
    }

    String patternId() {
        return patternId;
    }

    Episode episode() {
        return episode;
    }

    void episode(Episode episode) {
        this.episode = episode;
    }

    /** Partial matches when last looked at; readable without a matcher. */
    int inProgress() {
        return inProgress;
    }

    /** Looks again; says by how many it has changed. */
    int progress() {
        int before = inProgress;
        inProgress = matches.partialMatches();
        deadlineMs = inProgress == 0 ? Long.MAX_VALUE : rule.matcher().deadlineMs(matches);
        return inProgress - before;
    }

    /**
     * Device time at which silence decides something; {@code Long.MAX_VALUE} when it decides
     * nothing, or has decided. Readable without a matcher.
     */
    long deadlineMs() {
        return deadlineMs;
    }

    /**
     * What this version's matcher finds if the device stays silent until this time of its own;
     * asked once, until another input is judged.
     *
     * @param unfinished the minute that is not judged yet; null when the pattern judges readings
     */
    void ifSilent(Rule rule, Input unfinished, long untilMs, Consumer<Match> found) {
        silenceDecidesNothing();
        if (shape != rule.shape()) {
            return; // it begins anew with the next input
        }
        var supposed = matches(rule);
        if (unfinished != null) {
            supposed = supposed.copy();
            rule.matcher().advance(supposed, unfinished, match -> {});
        }
        rule.matcher().ifSilent(supposed, untilMs, found);
    }

    void silenceDecidesNothing() {
        deadlineMs = Long.MAX_VALUE;
    }

    /**
     * Episodes told because their device was silent: not confirmed by it, or taken back and still
     * possible.
     */
    List<Episode> expected() {
        return expected;
    }

    void expect(Episode episode) {
        remember(episode.expected());
    }

    private void remember(Episode toldInSilence) {
        expected = new ArrayList<>(expected);
        expected.add(toldInSilence);
    }

    /** What was expected of this alert, and is from now on no more; null when nothing was. */
    Episode takeExpected(UUID alertId) {
        for (var one : expected) {
            if (one.published().alertId().equals(alertId)) {
                expected = expected.stream().filter(other -> other != one).toList();
                return one;
            }
        }
        return null;
    }

    void expectNothing() {
        expected = List.of();
    }

    /** State for this version's matcher; begun anew when one of another shape was kept. */
    MatcherState matches(Rule rule) {
        if (this.rule == rule && matches != null) {
            return matches;
        }
        if (shape != rule.shape() || (packed == null && matches == null)) {
            matches = rule.matcher().start();
        } else {
            matches = unpack(rule);
        }
        packed = null;
        shape = rule.shape();
        this.rule = rule;
        return matches;
    }

    /**
     * What another matcher has begun: that of an earlier version, or of the same one read again.
     */
    private MatcherState unpack(Rule rule) {
        try {
            byte[] bytes = packed != null ? packed : pack();
            return rule.matcher().read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] pack() throws IOException {
        var bytes = new ByteArrayOutputStream();
        rule.matcher().write(matches, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    boolean isEmpty() {
        return episode == null
                && expected.isEmpty()
                && packed == null
                && (matches == null || matches.isEmpty());
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(patternId);
        out.writeLong(shape);
        byte[] bytes = packed;
        if (bytes == null && matches != null && !matches.isEmpty()) {
            bytes = pack();
        }
        out.writeInt(bytes == null ? 0 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
        Packed.writeInt(out, inProgress);
        out.writeBoolean(episode != null);
        if (episode != null) {
            episode.write(out);
        }
        Packed.writeTime(out, deadlineMs == Long.MAX_VALUE ? Packed.NONE : deadlineMs);
        Packed.writeInt(out, expected.size());
        for (var one : expected) {
            one.write(out);
        }
    }

    static PatternTrack read(DataInput in, int format) throws IOException {
        var track = new PatternTrack(in.readUTF());
        track.shape = in.readLong();
        int length = in.readInt();
        if (length > 0) {
            track.packed = new byte[length];
            in.readFully(track.packed);
        }
        track.inProgress = format < 2 ? 0 : Packed.readInt(in);
        if (in.readBoolean()) {
            track.episode = Episode.read(in, format);
        }
        if (format >= 4) {
            long deadlineMs = Packed.readTime(in);
            track.deadlineMs = deadlineMs == Packed.NONE ? Long.MAX_VALUE : deadlineMs;
            for (int left = Packed.readInt(in); left > 0; left--) {
                track.remember(Episode.read(in, format));
            }
        }
        return track;
    }

    PatternTrack copy() {
        var copy = new PatternTrack(patternId);
        copy.shape = shape;
        copy.packed = packed;
        copy.matches = matches == null ? null : matches.copy();
        copy.rule = rule;
        copy.inProgress = inProgress;
        copy.deadlineMs = deadlineMs;
        copy.episode = episode == null ? null : episode.copy();
        copy.expected =
                expected.isEmpty() ? expected : expected.stream().map(Episode::copy).toList();
        return copy;
    }
}
