package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.ReadingCodec.Decoded;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents are written with ' for ". */
class ReadingCodecTest {
    private static final Instant RECORD = Instant.parse("2026-01-31T08:15:31Z");

    private static Decoded decode(String json) {
        return ReadingCodec.decode(json.replace('\'', '"').getBytes(UTF_8), RECORD.toEpochMilli());
    }

    /** A good reading with these members besides. */
    private static Decoded with(String members) {
        return decode(
                "{'user_id':'u1','timestamp':'2026-01-31T08:15:30Z','heart_rate':72,"
                        + members
                        + "}");
    }

    private static Decoded heartRate(String value) {
        return with("'heart_rate':" + value);
    }

    private static Decoded timestamp(String value) {
        return with("'timestamp':" + value);
    }

    private static void assertAccepted(Decoded decoded) {
        assertThat(decoded.reason()).as(decoded.detail()).isNull();
        assertThat(decoded.reading()).isNotNull();
        assertThat(decoded.detail()).isNull();
    }

    private static void assertRejected(Decoded decoded, RejectReason reason, String detail) {
        assertThat(decoded.reason()).isEqualTo(reason);
        assertThat(decoded.detail()).contains(detail);
        assertThat(decoded.reading()).isNull();
    }

    @Test
    void aFullReadingIsReadFieldByField() {
        var reading =
                decode(
                                "{'user_id':'u1','timestamp':'2026-01-31T08:15:30.000Z','heart_rate':72,"
                                        + "'device_id':'watch-1','steps':0,'activity':'rest',"
                                        + "'rr_intervals_ms':[832,840],'sensor_contact':true,"
                                        + "'confidence':0.98}")
                        .reading();
        assertThat(reading)
                .isEqualTo(
                        new Reading(
                                "u1",
                                "watch-1",
                                Instant.parse("2026-01-31T08:15:30Z").toEpochMilli(),
                                72,
                                0,
                                "rest",
                                new int[] {832, 840},
                                true,
                                0.98));
    }

    @Test
    void whatADeviceDoesNotSayIsUnknown() {
        var reading =
                decode("{'user_id':'u1','timestamp':1769847330123,'heart_rate':72}").reading();
        assertThat(reading).isEqualTo(Reading.of("u1", "default", 1769847330123L, 72, -1));
        assertThat(reading.hasSteps()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'heart_rate':60",
                "'steps':0",
                "'rr_intervals_ms':[1000]",
                "'heart_rate':null,'steps':1,'device_id':null,'activity':null,'confidence':null",
                "'rr_intervals_ms':[],'steps':1,'sensor_contact':null"
            })
    void oneMeasurementIsEnoughAndNullIsAbsent(String members) {
        assertAccepted(decode("{'user_id':'u1','timestamp':1769847330123," + members + "}"));
    }

    @Test
    void anyWayOfWritingJsonIsRead() {
        assertThat(
                        decode(
                                        "\uFEFF \n{ 'user\\u005fid' : '\\u0075\\/1' ,\t'ti\\u006Destamp':\r\n"
                                                + "1769847330123, 'heart_rate' : 7.2E+1 } \n")
                                .reading())
                .isEqualTo(Reading.of("u/1", "default", 1769847330123L, 72, -1));
    }

    @Test
    void unknownFieldsAreIgnoredWhateverTheyHold() {
        assertAccepted(
                with(
                        "'x':{'user_id':7,'heart_rate':[{'a':[[]]},null,-1e-9,'\\ud83d']},'':'',"
                                + "'\\udc93':1,'User_id':[],'steps ':'many'"));
        assertAccepted(with("'deep':" + "[".repeat(30_000) + "]".repeat(30_000)));
        assertAccepted(with("'deep':" + "{'a':[".repeat(8_000) + "]}".repeat(8_000)));
    }

    @Test
    void ofARepeatedFieldTheLastCounts() {
        assertThat(with("'heart_rate':'x','heart_rate':80").reading().bpm()).isEqualTo(80);
        assertThat(with("'heart_rate':80,'heart_rate':81.5").reading().bpm()).isEqualTo(82);
        assertRejected(with("'user_id':null"), RejectReason.MISSING_FIELD, "user_id");
        assertRejected(with("'heart_rate':{}"), RejectReason.WRONG_TYPE, "heart_rate");
    }

    @Test
    void activityHoldsNothingThatCannotBeStored() {
        assertThat(with("'activity':'a\\u0000b\\ud83dc\\ud83d\\udc93'").reading().activity())
                .isEqualTo("a\uFFFDb\uFFFDc💓");
    }

    @Test
    void noDetailHoldsAValueOfTheMessage() {
        for (var json :
                new String[] {
                    "'heart_rate':4711",
                    "'steps':4711000",
                    "'rr_intervals_ms':[800,4711]",
                    "'confidence':4711",
                    "'user_id':'a\\u0007 4711'",
                    "'device_id':' ','device_id':'\\ud83d4711'",
                    "'timestamp':4711",
                    "'timestamp':'4711-01-31T08:15:30Z'",
                    "'timestamp':'4711'",
                    "'activity':4711",
                    "'x':4711 4711",
                    "'x':'4711\\x'"
                }) {
            var decoded = with(json);
            assertThat(decoded.reason()).as(json).isNotNull();
            assertThat(decoded.detail()).as(json).isNotBlank().doesNotContain("4711");
        }
    }

    @Nested
    class MessageTooLarge {
        private byte[] filled(int length) {
            var text = "{'user_id':'u1','timestamp':1769847330123,'heart_rate':72,'x':''}";
            return text.replace("''}", "'" + "x".repeat(length - text.length()) + "'}")
                    .replace('\'', '"')
                    .getBytes(UTF_8);
        }

        @Test
        void upTo64KiBAreRead() {
            assertAccepted(ReadingCodec.decode(filled(65_536), RECORD.toEpochMilli()));
            assertRejected(
                    ReadingCodec.decode(filled(65_537), RECORD.toEpochMilli()),
                    RejectReason.MESSAGE_TOO_LARGE,
                    "65537 bytes");
        }

        @Test
        void sizeIsToldBeforeAnythingElse() {
            assertRejected(
                    ReadingCodec.decode(new byte[65_537], 0), RejectReason.MESSAGE_TOO_LARGE, "");
            assertRejected(ReadingCodec.decode(new byte[65_536], 0), RejectReason.NOT_JSON, "");
        }
    }

    @Nested
    class NotJson {
        @Test
        void aTombstoneIsNotJson() {
            assertRejected(ReadingCodec.decode(null, 0), RejectReason.NOT_JSON, "no value");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "null",
                    "[]",
                    "72",
                    "'u1'",
                    "{",
                    "{'a'",
                    "{'a':",
                    "{'a':1",
                    "{'a':1,}",
                    "{,}",
                    "{'a' 1}",
                    "{a:1}",
                    "{'a':1 'b':2}",
                    "{}{}",
                    "{} x",
                    "{'a':01}",
                    "{'a':+1}",
                    "{'a':1.}",
                    "{'a':.5}",
                    "{'a':1e}",
                    "{'a':-}",
                    "{'a':NaN}",
                    "{'a':tru}",
                    "{'a':nulls}",
                    "{'a':'\\x'}",
                    "{'a':'\\u12g4'}",
                    "{'a':'\t'}",
                    "{'a':[1,]}",
                    "{'a':[1}",
                    "{'a':{'b':1]}",
                    "{'a':'",
                    "{'a':'\\",
                    "{/**/}"
                })
        void whatNoReaderTakesIsRefused(String json) {
            assertRejected(decode(json), RejectReason.NOT_JSON, "not JSON: ");
        }

        @ParameterizedTest
        @CsvSource({
            "c2, false",
            "c3a9, true",
            "c080, false",
            "c1bf, false",
            "e0a080, true",
            "e09fbf, false",
            "ed9fbf, true",
            "eda080, false",
            "ee8080, true",
            "f0908080, true",
            "f08fbfbf, false",
            "f48fbfbf, true",
            "f4908080, false",
            "f5808080, false",
            "80, false",
            "ff, false",
            "e282, false",
            "f09f92, false"
        })
        void everyStringMustBeUtf8(String hex, boolean valid) {
            var bytes = java.util.HexFormat.of().parseHex(hex);
            for (var field : new String[] {"activity", "x"}) {
                var json =
                        ("{'user_id':'u1','timestamp':1769847330123,'steps':1,'" + field + "':'!'}")
                                .replace('\'', '"')
                                .getBytes(UTF_8);
                int at = new String(json, UTF_8).indexOf('!');
                var whole = Arrays.copyOf(json, json.length + bytes.length - 1);
                System.arraycopy(bytes, 0, whole, at, bytes.length);
                System.arraycopy(json, at + 1, whole, at + bytes.length, json.length - at - 1);
                var decoded = ReadingCodec.decode(whole, RECORD.toEpochMilli());
                assertThat(decoded.reason()).isEqualTo(valid ? null : RejectReason.NOT_JSON);
            }
        }

        @Test
        void itWinsOverEveryOtherReason() {
            assertRejected(
                    decode("{'user_id':7,'timestamp':0,'heart_rate':999"),
                    RejectReason.NOT_JSON,
                    "at byte 43");
        }
    }

    @Nested
    class WrongType {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "user_id         | 1",
                    "user_id         | ['u1']",
                    "timestamp       | true",
                    "timestamp       | 1769847330123.0",
                    "timestamp       | 1.7e12",
                    "timestamp       | '1769847330123'",
                    "timestamp       | '2026-01-31'",
                    "timestamp       | '2026-01-31T08:15:30'",
                    "timestamp       | '2026-02-29T08:15:30Z'",
                    "timestamp       | '2026-01-31 08:15:30Z'",
                    "timestamp       | ''",
                    "heart_rate      | '72'",
                    "heart_rate      | [72]",
                    "device_id       | 7",
                    "steps           | false",
                    "activity        | 1",
                    "rr_intervals_ms | 800",
                    "rr_intervals_ms | ['800']",
                    "rr_intervals_ms | [800,null]",
                    "rr_intervals_ms | [[800,800],800]",
                    "sensor_contact  | 1",
                    "sensor_contact  | 'true'",
                    "confidence      | '1'"
                })
        void theDetailNamesTheField(String field, String value) {
            assertRejected(
                    with("'" + field + "':" + value), RejectReason.WRONG_TYPE, field + " must be ");
        }

        @Test
        void theFirstKnownFieldIsNamedWhereverItStands() {
            assertRejected(
                    with("'confidence':'','device_id':7"), RejectReason.WRONG_TYPE, "device_id");
        }

        @Test
        void itWinsOverMissingFieldsAndRanges() {
            assertRejected(
                    decode("{'heart_rate':999,'activity':7}"), RejectReason.WRONG_TYPE, "activity");
        }
    }

    @Nested
    class MissingField {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{}                                                    | user_id",
                    "{'timestamp':1769847330123,'heart_rate':72}           | user_id",
                    "{'user_id':null,'timestamp':1769847330123,'steps':7}  | user_id",
                    "{'user_id':'u1','heart_rate':72}                      | timestamp",
                    "{'user_id':'u1','timestamp':null,'heart_rate':72}     | timestamp",
                    "{'user_id':'u1','timestamp':1769847330123}            | heart_rate",
                    "{'user_id':'u1','timestamp':1,'sensor_contact':true}  | heart_rate",
                    "{'user_id':'u1','timestamp':1,'heart_rate':null}      | heart_rate",
                    "{'user_id':'u1','timestamp':1,'rr_intervals_ms':[ ]}  | rr_intervals_ms"
                })
        void theDetailNamesTheField(String json, String field) {
            assertRejected(decode(json), RejectReason.MISSING_FIELD, field);
        }
    }

    @Nested
    class InvalidId {
        @ParameterizedTest
        @ValueSource(strings = {"user_id", "device_id"})
        void anIdHas1To128Characters(String field) {
            assertAccepted(with("'" + field + "':'x'"));
            assertAccepted(with("'" + field + "':'" + "x".repeat(128) + "'"));
            assertAccepted(with("'" + field + "':'" + "💓".repeat(128) + "'"));
            assertRejected(
                    with("'" + field + "':''"), RejectReason.INVALID_ID, field + " must not");
            assertRejected(with("'" + field + "':' \\u2003'"), RejectReason.INVALID_ID, field);
            assertRejected(
                    with("'" + field + "':'" + "x".repeat(129) + "'"),
                    RejectReason.INVALID_ID,
                    field + " must have at most 128");
            assertRejected(
                    with("'" + field + "':'" + "💓".repeat(129) + "'"),
                    RejectReason.INVALID_ID,
                    field);
        }

        @ParameterizedTest
        @CsvSource({
            "0000, false",
            "001f, false",
            "0020, true",
            "007e, true",
            "007f, false",
            "009f, false",
            "00a0, true",
            "d7ff, true",
            "d800, false",
            "dfff, false",
            "e000, true"
        })
        void controlCharactersAndHalvesOfSurrogatesAreRefused(String hex, boolean valid) {
            for (var field : new String[] {"user_id", "device_id"}) {
                var decoded = with("'" + field + "':'a\\u" + hex + "b'");
                assertThat(decoded.reason()).isEqualTo(valid ? null : RejectReason.INVALID_ID);
            }
        }
    }

    @Nested
    class HeartRateOutOfRange {
        @ParameterizedTest
        @CsvSource({
            "20, 20",
            "19.5, 20",
            "300, 300",
            "300.4999999999999999999999, 300",
            "72.5, 73",
            "72.4999999999999999999999999, 72",
            "7.249e1, 72",
            "0.00725e4, 73",
            "725E-1, 73",
            "72e0, 72"
        })
        void from20To300AfterRoundingHalfUp(String value, int bpm) {
            assertThat(heartRate(value).reading().bpm()).isEqualTo(bpm);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "19",
                    "19.4999999999999999999999",
                    "300.5",
                    "301",
                    "0",
                    "-1",
                    "-72",
                    "1e400",
                    "1e-400",
                    "1e99999999999999999999",
                    "4294967368",
                    "18446744073709551688"
                })
        void beyondThatIsRejected(String value) {
            assertRejected(heartRate(value), RejectReason.HEART_RATE_OUT_OF_RANGE, "20 to 300");
        }
    }

    @Nested
    class RrOutOfRange {
        @Test
        void from200To3000AfterRoundingHalfUp() {
            assertThat(
                            with("'rr_intervals_ms':[200, 199.5,3000 ,3000.4]")
                                    .reading()
                                    .rrIntervalsMs())
                    .containsExactly(200, 200, 3000, 3000);
        }

        @ParameterizedTest
        @ValueSource(strings = {"199", "199.4", "3000.5", "3001", "-800", "1e400"})
        void beyondThatIsRejected(String value) {
            assertRejected(
                    with("'rr_intervals_ms':[800," + value + "]"),
                    RejectReason.RR_OUT_OF_RANGE,
                    "rr_intervals_ms[1] must be 200 to 3000");
        }
    }

    @Nested
    class StepsOutOfRange {
        @ParameterizedTest
        @CsvSource({"0, 0", "-0, 0", "-0.4, 0", "0.5, 1", "32767, 32767", "32767.4, 32767"})
        void from0To32767AfterRoundingHalfUp(String value, int steps) {
            assertThat(with("'steps':" + value).reading().steps()).isEqualTo(steps);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-0.5", "-1", "32767.5", "32768", "1e10"})
        void beyondThatIsRejected(String value) {
            assertRejected(with("'steps':" + value), RejectReason.STEPS_OUT_OF_RANGE, "0 to 32767");
        }
    }

    @Nested
    class ConfidenceOutOfRange {
        @ParameterizedTest
        @CsvSource({
            "0, 0",
            "-0.0, 0",
            "1, 1",
            "10e-1, 1",
            "0.30000000000000004, 0.30000000000000004"
        })
        void from0To1(String value, double confidence) {
            assertThat(with("'confidence':" + value).reading().confidence()).isEqualTo(confidence);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-0.0001", "1.0001", "98", "1e400", "-1e400"})
        void beyondThatIsRejected(String value) {
            assertRejected(
                    with("'confidence':" + value), RejectReason.CONFIDENCE_OUT_OF_RANGE, "0 to 1");
        }
    }

    @Nested
    class Timestamps {
        @ParameterizedTest
        @CsvSource({
            "2026-01-31T08:15:30Z, 30.000",
            "2026-01-31T08:15:30.1Z, 30.100",
            "2026-01-31T08:15:30.12Z, 30.120",
            "2026-01-31T08:15:30.123456789Z, 30.123",
            "2026-01-31T08:15:30.9999Z, 30.999",
            "2026-01-31T09:15:30+01:00, 30.000",
            "2026-01-31T02:45:30.5-05:30, 30.500",
            "2026-02-01T02:15:30+18:00, 30.000",
            "2026-01-31t08:15:30z, 30.000",
            "2026-01-31T08:15Z, 00.000",
            "2026-01-31T09:15:30+01, 30.000"
        })
        void everyIsoFormWithAnOffsetIsRead(String text, String seconds) {
            assertThat(timestamp("'" + text + "'").reading().timestampMs())
                    .isEqualTo(Instant.parse("2026-01-31T08:15:" + seconds + "Z").toEpochMilli());
        }

        @Test
        void beforeTheYear2000IsTooOld() {
            assertAccepted(timestamp("'2000-01-01T00:00:00Z'"));
            assertAccepted(timestamp("946684800000"));
            for (var value :
                    new String[] {
                        "'1999-12-31T23:59:59.999999Z'",
                        "'2000-01-01T00:00:00+00:01'",
                        "946684799999",
                        "0",
                        "-1",
                        "-99999999999999999999",
                        "'-999999999-01-01T00:00:00Z'"
                    }) {
                assertRejected(
                        timestamp(value), RejectReason.TIMESTAMP_TOO_OLD, "before the year 2000");
            }
            assertRejected(timestamp("1769847330"), RejectReason.TIMESTAMP_TOO_OLD, "not seconds");
        }

        @Test
        void moreThan5MinutesAheadOfTheRecordIsFuture() {
            long limit = RECORD.toEpochMilli() + 300_000;
            assertAccepted(timestamp("'" + Instant.ofEpochMilli(limit) + "'"));
            assertAccepted(timestamp("'2026-01-31T08:20:31.000999Z'"));
            assertAccepted(timestamp(Long.toString(limit)));
            for (var value :
                    new String[] {
                        "'2026-01-31T08:20:31.001Z'",
                        Long.toString(limit + 1),
                        "9223372036854775807",
                        "99999999999999999999",
                        "'+999999999-12-31T23:59:59Z'"
                    }) {
                assertRejected(
                        timestamp(value), RejectReason.FUTURE_TIMESTAMP, "more than 5 minutes");
            }
        }

        @Test
        void theRecordsOwnTimeDecidesNotTheWallClock() {
            var json =
                    "{\"user_id\":\"u1\",\"timestamp\":\"2100-01-01T00:00:00Z\",\"steps\":1}"
                            .getBytes(UTF_8);
            long then = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();
            assertAccepted(ReadingCodec.decode(json, then));
            assertAccepted(ReadingCodec.decode(json, Long.MAX_VALUE));
            assertRejected(
                    ReadingCodec.decode(json, Long.MIN_VALUE), RejectReason.FUTURE_TIMESTAMP, "");
        }
    }

    @Test
    void reasonsAreToldInTheirFixedOrder() {
        var json =
                "{'user_id':'','timestamp':1,'heart_rate':9,'rr_intervals_ms':[9],'steps':-1,"
                        + "'confidence':9}";
        assertRejected(decode(json), RejectReason.INVALID_ID, "user_id");
        json = json.replace("'user_id':''", "'user_id':'u1','device_id':''");
        assertRejected(decode(json), RejectReason.INVALID_ID, "device_id");
        json = json.replace("'device_id':''", "'device_id':'d'");
        assertRejected(decode(json), RejectReason.HEART_RATE_OUT_OF_RANGE, "");
        json = json.replace("'heart_rate':9", "'heart_rate':90");
        assertRejected(decode(json), RejectReason.RR_OUT_OF_RANGE, "");
        json = json.replace("[9]", "[900]");
        assertRejected(decode(json), RejectReason.STEPS_OUT_OF_RANGE, "");
        json = json.replace("'steps':-1", "'steps':1");
        assertRejected(decode(json), RejectReason.CONFIDENCE_OUT_OF_RANGE, "");
        json = json.replace("'confidence':9", "'confidence':0.9");
        assertRejected(decode(json), RejectReason.TIMESTAMP_TOO_OLD, "");
    }
}
