package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.importers.Intake.Place;
import hrm.model.Reading;
import hrm.model.RejectReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Open mHealth's {@code heart-rate}, data points of version 1 and 2: in an array, a line each, or
 * as Shimmer answers. Of an interval the reading's time is its beginning.
 *
 * @see
 *     "https://www.openmhealth.org/documentation/#/schema-docs/schema-library/schemas/omh_heart-rate"
 */
final class OpenMHealthFormat implements Format {
    private static final Set<String> UNITS = Set.of("beats/min", "beats/minute", "bpm", "/min");

    /** Those that are no extremes; a value without a statistic is of a moment. */
    private static final Set<String> STATISTICS = Set.of("average", "mean", "median");

    @Override
    public String name() {
        return "open-mhealth";
    }

    @Override
    public boolean recognises(Source source) throws IOException {
        var head = new String(source.head(), UTF_8);
        return head.contains("\"heart_rate\"") && head.contains("\"effective_time_frame\"");
    }

    @Override
    public void read(List<Source> sources, Intake intake) throws IOException {
        for (var source : sources) {
            var times = new JsonTimes(new WallClock(intake.defaults().zone()));
            JsonItems.read(source, intake, (item, place) -> read(item, place, times, intake));
        }
    }

    private static void read(JsonNode item, Place place, JsonTimes times, Intake intake) {
        if (item.isArray()) {
            item.forEach(one -> read(one, place, times, intake));
            return;
        }
        var header = item.path("header");
        var schema = header.path("schema_id").path("name").asText("heart-rate");
        // A bare body is fine, too.
        var body = item.has("body") ? item.path("body") : item;
        var rate = body.path("heart_rate");
        if (!schema.equals("heart-rate")) {
            intake.other();
            return;
        }
        var value = rate.path("value");
        if (!value.isNumber()) {
            intake.reject(
                    place,
                    value.isMissingNode() ? RejectReason.MISSING_FIELD : RejectReason.WRONG_TYPE,
                    "heart_rate.value must be a number");
            return;
        }
        if (!UNITS.contains(rate.path("unit").asText("beats/min").toLowerCase(Locale.ROOT))) {
            intake.reject(place, FileReason.WRONG_UNIT, "heart_rate.unit must be beats/min");
            return;
        }
        var statistic = body.path("descriptive_statistic");
        if (!statistic.isMissingNode() && !STATISTICS.contains(statistic.asText())) {
            intake.reject(
                    place,
                    FileReason.NOT_A_MEASUREMENT,
                    "descriptive_statistic is none of "
                            + String.join(", ", STATISTICS.stream().sorted().toList()));
            return;
        }
        long at;
        try {
            at = time(body.path("effective_time_frame"), times);
        } catch (IllegalArgumentException e) {
            intake.reject(place, RejectReason.WRONG_TYPE, e.getMessage());
            return;
        }
        var provenance = header.path("acquisition_provenance");
        intake.reading(
                text(header.path("user_id")),
                intake.device(
                        provenance.path("source_name").isTextual()
                                ? provenance.path("source_name").textValue()
                                : Reading.DEFAULT_DEVICE),
                at,
                value.doubleValue(),
                Reading.UNKNOWN,
                text(body.path("temporal_relationship_to_physical_activity")),
                Double.NaN,
                place);
    }

    private static long time(JsonNode frame, JsonTimes times) {
        if (frame.has("date_time")) {
            return times.of(frame.path("date_time"), "effective_time_frame.date_time");
        }
        var interval = frame.path("time_interval");
        if (interval.has("start_date_time")) {
            return times.of(interval.path("start_date_time"), "time_interval.start_date_time");
        }
        if (interval.has("end_date_time") && interval.has("duration")) {
            return times.of(interval.path("end_date_time"), "time_interval.end_date_time")
                    - duration(interval.path("duration"));
        }
        throw new IllegalArgumentException(
                "effective_time_frame needs a date_time, or a time_interval with its beginning");
    }

    private static long duration(JsonNode duration) {
        double value = duration.path("value").asDouble(Double.NaN);
        var unit =
                switch (duration.path("unit").asText()) {
                    case "ms" -> Duration.ofMillis(1);
                    case "sec" -> Duration.ofSeconds(1);
                    case "min" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    default -> null;
                };
        if (unit == null || !(value >= 0)) {
            throw new IllegalArgumentException(
                    "time_interval.duration must be a number of ms, sec, min or h");
        }
        return Math.round(value * unit.toMillis());
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : null;
    }
}
