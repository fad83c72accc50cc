package hrm.model;

import static hrm.model.GeneratedMessages.RECORD_MS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import org.junit.jupiter.api.Test;

/** {@code -Dhrm.seed=N} repeats a run, {@code -Dhrm.documents=N} makes it longer. */
class ReadingCodecProperties {
    private static final long SEED = Long.getLong("hrm.seed", System.nanoTime());
    private static final int DOCUMENTS = Integer.getInteger("hrm.documents", 200_000);

    @Test
    void everyDocumentGivesTheReadingOrTheReasonThatJacksonBindingGives() {
        var messages = new GeneratedMessages(SEED);
        var seen = new EnumMap<RejectReason, Integer>(RejectReason.class);
        int accepted = 0;
        int untold = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            var json = messages.next();
            var expected = Oracle.decode(json, RECORD_MS);
            ReadingCodec.Decoded actual;
            try {
                actual = ReadingCodec.decode(json, RECORD_MS);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(describe(i, json), e);
            }
            if (expected == null) {
                untold++;
                continue;
            }
            boolean same =
                    actual.reason() == expected.reason()
                            && (expected.reading() == null
                                    ? actual.reading() == null
                                    : expected.reading().equals(actual.reading()))
                            && (actual.detail() == null) == (actual.reason() == null)
                            && (expected.detail() == null
                                    || actual.detail().startsWith(expected.detail() + " "));
            if (!same) {
                fail(
                        "%s%nexpected %s %s %s%nbut was  %s %s %s",
                        describe(i, json),
                        expected.reason(),
                        expected.detail(),
                        fields(expected.reading()),
                        actual.reason(),
                        actual.detail(),
                        fields(actual.reading()));
            }
            if (actual.reason() == null) {
                accepted++;
            } else {
                seen.merge(actual.reason(), 1, Integer::sum);
            }
        }
        System.out.printf("seed %d: %d accepted, %d untold, %s%n", SEED, accepted, untold, seen);
        assertThat(untold).as("where Jackson cannot tell").isLessThan(DOCUMENTS / 100);
        // The generator must have something to say about everything.
        assertThat(accepted).as("accepted, seed %d", SEED).isGreaterThan(DOCUMENTS / 4);
        for (var reason : RejectReason.values()) {
            assertThat(seen.getOrDefault(reason, 0))
                    .as("%s, seed %d", reason, SEED)
                    .isGreaterThan(DOCUMENTS / 10_000);
        }
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() throws Exception {
        var messages = new GeneratedMessages(SEED);
        var jackson = new ObjectMapper();
        for (int i = 0; i < 20_000; i++) {
            var reading = messages.reading();
            var json = ReadingCodec.encode(reading);
            var decoded = ReadingCodec.decode(json, RECORD_MS);
            assertThat(decoded.reading()).as(describe(i, json)).isEqualTo(reading);
            assertThat(ReadingCodec.encode(decoded.reading())).isEqualTo(json);
            assertThat(Instant.parse(jackson.readTree(json).get("timestamp").asText()))
                    .as(describe(i, json))
                    .isEqualTo(Instant.ofEpochMilli(reading.timestampMs()));
        }
    }

    private static String describe(int number, byte[] json) {
        var text = new String(json, UTF_8);
        var bytes = new String(json, ISO_8859_1);
        return "seed %d, document %d, %d bytes: %s%n(byte by byte: %s)"
                .formatted(
                        SEED,
                        number,
                        json.length,
                        text.substring(0, Math.min(2000, text.length())),
                        bytes.substring(0, Math.min(2000, bytes.length())));
    }

    private static String fields(Reading reading) {
        return reading == null
                ? ""
                : String.join(
                        " ",
                        reading.userId(),
                        reading.deviceId(),
                        Long.toString(reading.timestampMs()),
                        Integer.toString(reading.bpm()),
                        Integer.toString(reading.steps()),
                        reading.activity(),
                        Arrays.toString(reading.rrIntervalsMs()),
                        String.valueOf(reading.sensorContact()),
                        Double.toString(reading.confidence()));
    }
}
