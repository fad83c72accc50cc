package hrm.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.importers.ByteLines;
import hrm.launcher.ReadingLines.Message;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ReadingLinesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");
    private static final String FINE =
            "{\"user_id\":\"u1\",\"timestamp\":\"2026-01-31T08:15:30Z\",\"heart_rate\":72}";

    private final List<String> warnings = new ArrayList<>();

    private List<Message> read(byte[] bytes, LineFormat format, String user, String device)
            throws IOException {
        var lines =
                new ReadingLines(
                        new ByteLines(new ByteArrayInputStream(bytes)),
                        format,
                        user,
                        device,
                        warnings::add,
                        Clock.fixed(NOW, ZoneOffset.UTC));
        var messages = new ArrayList<Message>();
        for (Message message; (message = lines.next()) != null; ) {
            messages.add(message);
        }
        return messages;
    }

    private List<Message> read(String text) throws IOException {
        return read(text.getBytes(UTF_8), null, null, null);
    }

    private static Reading reading(Message message) {
        assertThat(message.refused()).isNull();
        return ReadingCodec.decode(message.value(), message.recordTimestampMs()).reading();
    }

    @Test
    void aJsonLineIsSentByteForByteWithItsUserAsKey() throws IOException {
        var other = FINE.replace("}", ",\"vendor\":{\"x\":[1]}}");

        var messages = read("\ufeff" + FINE + "\r\n\n  \n" + other);

        assertThat(messages).extracting(Message::line).containsExactly(1L, 4L);
        assertThat(messages.get(0).value()).isEqualTo(FINE.getBytes(UTF_8));
        assertThat(messages.get(1).value()).isEqualTo(other.getBytes(UTF_8));
        assertThat(messages).extracting(Message::userId).containsOnly("u1");
        assertThat(messages)
                .extracting(Message::recordTimestampMs)
                .containsOnly(NOW.toEpochMilli());
    }

    @Test
    void aBadLineSaysWhyAndTheNextIsReadAllTheSame() throws IOException {
        var messages =
                read(
                        String.join(
                                "\n",
                                FINE,
                                FINE.replace("72", "999"),
                                "not json",
                                FINE.replace("08:15:30", "23:15:30"),
                                FINE));

        assertThat(messages)
                .extracting(Message::refused)
                .containsExactly(
                        null,
                        "HEART_RATE_OUT_OF_RANGE: heart_rate must be 20 to 300 beats per minute",
                        messages.get(2).refused(),
                        "FUTURE_TIMESTAMP: timestamp is more than 5 minutes ahead of the record's"
                                + " own: check the device's clock",
                        null);
        assertThat(messages.get(2).refused()).startsWith("NOT_JSON: ");
        // As it came, and where the person's others go, for those who send it unchecked.
        assertThat(messages.get(1).value()).isEqualTo(FINE.replace("72", "999").getBytes(UTF_8));
        assertThat(messages.get(1).userId()).isEqualTo("u1");
        assertThat(messages.get(2).userId()).isNull();
    }

    @Test
    void whatIsNoUtf8IsRefusedAndNotMended() throws IOException {
        var messages = read(FINE.replace("u1", "ü").getBytes(ISO_8859_1), null, null, null);

        assertThat(messages.get(0).refused()).startsWith("NOT_JSON");
    }

    @Test
    void userAndDeviceAreFilledInOnlyWhereTheyAreMissing() throws IOException {
        var nobodys = "{\"timestamp\":\"2026-01-31T08:15:30Z\",\"heart_rate\":72}";
        var nullUser = "{\"user_id\":null," + nobodys.substring(1);
        var withDevice = FINE.replace("}", ",\"device_id\":\"ring\"}");

        var messages =
                read(
                        String.join("\n", nobodys, nullUser, FINE, withDevice).getBytes(UTF_8),
                        null,
                        "anna \"x\"",
                        "watch");

        assertThat(messages)
                .extracting(message -> reading(message).userId())
                .containsExactly("anna \"x\"", "anna \"x\"", "u1", "u1");
        assertThat(messages)
                .extracting(message -> reading(message).deviceId())
                .containsExactly("watch", "watch", "watch", "ring");
        assertThat(messages.get(3).value()).isEqualTo(withDevice.getBytes(UTF_8));
        assertThat(read(nobodys).get(0).refused()).isEqualTo("MISSING_FIELD: user_id is missing");
        assertThat(read(FINE.getBytes(UTF_8), null, null, " ").get(0).refused())
                .startsWith("INVALID_ID: device_id");
    }

    @Test
    void csvHasItsColumnsInAnyOrderAndItsQuotes() throws IOException {
        var messages =
                read(
                        """
                        Timestamp,bpm,user_id,device_id,steps,activity,rr_intervals_ms,sensor_contact,confidence
                        2026-01-31T08:15:30Z,72.5,u1,watch,3,"a ""brisk"", long walk",832 840,true,0.98
                        2026-01-31 08:15:31,,"u,2",,0,,,,
                        1769847332000,+071,u1,,,,"[832,840]",0,
                        """);

        assertThat(messages)
                .extracting(ReadingLinesTest::reading)
                .containsExactly(
                        new Reading(
                                "u1",
                                "watch",
                                Instant.parse("2026-01-31T08:15:30Z").toEpochMilli(),
                                73,
                                3,
                                "a \"brisk\", long walk",
                                new int[] {832, 840},
                                true,
                                0.98),
                        Reading.of(
                                "u,2",
                                "default",
                                Instant.parse("2026-01-31T08:15:31Z").toEpochMilli(),
                                Reading.UNKNOWN,
                                0),
                        new Reading(
                                "u1",
                                "default",
                                1769847332000L,
                                71,
                                Reading.UNKNOWN,
                                null,
                                new int[] {832, 840},
                                false,
                                Double.NaN));
        assertThat(messages).extracting(Message::line).containsExactly(2L, 3L, 4L);
        assertThat(messages).extracting(Message::userId).containsExactly("u1", "u,2", "u1");
    }

    @Test
    void aBadCsvLineIsRefusedForWhatTheJobWouldSay() throws IOException {
        var messages =
                read(
                        """
                        user_id,timestamp,heart_rate
                        u1,2026-01-31T08:15:30Z,fast
                        u1,yesterday,72
                        u1,2026-01-31T08:15:30Z
                        "u1,2026-01-31T08:15:30Z,72
                        u1,2026-01-31T08:15:30Z,301
                        u1,2026-01-31T08:15:30Z,72
                        """);

        assertThat(messages)
                .extracting(message -> message.refused() == null ? "" : message.refused())
                .satisfiesExactly(
                        why -> assertThat(why).startsWith("WRONG_TYPE: heart_rate"),
                        why -> assertThat(why).startsWith("WRONG_TYPE: timestamp"),
                        why ->
                                assertThat(why)
                                        .isEqualTo(
                                                "NOT_CSV: has 2 fields where the header names 3"),
                        why ->
                                assertThat(why)
                                        .isEqualTo("NOT_CSV: a quote is opened and not closed"),
                        why -> assertThat(why).startsWith("HEART_RATE_OUT_OF_RANGE"),
                        why -> assertThat(why).isEmpty());
    }

    @Test
    void whatIsGzippedIsUnpacked() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write((FINE + "\n" + FINE).getBytes(UTF_8));
        }

        assertThat(read(zipped.toByteArray(), null, null, null)).hasSize(2);
    }

    @Test
    void aFileThatIsSomethingElseIsToldOnceWithWhatToDo() {
        assertThatThrownBy(() -> read("[" + FINE + "]")).hasMessageContaining("jq -c '.[]'");
        assertThatThrownBy(() -> read("PK\u0003"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--format");
        assertThatThrownBy(() -> read("user_id,bpm\nu1,72"))
                .hasMessageContaining("no column 'timestamp'")
                .hasMessageContaining("Columns: user_id, timestamp");
        assertThatThrownBy(() -> read("timestamp,bpm\n2026-01-31T08:15:30Z,72"))
                .hasMessageContaining("--user");
        assertThatThrownBy(() -> read("timestamp,user_id,bpm,heart_rate\n"))
                .hasMessageContaining("'heart_rate' is there twice");
    }

    @Test
    void aColumnThatIsIgnoredIsNamedWithWhatItMayMean() throws IOException {
        read("user_id,timestamp,bpm,step,note\nu1,2026-01-31T08:15:30Z,72,3,x");

        assertThat(warnings)
                .containsExactly("Columns ignored: 'step' (Did you mean 'steps'?), 'note'");
    }

    @Test
    void nothingIsNoError() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
    }
}
