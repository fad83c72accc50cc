package hrm.functions.episodes;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Alert.Explanation;
import hrm.model.Alert.LimitSource;
import hrm.model.Alert.Mode;
import hrm.model.Alert.Severity;
import hrm.model.Alert.State;
import hrm.model.Alert.StepEvidence;
import hrm.model.Baseline;
import hrm.model.Json;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PackedEventTest {
    private static final Instant ONSET = Instant.parse("2026-03-01T08:00:05Z");

    private static Alert event(String message) {
        return new Alert(
                Alert.SCHEMA_VERSION,
                UUID.fromString("0b9ec0f7-9fd8-5a61-8a4a-2f2cbd0c5a10"),
                UUID.fromString("6f1bd5a2-6c3d-5c84-b5ee-d5b0bfb2a3f7"),
                UUID.fromString("6f1bd5a2-6c3d-5c84-b5ee-d5b0bfb2a3f7"),
                1,
                7,
                State.OPENED,
                null,
                "user-42",
                "watch-1",
                "resting-tachycardia",
                1,
                "high",
                Severity.HIGH,
                Mode.LIVE,
                ONSET,
                ONSET.plusSeconds(600),
                null,
                false,
                null,
                message,
                131.0,
                120.0,
                LimitSource.DEFAULT,
                new Explanation(
                        List.of(
                                new StepEvidence(
                                        "high", ONSET, ONSET.plusSeconds(540), 128.0, 131.0, 10)),
                        "bpm 131 > limit 120 && steps 0 == 0",
                        null,
                        Baseline.State.LEARNING));
    }

    @Test
    void whatWasPackedComesBack() throws Exception {
        for (var message : List.of("Heart rate above 120", "two\nlines", "Ruhepuls über 120", "")) {
            var packed = PackedEvent.pack(event(message), message);
            assertThat(PackedEvent.unpack(packed))
                    .isEqualTo(new PackedEvent.Content(event(message), message));
        }
    }

    @Test
    void anEventTakesAThirdOfItsJson() {
        var event = event("Heart rate above 120 for 10m while inactive");
        assertThat(PackedEvent.pack(event, event.message()).length * 3)
                .isLessThan(Json.write(event).length);
    }

    /** What events have in common is part of state that may be years old. */
    @Test
    void whatThisReleasePackedIsReadByAllLaterOnes() throws Exception {
        var packed = HexFormat.of().parseHex(PACKED_0_1_0);
        assertThat(PackedEvent.unpack(packed).event()).isEqualTo(event("Heart rate above 120"));
    }

    private static final String PACKED_0_1_0 =
            "c5d5db0ec2200c06e017b2098595c3e3b41ce20398f8facee9cc06837963bc23699b00ff1738c3a7"
                    + "24e4a88a83509207628be07962d04547492a12a3da03b50525116bb0d124a0e82710ca1912899222"
                    + "9a4d7135e22f673ad0dd10fa730593aebcdff916af807ff46e96b0fd1236f5bcaf4dd8347528378f"
                    + "ce9cfb86b7c11ff36e4eb5e1fda985776dc7db57bc5f5b5d79ab43df0687be2f834f61b67f74570f";
}
