package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import hrm.model.ReadingCodec.Decoded;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@link ReadingCodec} must give, said again with Jackson, BigDecimal and java.time and
 * nothing in common with it.
 */
final class Oracle {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(Integer.MAX_VALUE)
                                                    .maxNumberLength(Integer.MAX_VALUE)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Oracle() {}

    /** The known fields, bound; of a repeated one Jackson keeps the last. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    static final class Message {
        public Value user_id;
        public Value timestamp;
        public Value heart_rate;
        public Value device_id;
        public Value steps;
        public Value activity;
        public Value rr_intervals_ms;
        public Value sensor_contact;
        public Value confidence;
    }

    /** A value as it stood there: numbers by their text, because Jackson's own would be rounded. */
    @JsonDeserialize(using = ValueReader.class)
    record Value(JsonToken type, String text, List<Value> elements) {
        boolean isText() {
            return type == JsonToken.VALUE_STRING;
        }

        boolean isNumber() {
            return type == JsonToken.VALUE_NUMBER_INT || type == JsonToken.VALUE_NUMBER_FLOAT;
        }

        boolean isBoolean() {
            return type == JsonToken.VALUE_TRUE || type == JsonToken.VALUE_FALSE;
        }

        boolean isNumbers() {
            return type == JsonToken.START_ARRAY && elements.stream().allMatch(Value::isNumber);
        }

        /** Rounded half up; what is beyond a billion is a billion. */
        int rounded() {
            int e = text.toLowerCase(Locale.ROOT).indexOf('e');
            var mantissa = new BigDecimal(e < 0 ? text : text.substring(0, e));
            var exponent = e < 0 ? BigInteger.ZERO : new BigInteger(text.substring(e + 1));
            if (mantissa.signum() == 0) {
                return 0;
            }
            long digits = mantissa.precision() - mantissa.scale();
            long magnitude =
                    exponent.bitLength() > 60
                            ? exponent.signum() * 1_000_000_000_000L
                            : digits + exponent.longValueExact();
            if (magnitude > 12) {
                return mantissa.signum() * 1_000_000_000;
            }
            if (magnitude < -12) {
                return 0;
            }
            var value = mantissa.scaleByPowerOfTen(exponent.intValueExact());
            var limit = new BigDecimal(1_000_000_000);
            return value.setScale(0, RoundingMode.HALF_UP)
                    .min(limit)
                    .max(limit.negate())
                    .intValueExact();
        }
    }

    static final class ValueReader extends StdDeserializer<Value> {
        private static final long serialVersionUID = 1;

        ValueReader() {
            super(Value.class);
        }

        @Override
        public Value deserialize(JsonParser json, DeserializationContext context)
                throws IOException {
            var type = json.currentToken();
            if (type == JsonToken.START_OBJECT) {
                json.skipChildren();
                return new Value(type, null, null);
            }
            if (type != JsonToken.START_ARRAY) {
                return new Value(type, json.getText(), null);
            }
            var elements = new ArrayList<Value>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(new Value(json.currentToken(), json.getText(), null));
                json.skipChildren();
            }
            return new Value(type, null, elements);
        }

        @Override
        public Value getNullValue(DeserializationContext context) {
            return null;
        }
    }

    /**
     * The detail is the name of the wrong field for WRONG_TYPE, else null.
     *
     * @return null where Jackson cannot tell: it refuses escaped surrogates without their other
     *     half in names (not in values), which RFC 8259, section 8.2, allows
     */
    static Decoded decode(byte[] json, long recordTimestampMs) {
        if (json.length > 65_536) {
            return no(RejectReason.MESSAGE_TOO_LARGE);
        }
        Message message;
        try {
            // A string, because from bytes Jackson guesses UTF-16 and forgives bad UTF-8.
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
            text = text.startsWith("\uFEFF") ? text.substring(1) : text;
            message = MAPPER.readValue(text, Message.class);
        } catch (CharacterCodingException e) {
            return no(RejectReason.NOT_JSON);
        } catch (JsonProcessingException e) {
            return e.getMessage().contains("surrogate") ? null : no(RejectReason.NOT_JSON);
        }
        return message == null ? no(RejectReason.NOT_JSON) : check(message, recordTimestampMs);
    }

    private static Decoded check(Message m, long recordTimestampMs) {
        BigInteger timestamp = null;
        if (m.timestamp != null) {
            timestamp = timestamp(m.timestamp);
        }
        String wrong =
                firstFalse(
                        "user_id",
                        m.user_id == null || m.user_id.isText(),
                        "timestamp",
                        m.timestamp == null || timestamp != null,
                        "heart_rate",
                        m.heart_rate == null || m.heart_rate.isNumber(),
                        "device_id",
                        m.device_id == null || m.device_id.isText(),
                        "steps",
                        m.steps == null || m.steps.isNumber(),
                        "activity",
                        m.activity == null || m.activity.isText(),
                        "rr_intervals_ms",
                        m.rr_intervals_ms == null || m.rr_intervals_ms.isNumbers(),
                        "sensor_contact",
                        m.sensor_contact == null || m.sensor_contact.isBoolean(),
                        "confidence",
                        m.confidence == null || m.confidence.isNumber());
        if (wrong != null) {
            return new Decoded(null, RejectReason.WRONG_TYPE, wrong);
        }
        boolean intervals = m.rr_intervals_ms != null && !m.rr_intervals_ms.elements.isEmpty();
        if (m.user_id == null
                || m.timestamp == null
                || m.heart_rate == null && m.steps == null && !intervals) {
            return no(RejectReason.MISSING_FIELD);
        }
        String device = m.device_id == null ? "default" : m.device_id.text;
        if (!validId(m.user_id.text) || !validId(device)) {
            return no(RejectReason.INVALID_ID);
        }
        int bpm = m.heart_rate == null ? 100 : m.heart_rate.rounded();
        if (bpm < 20 || bpm > 300) {
            return no(RejectReason.HEART_RATE_OUT_OF_RANGE);
        }
        int[] rr =
                intervals
                        ? m.rr_intervals_ms.elements.stream().mapToInt(Value::rounded).toArray()
                        : new int[0];
        for (int interval : rr) {
            if (interval < 200 || interval > 3000) {
                return no(RejectReason.RR_OUT_OF_RANGE);
            }
        }
        int steps = m.steps == null ? 0 : m.steps.rounded();
        if (steps < 0 || steps > 32_767) {
            return no(RejectReason.STEPS_OUT_OF_RANGE);
        }
        double confidence = m.confidence == null ? 0 : Double.parseDouble(m.confidence.text);
        if (confidence < 0 || confidence > 1) {
            return no(RejectReason.CONFIDENCE_OUT_OF_RANGE);
        }
        if (timestamp.compareTo(BigInteger.valueOf(946_684_800_000L)) < 0) {
            return no(RejectReason.TIMESTAMP_TOO_OLD);
        }
        if (timestamp.compareTo(BigInteger.valueOf(recordTimestampMs + 300_000)) > 0) {
            return no(RejectReason.FUTURE_TIMESTAMP);
        }
        String activity =
                m.activity == null
                        ? null
                        : m.activity
                                .text
                                .codePoints()
                                .map(c -> c == 0 || c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                                .collect(
                                        StringBuilder::new,
                                        StringBuilder::appendCodePoint,
                                        StringBuilder::append)
                                .toString();
        return new Decoded(
                new Reading(
                        m.user_id.text,
                        device,
                        timestamp.longValueExact(),
                        m.heart_rate == null ? -1 : bpm,
                        m.steps == null ? -1 : steps,
                        activity,
                        intervals ? rr : null,
                        m.sensor_contact == null
                                ? null
                                : (Boolean) (m.sensor_contact.type == JsonToken.VALUE_TRUE),
                        m.confidence == null ? Double.NaN : confidence + 0.0),
                null,
                null);
    }

    private static String firstFalse(Object... namesAndTruths) {
        for (int i = 0; i < namesAndTruths.length; i += 2) {
            if (namesAndTruths[i + 1].equals(false)) {
                return (String) namesAndTruths[i];
            }
        }
        return null;
    }

    /** Milliseconds since the epoch, or null for what is no timestamp. */
    private static BigInteger timestamp(Value value) {
        if (value.type == JsonToken.VALUE_NUMBER_INT) {
            return new BigInteger(value.text);
        }
        if (!value.isText()) {
            return null;
        }
        try {
            var time = OffsetDateTime.parse(value.text);
            return BigInteger.valueOf(time.toEpochSecond())
                    .multiply(BigInteger.valueOf(1000))
                    .add(BigInteger.valueOf(time.getNano() / 1_000_000));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean validId(String id) {
        return !id.isBlank()
                && id.codePointCount(0, id.length()) <= 128
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF);
    }

    private static Decoded no(RejectReason reason) {
        return new Decoded(null, reason, null);
    }
}
