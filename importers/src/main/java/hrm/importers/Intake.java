package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.RejectReason;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes what formats find in files. Readings are checked as the jobs check those of the topic; what
 * is refused is told with its place, and counted by reason.
 */
public final class Intake {
    private final Defaults defaults;
    private final long nowMs;
    private final Consumer<Reading> readings;
    private final Consumer<FileRejection> rejections;
    private final Map<String, Long> rejected = new TreeMap<>();
    private long accepted;
    private long others;

    /**
     * What holds where a file does not say.
     *
     * @param userId whose readings they are; null when nobody can say
     * @param deviceId null for the format's own
     * @param zone of times without one
     */
    public record Defaults(String userId, String deviceId, ZoneId zone) {}

    /**
     * @param nowMs what may not lie more than five minutes ahead of, milliseconds since the epoch
     * @param readings in each file's order; what it throws ends the import
     * @param rejections the same
     */
    public Intake(
            Defaults defaults,
            long nowMs,
            Consumer<Reading> readings,
            Consumer<FileRejection> rejections) {
        this.defaults = defaults;
        this.nowMs = nowMs;
        this.readings = readings;
        this.rejections = rejections;
    }

    Defaults defaults() {
        return defaults;
    }

    /** The device of those that name none, or what the format calls it. */
    String device(String ofFormat) {
        return defaults.deviceId() == null ? ofFormat : defaults.deviceId();
    }

    /** A place in a file, and what stands there. */
    record Place(Source source, long line, int column, Supplier<String> original) {
        static Place line(Source source, long line, byte[] original) {
            return new Place(source, line, 0, () -> new String(original, UTF_8));
        }
    }

    /** A message as the topic has it. */
    void message(byte[] json, Place place) {
        var decoded = ReadingCodec.decode(json, nowMs);
        if (decoded.reading() == null) {
            reject(place, decoded.reason().name(), decoded.detail());
        } else {
            accepted++;
            readings.accept(decoded.reading());
        }
    }

    /**
     * A reading, as yet unchecked.
     *
     * @param userId whose it is by the file; null when it does not say
     */
    void reading(
            String userId,
            String deviceId,
            long timestampMs,
            double bpm,
            int steps,
            String activity,
            double confidence,
            Place place) {
        var user = userId == null ? defaults.userId() : userId;
        if (user == null) {
            reject(
                    place,
                    RejectReason.MISSING_FIELD.name(),
                    "nobody is named; say whose readings they are: --user");
            return;
        }
        long rounded = Math.round(bpm);
        // Minus one would be taken for unknown.
        if (!Double.isNaN(bpm) && (rounded < 0 || rounded > Short.MAX_VALUE)) {
            rounded = 0;
        }
        message(
                ReadingCodec.encode(
                        new Reading(
                                user,
                                deviceId,
                                timestampMs,
                                Double.isNaN(bpm) ? Reading.UNKNOWN : (int) rounded,
                                steps,
                                activity,
                                null,
                                null,
                                confidence)),
                place);
    }

    void reject(Place place, FileReason reason, String detail) {
        reject(place, reason.name(), detail);
    }

    void reject(Place place, RejectReason reason, String detail) {
        reject(place, reason.name(), detail);
    }

    private void reject(Place place, String reason, String detail) {
        rejected.merge(reason, 1L, Long::sum);
        rejections.accept(
                new FileRejection(
                        place.source().name(),
                        place.line(),
                        place.column(),
                        reason,
                        detail,
                        place.original().get()));
    }

    /** A record that is about something else. */
    void other() {
        others++;
    }

    /** Readings so far. */
    public long accepted() {
        return accepted;
    }

    /** How many were refused so far, by reason. */
    public Map<String, Long> rejected() {
        return Collections.unmodifiableMap(rejected);
    }

    /** Records so far that are neither heart rate nor steps. */
    public long others() {
        return others;
    }
}
