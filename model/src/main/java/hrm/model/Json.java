package hrm.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;

/**
 * JSON of every message but {@link Reading}, which {@link ReadingCodec} reads and writes in one
 * pass. What it writes is described in {@code hrm/model/schema/*.schema.json}.
 */
public final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    /** The value as UTF-8 JSON, times in ISO-8601. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Unknown fields are ignored, so that an older reader understands a newer writer.
     *
     * @return never null
     * @throws UncheckedIOException when the bytes are not one JSON value of that type; says where,
     *     and nothing of the content, which is about a person
     */
    public static <T> T read(byte[] json, Class<T> type) {
        if (json == null) {
            throw unreadable(type, "there are no bytes (a tombstone)");
        }
        T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw unreadable(type, where(e));
        } catch (IOException e) {
            throw unreadable(type, e.getClass().getSimpleName());
        }
        if (value == null) {
            throw unreadable(type, "it is null");
        }
        return value;
    }

    // Without the cause: Jackson's messages quote what they could not read.
    private static UncheckedIOException unreadable(Class<?> type, String why) {
        return new UncheckedIOException(
                new IOException("not the JSON of " + type.getSimpleName() + ": " + why));
    }

    private static String where(JsonProcessingException e) {
        var place = e.getLocation();
        String path =
                e instanceof JsonMappingException mapping
                        ? mapping.getPath().stream()
                                .map(
                                        step ->
                                                step.getFieldName() != null
                                                        ? step.getFieldName()
                                                        : "[" + step.getIndex() + "]")
                                .collect(Collectors.joining("."))
                        : "";
        return e.getClass().getSimpleName()
                + (path.isEmpty() ? "" : " in " + path)
                + (place == null
                        ? ""
                        : " at line " + place.getLineNr() + ", column " + place.getColumnNr());
    }
}
