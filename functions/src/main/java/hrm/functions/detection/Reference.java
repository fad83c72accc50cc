package hrm.functions.detection;

import hrm.functions.Packed;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;

/**
 * What a person's readings are compared with: the versions of their baseline and profile. A reading
 * is judged by what was in force at its own time.
 */
public final class Reference {
    /**
     * What is in force at a time.
     *
     * @param baseline null when there is none
     * @param profile null when there is none
     * @param limits never null: whoever is not known yet is guarded by the general ones
     * @param zone the profile's, else UTC
     */
    public record InForce(Baseline baseline, UserProfile profile, Limits limits, ZoneId zone) {
        private static InForce of(Baseline baseline, UserProfile profile) {
            boolean knownZone = profile != null && profile.timeZone() != null;
            return new InForce(
                    baseline,
                    profile,
                    Limits.of(profile, baseline),
                    knownZone ? profile.timeZone() : ZoneOffset.UTC);
        }
    }

    private Versions<Baseline> baselines = Versions.none(BASELINE);
    private Versions<UserProfile> profiles = Versions.none(PROFILE);

    /** The last asked for, and the times between which it holds, the second exclusive. */
    private InForce inForce;

    private long fromMs;
    private long untilMs;

    /** Replaces all baselines; null when the person has none any more. */
    public void baselines(Baselines value) {
        baselines =
                value == null
                        ? Versions.none(BASELINE)
                        : Versions.of(value.versions(), Baseline::effectiveFrom, BASELINE);
        inForce = null;
    }

    /** Replaces all profiles; null when the person has none any more. */
    public void profiles(UserProfiles value) {
        profiles =
                value == null
                        ? Versions.none(PROFILE)
                        : Versions.of(value.versions(), UserProfile::effectiveFrom, PROFILE);
        inForce = null;
    }

    /** Whether nothing is known, so that it need not be kept. */
    public boolean isEmpty() {
        return baselines.size() == 0 && profiles.size() == 0;
    }

    /**
     * Of baseline and profile each the newest version whose {@code effective_from} is not later.
     */
    public InForce at(long timestampMs) {
        if (inForce == null || timestampMs < fromMs || timestampMs >= untilMs) {
            int b = baselines.at(timestampMs);
            int p = profiles.at(timestampMs);
            inForce = InForce.of(baselines.get(b), profiles.get(p));
            fromMs = Math.max(baselines.fromMs(b), profiles.fromMs(p));
            untilMs = Math.min(baselines.fromMs(b + 1), profiles.fromMs(p + 1));
        }
        return inForce;
    }

    /** The person's own time zone at that time; UTC when no profile says. */
    public ZoneId zone(long timestampMs) {
        return at(timestampMs).zone();
    }

    /**
     * Sets BASELINE_* and LIMITS_* with their sources, for the HOUR and AT_REST that are set
     * already. Before a baseline is READY, and after it is STALE, only its state is known. Whoever
     * has none is LEARNING.
     */
    public void fill(long timestampMs, Values inOut) {
        var now = at(timestampMs);
        var baseline = now.baseline();
        var state = baseline == null ? Baseline.State.LEARNING : baseline.state();
        boolean ready = state == Baseline.State.READY;
        var cell = ready ? cell(baseline, inOut) : null;
        inOut.set(Name.BASELINE_STATE, state.name());
        inOut.set(
                Name.BASELINE_RESTING,
                ready && baseline.restingBpm() != null ? baseline.restingBpm() : Double.NaN);
        inOut.set(Name.BASELINE_P01, cell == null ? Double.NaN : cell.p01());
        inOut.set(Name.BASELINE_P50, cell == null ? Double.NaN : cell.p50());
        inOut.set(Name.BASELINE_P99, cell == null ? Double.NaN : cell.p99());
        inOut.set(Name.BASELINE_MAD, cell == null ? Double.NaN : cell.mad());
        inOut.set(Name.LIMITS_HIGH, now.limits().high());
        inOut.set(Name.LIMITS_LOW, now.limits().low());
        inOut.limitSources(now.limits().highSource(), now.limits().lowSource());
    }

    private static Baseline.Cell cell(Baseline baseline, Values values) {
        if (!values.known(Name.HOUR) || !values.known(Name.AT_REST)) {
            return null;
        }
        return baseline.cell((int) values.get(Name.HOUR), values.get(Name.AT_REST) == 1);
    }

    public void write(DataOutput out) throws IOException {
        baselines.write(out);
        profiles.write(out);
    }

    public static Reference read(DataInput in) throws IOException {
        var reference = new Reference();
        reference.baselines = Versions.read(in, BASELINE);
        reference.profiles = Versions.read(in, PROFILE);
        return reference;
    }

    public Reference copy() {
        var copy = new Reference();
        // Shared, for neither is ever changed in place.
        copy.baselines = baselines;
        copy.profiles = profiles;
        return copy;
    }

    private static final Versions.Format<Baseline> BASELINE =
            new Versions.Format<>() {
                private static final Baseline.State[] STATES = Baseline.State.values();

                @Override
                public void write(Baseline baseline, DataOutput out) throws IOException {
                    out.writeUTF(baseline.userId());
                    out.writeUTF(baseline.runId());
                    out.writeByte(baseline.state().ordinal());
                    Double resting = baseline.restingBpm();
                    Packed.writeNumber(out, resting == null ? Double.NaN : resting);
                    Packed.writeInt(out, baseline.daysUsed());
                    Packed.writeLong(out, baseline.readingsUsed());
                    Packed.writeInt(out, baseline.windowDays());
                    Packed.writeInt(out, baseline.cells().size());
                    for (var cell : baseline.cells()) {
                        out.writeByte(cell.hourGroup() << 1 | (cell.atRest() ? 1 : 0));
                        Packed.writeLong(out, cell.readings());
                        Packed.writeNumber(out, cell.p01());
                        Packed.writeNumber(out, cell.p50());
                        Packed.writeNumber(out, cell.p99());
                        Packed.writeNumber(out, cell.mad());
                    }
                }

                @Override
                public Baseline read(long fromMs, DataInput in) throws IOException {
                    String userId = in.readUTF();
                    String runId = in.readUTF();
                    var state = STATES[in.readByte()];
                    double resting = Packed.readNumber(in);
                    int daysUsed = Packed.readInt(in);
                    long readingsUsed = Packed.readLong(in);
                    int windowDays = Packed.readInt(in);
                    int size = Packed.readInt(in);
                    var cells = new ArrayList<Baseline.Cell>(size);
                    for (int i = 0; i < size; i++) {
                        int place = in.readByte();
                        cells.add(
                                new Baseline.Cell(
                                        place >> 1,
                                        (place & 1) == 1,
                                        Packed.readLong(in),
                                        Packed.readNumber(in),
                                        Packed.readNumber(in),
                                        Packed.readNumber(in),
                                        Packed.readNumber(in)));
                    }
                    return new Baseline(
                            userId,
                            runId,
                            Instant.ofEpochMilli(fromMs),
                            state,
                            Double.isNaN(resting) ? null : resting,
                            cells,
                            daysUsed,
                            readingsUsed,
                            windowDays);
                }
            };

    private static final Versions.Format<UserProfile> PROFILE =
            new Versions.Format<>() {
                @Override
                public void write(UserProfile profile, DataOutput out) throws IOException {
                    out.writeUTF(profile.timeZone() == null ? "" : profile.timeZone().getId());
                    write(profile.limitHigh(), out);
                    write(profile.limitLow(), out);
                }

                private void write(Integer limit, DataOutput out) throws IOException {
                    Packed.writeInt(out, limit == null ? -1 : limit);
                }

                @Override
                public UserProfile read(long fromMs, DataInput in) throws IOException {
                    String zone = in.readUTF();
                    return new UserProfile(
                            Instant.ofEpochMilli(fromMs),
                            zone.isEmpty() ? null : ZoneId.of(zone),
                            readLimit(in),
                            readLimit(in));
                }

                private Integer readLimit(DataInput in) throws IOException {
                    int limit = Packed.readInt(in);
                    return limit < 0 ? null : (Integer) limit;
                }
            };
}
