package hrm.importers;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.importers.Intake.Place;
import hrm.model.RejectReason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What Fitbit gives those who ask for their data: {@code heart_rate-2024-01-31.json}, an array of
 * heart rates every 5 to 15 s, and {@code steps-2024-01-31.json}, one of minutes; times in UTC. A
 * minute that the steps do not name is unknown.
 */
final class FitbitFormat implements Format {
    private static final Pattern NAME =
            Pattern.compile("(heart_rate|steps)-\\d{4}-\\d\\d-\\d\\d\\.json");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MM/dd/uu HH:mm:ss", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private static final String DEVICE = "fitbit";

    /** Its levels of confidence are 0 to 3. */
    private static final double GREATEST_CONFIDENCE = 3;

    @Override
    public String name() {
        return "fitbit";
    }

    @Override
    public boolean recognises(Source source) {
        return NAME.matcher(source.fileName()).matches();
    }

    /** Steps first, whatever the order of the files. */
    @Override
    public void read(List<Source> sources, Intake intake) throws IOException {
        var steps = new MinuteSteps(false);
        for (var source : sources) {
            if (isSteps(source)) {
                JsonItems.read(
                        source, intake, (item, place) -> readSteps(item, place, steps, intake));
            }
        }
        for (var source : sources) {
            if (!isSteps(source)) {
                JsonItems.read(
                        source, intake, (item, place) -> readHeartRate(item, place, steps, intake));
            }
        }
    }

    private static boolean isSteps(Source source) {
        return source.fileName().startsWith("steps");
    }

    private static void readSteps(JsonNode item, Place place, MinuteSteps steps, Intake intake) {
        var at = time(item, place, intake);
        if (at == null) {
            return;
        }
        var count = whole(item.path("value"));
        if (count.isEmpty()) {
            intake.reject(place, RejectReason.WRONG_TYPE, "value must be a number of steps");
        } else if (count.getAsInt() < 0) {
            intake.reject(
                    place, RejectReason.STEPS_OUT_OF_RANGE, "steps of a minute must be 0 to 32767");
        } else {
            steps.put(DEVICE, at, count.getAsInt());
        }
    }

    /** Some exports write numbers as text. */
    private static OptionalInt whole(JsonNode value) {
        try {
            return value.isTextual()
                    ? OptionalInt.of(Integer.parseInt(value.textValue().strip()))
                    : value.isIntegralNumber()
                            ? OptionalInt.of(value.intValue())
                            : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static void readHeartRate(
            JsonNode item, Place place, MinuteSteps steps, Intake intake) {
        var at = time(item, place, intake);
        if (at == null) {
            return;
        }
        var value = item.path("value");
        var bpm = value.path("bpm");
        if (!bpm.isNumber()) {
            intake.reject(
                    place,
                    bpm.isMissingNode() || bpm.isNull()
                            ? RejectReason.MISSING_FIELD
                            : RejectReason.WRONG_TYPE,
                    "value.bpm must be a number");
            return;
        }
        var confidence = value.path("confidence");
        intake.reading(
                null,
                intake.device(DEVICE),
                at,
                bpm.doubleValue(),
                steps.at(at),
                null,
                confidence.isNumber() ? confidence.doubleValue() / GREATEST_CONFIDENCE : Double.NaN,
                place);
    }

    /** Null when there is none; told then. */
    private static Long time(JsonNode item, Place place, Intake intake) {
        var text = item.path("dateTime");
        if (!text.isTextual()) {
            intake.reject(place, RejectReason.MISSING_FIELD, "dateTime is missing");
            return null;
        }
        try {
            return LocalDateTime.parse(text.textValue(), TIME)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        } catch (DateTimeException e) {
            intake.reject(
                    place, RejectReason.WRONG_TYPE, "dateTime must be like 01/31/24 08:15:30");
            return null;
        }
    }
}
