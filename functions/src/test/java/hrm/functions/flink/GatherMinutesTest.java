package hrm.functions.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatherMinutesTest {
    private static final long START = Instant.parse("2026-03-01T08:00:00Z").toEpochMilli();
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private OneInputStreamOperatorTestHarness<Reading, MinuteRow> gather;

    @BeforeEach
    void open() throws Exception {
        gather = harness(null, 0);
    }

    @AfterEach
    void close() throws Exception {
        gather.close();
    }

    /** On the heap backend, which keeps objects as they are: what is shared would show. */
    private static OneInputStreamOperatorTestHarness<Reading, MinuteRow> harness(
            OperatorSubtaskState state, long nowMs) throws Exception {
        var harness =
                new OneInputStreamOperatorTestHarness<Reading, MinuteRow>(
                        new GatherMinutes(SILENCE),
                        Types.READING.createSerializer(new SerializerConfigImpl()));
        harness.setProcessingTime(nowMs);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void restart(OperatorSubtaskState state) throws Exception {
        gather.close();
        gather = harness(state, 0);
    }

    private void send(String device, int second) throws Exception {
        gather.processElement(
                Reading.of("u", device, START + second * 1_000L, 60, Reading.UNKNOWN), 0);
    }

    /** Device, minute and how many readings of each row since the start or restart. */
    private List<String> rows() {
        var rows = new ArrayList<String>();
        for (var row : gather.extractOutputValues()) {
            rows.add(
                    row.deviceId()
                            + " "
                            + (row.minuteMs() - START) / 60_000
                            + ":"
                            + row.readings().size());
        }
        return rows;
    }

    /** As a barrier that arrives does it. */
    private OperatorSubtaskState checkpoint(long id) throws Exception {
        gather.prepareSnapshotPreBarrier(id);
        return gather.snapshot(id, id);
    }

    @Test
    void aMinuteIsWrittenWhenItsDeviceHasLeftIt() throws Exception {
        send("a", 0);
        send("b", 5);
        send("a", 59);
        assertThat(rows()).isEmpty();
        send("a", 60);
        assertThat(rows()).containsExactly("a 0:2");
    }

    @Test
    void orAfterSomeSilence() throws Exception {
        gather.setProcessingTime(1_000);
        send("a", 0);
        gather.setProcessingTime(20_000);
        send("a", 1);
        // 30 s after the first reading, and 11 s after the second.
        gather.setProcessingTime(31_000);
        assertThat(rows()).isEmpty();
        gather.setProcessingTime(50_000);
        assertThat(rows()).containsExactly("a 0:2");
    }

    @Test
    void eachDeviceIsSilentByItself() throws Exception {
        gather.setProcessingTime(1_000);
        send("a", 0);
        gather.setProcessingTime(11_000);
        send("b", 10);
        gather.setProcessingTime(21_000);
        send("a", 20);
        gather.setProcessingTime(41_000);
        assertThat(rows()).containsExactly("b 0:1");
        gather.setProcessingTime(51_000);
        assertThat(rows()).containsExactly("b 0:1", "a 0:2");
    }

    @Test
    void ofASilentDeviceNothingIsKept() throws Exception {
        gather.setProcessingTime(1_000);
        send("a", 0);
        checkpoint(1);
        gather.setProcessingTime(31_000);

        restart(checkpoint(2));
        send("a", 1);
        gather.setProcessingTime(100_000);
        assertThat(rows()).containsExactly("a 0:1");
    }

    @Test
    void aRestartGoesOnWithWhatWasGathered() throws Exception {
        send("a", 0);
        send("b", 1);
        send("a", 2);
        restart(checkpoint(1));
        send("a", 2); // again
        send("a", 3);
        send("a", 60);
        send("b", 61);
        assertThat(rows()).containsExactly("a 0:3", "b 0:1");
    }

    @Test
    void whatComesAfterACheckpointIsNotInIt() throws Exception {
        send("a", 0);
        var first = checkpoint(1);
        send("a", 1);
        send("b", 1);
        restart(first);
        send("a", 60);
        assertThat(rows()).containsExactly("a 0:1");
    }

    @Test
    void eachCheckpointHasWhatIsNewSinceTheLast() throws Exception {
        send("a", 0);
        checkpoint(1);
        send("a", 1);
        restart(checkpoint(2));
        send("a", 60);
        assertThat(rows()).containsExactly("a 0:2");
    }

    @Test
    void aMinuteThatWasWrittenIsNotWrittenAgainAfterARestart() throws Exception {
        send("a", 0);
        checkpoint(1);
        send("a", 60);
        restart(checkpoint(2));
        send("a", 120);
        assertThat(rows()).containsExactly("a 1:1");
    }

    @Test
    void whoFallsSilentBeforeARestartIsWrittenAfterIt() throws Exception {
        gather.setProcessingTime(1_000);
        send("a", 0);
        restart(checkpoint(1));
        gather.setProcessingTime(31_000);
        assertThat(rows()).containsExactly("a 0:1");
    }

    @Test
    void theTimeOfARestartIsNoSilence() throws Exception {
        gather.setProcessingTime(1_000);
        send("a", 0);
        var state = checkpoint(1);
        gather.close();
        gather = harness(state, 3_600_000);
        gather.setProcessingTime(3_629_000);
        assertThat(rows()).isEmpty();
        send("a", 60);
        assertThat(rows()).containsExactly("a 0:1");
    }

    @Test
    void partsOfTwoTasksAreBothWrittenByOne() throws Exception {
        send("a", 0);
        send("b", 0);
        var one = checkpoint(1);
        gather.close();
        gather = harness(null, 0);
        send("a", 1);
        var other = checkpoint(1);
        restart(AbstractStreamOperatorTestHarness.repackageState(one, other));
        send("a", 60);
        send("b", 60);
        assertThat(rows()).containsExactly("a 0:1", "a 0:1", "b 0:1");
    }

    @Test
    void atTheEndOfItsInputAllIsWritten() throws Exception {
        send("a", 0);
        send("b", 1);
        gather.endInput();
        gather.getOperator().finish();
        assertThat(rows()).containsExactly("a 0:1", "b 0:1");
    }

    @Test
    void whenMemoryIsFullTheLongestSilentAreWrittenAndNothingIsLost() throws Exception {
        int devices = GatherMinutes.MOST_HELD * 2 / 3;
        for (int second = 0; second < 2; second++) {
            for (int device = 0; device < devices; device++) {
                send("d" + device, second);
            }
        }
        assertThat(rows()).hasSizeLessThan(devices);
        for (int device = 0; device < devices; device++) {
            send("d" + device, 60);
        }
        assertThat(
                        gather.extractOutputValues().stream()
                                .mapToInt(row -> row.readings().size())
                                .sum())
                .isGreaterThanOrEqualTo(2 * devices);
    }
}
