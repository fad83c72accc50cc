package hrm.importers;

import com.fasterxml.jackson.databind.JsonNode;

/** Times in JSON: ISO-8601 with or without a zone. */
final class JsonTimes {
    private final WallClock clock;

    JsonTimes(WallClock clock) {
        this.clock = clock;
    }

    /**
     * @param name of the field, for the message
     * @return milliseconds since the epoch
     * @throws IllegalArgumentException when it is no time, or only a date
     */
    long of(JsonNode value, String name) {
        if (value.isTextual() && value.textValue().length() > "2026-01-31".length()) {
            try {
                return CsvReadings.timestamp(value.textValue(), clock);
            } catch (IllegalArgumentException e) {
                // Says it below, without the value.
            }
        }
        throw new IllegalArgumentException(name + " must be a date and time: 2026-01-31T08:15:30Z");
    }
}
