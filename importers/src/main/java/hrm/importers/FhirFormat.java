package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.importers.Intake.Place;
import hrm.model.Reading;
import hrm.model.RejectReason;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * FHIR R4: Bundles of Observations of the heart rate (LOINC 8867-4), and Observations a line, as
 * bulk exports have them. The rate is the Observation's value or that of a component, a quantity or
 * sampled data; steps of a component (LOINC 55423-8) are the minute's.
 *
 * @see "https://hl7.org/fhir/R4/heartrate.html"
 */
final class FhirFormat implements Format {
    static final String LOINC = "http://loinc.org";
    static final String UCUM = "http://unitsofmeasure.org";
    static final String HEART_RATE = "8867-4";
    static final String STEPS = "55423-8";
    static final String PER_MINUTE = "/min";

    private static final Pattern RESOURCE =
            Pattern.compile("\"resourceType\"\\s*:\\s*\"(Bundle|Observation)\"");

    private static final Set<String> UNITS =
            Set.of(
                    PER_MINUTE,
                    "{beats}/min",
                    "{Beats}/min",
                    "beats/minute",
                    "beats/min",
                    "bpm",
                    "1/min");

    private static final Set<String> WITHDRAWN =
            Set.of("entered-in-error", "cancelled", "registered");

    @Override
    public String name() {
        return "fhir";
    }

    @Override
    public boolean recognises(Source source) throws IOException {
        return RESOURCE.matcher(new String(source.head(), UTF_8)).find();
    }

    @Override
    public void read(List<Source> sources, Intake intake) throws IOException {
        for (var source : sources) {
            var reader = new Reader(intake, new JsonTimes(new WallClock(intake.defaults().zone())));
            JsonItems.read(source, intake, reader::item);
        }
    }

    private record Reader(Intake intake, JsonTimes times) {
        void item(JsonNode item, Place place) {
            var resource = item.has("resource") ? item.path("resource") : item;
            switch (resource.path("resourceType").asText()) {
                case "Bundle" -> resource.path("entry").forEach(entry -> item(entry, place));
                case "Observation" -> observation(resource, place);
                default -> intake.other();
            }
        }

        private void observation(JsonNode observation, Place place) {
            var rate = find(observation, HEART_RATE);
            if (rate == null) {
                intake.other();
                return;
            }
            if (WITHDRAWN.contains(observation.path("status").asText())) {
                intake.reject(
                        place,
                        FileReason.NOT_A_MEASUREMENT,
                        "status is " + observation.path("status").asText());
                return;
            }
            long at;
            try {
                at = time(observation);
            } catch (IllegalArgumentException e) {
                intake.reject(place, RejectReason.WRONG_TYPE, e.getMessage());
                return;
            }
            if (rate.has("valueSampledData")) {
                samples(observation, rate.path("valueSampledData"), at, place);
                return;
            }
            var quantity = rate.path("valueQuantity");
            if (!quantity.path("value").isNumber()) {
                intake.reject(
                        place,
                        quantity.path("value").isMissingNode()
                                ? RejectReason.MISSING_FIELD
                                : RejectReason.WRONG_TYPE,
                        "valueQuantity.value must be a number");
            } else if (!isPerMinute(quantity)) {
                intake.reject(
                        place, FileReason.WRONG_UNIT, "valueQuantity must be per minute: /min");
            } else {
                reading(observation, at, quantity.path("value").doubleValue(), place);
            }
        }

        private void samples(JsonNode observation, JsonNode sampled, long at, Place place) {
            double period = sampled.path("period").asDouble(Double.NaN);
            if (!(period > 0) || sampled.path("dimensions").asInt(1) != 1) {
                intake.reject(
                        place,
                        RejectReason.WRONG_TYPE,
                        "valueSampledData needs a period above 0 and one dimension");
                return;
            }
            if (!isPerMinute(sampled.path("origin"))) {
                intake.reject(
                        place, FileReason.WRONG_UNIT, "valueSampledData must be per minute: /min");
                return;
            }
            double origin = sampled.path("origin").path("value").asDouble(0);
            double factor = sampled.path("factor").asDouble(1);
            int i = 0;
            for (var sample : sampled.path("data").asText().strip().split("\\s+")) {
                long time = at + Math.round(period * i++);
                // E is an error, L and U are below and above what can be measured.
                if (!sample.isEmpty() && !sample.matches("[ELU]")) {
                    try {
                        double value = origin + factor * new BigDecimal(sample).doubleValue();
                        reading(observation, time, value, place);
                    } catch (NumberFormatException e) {
                        intake.reject(
                                place,
                                RejectReason.WRONG_TYPE,
                                "valueSampledData.data must be numbers, E, L or U");
                    }
                }
            }
        }

        private void reading(JsonNode observation, long at, double bpm, Place place) {
            intake.reading(
                    name(observation.path("subject")),
                    device(observation.path("device")),
                    at,
                    bpm,
                    steps(observation),
                    null,
                    Double.NaN,
                    place);
        }

        private static int steps(JsonNode observation) {
            for (var component : observation.path("component")) {
                var value = component.path("valueQuantity").path("value");
                if (isCoded(component, STEPS) && value.isIntegralNumber()) {
                    return value.intValue();
                }
            }
            return Reading.UNKNOWN;
        }

        private String device(JsonNode device) {
            var name = name(device);
            return name == null ? intake.device(Reading.DEFAULT_DEVICE) : name;
        }

        private long time(JsonNode observation) {
            for (var field : List.of("effectiveDateTime", "effectiveInstant")) {
                if (observation.has(field)) {
                    return times.of(observation.path(field), field);
                }
            }
            var period = observation.path("effectivePeriod");
            if (period.has("start")) {
                return times.of(period.path("start"), "effectivePeriod.start");
            }
            throw new IllegalArgumentException(
                    "effectiveDateTime, effectiveInstant or effectivePeriod.start is missing");
        }
    }

    /** What holds the value of a code: the Observation or one of its components. */
    private static JsonNode find(JsonNode observation, String code) {
        if (isCoded(observation, code)) {
            return observation;
        }
        for (var component : observation.path("component")) {
            if (isCoded(component, code)) {
                return component;
            }
        }
        return null;
    }

    private static boolean isCoded(JsonNode holder, String code) {
        for (var coding : holder.path("code").path("coding")) {
            if (coding.path("code").asText().equals(code)
                    && coding.path("system").asText(LOINC).equals(LOINC)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPerMinute(JsonNode quantity) {
        var code = quantity.path("code").asText(quantity.path("unit").asText(PER_MINUTE));
        return UNITS.contains(code);
    }

    /** {@code Patient/anna} is anna; what is identified otherwise is called by that. */
    private static String name(JsonNode reference) {
        var text = reference.path("reference").asText("");
        if (!text.isEmpty()) {
            var tail = text.replaceFirst("/_history/.*", "");
            return tail.substring(tail.lastIndexOf('/') + 1);
        }
        var identifier = reference.path("identifier").path("value").asText("");
        if (!identifier.isEmpty()) {
            return identifier;
        }
        var display = reference.path("display").asText("");
        return display.isEmpty() ? null : display;
    }
}
