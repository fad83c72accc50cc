package hrm.functions.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ControlGateTest {
    private static OneInputStreamOperatorTestHarness<RawRecord, RawRecord> gate(
            OperatorSubtaskState state, Map<Integer, Long> lastVisible) throws Exception {
        var harness =
                new OneInputStreamOperatorTestHarness<RawRecord, RawRecord>(
                        new ControlGate("baselines", () -> lastVisible));
        harness.setup(
                Types.RAW.createSerializer(
                        new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static StreamRecord<RawRecord> record(int partition, long offset) {
        return new StreamRecord<>(new RawRecord("baselines", partition, offset, 0, null, null));
    }

    private static boolean isOpen(OneInputStreamOperatorTestHarness<RawRecord, RawRecord> gate) {
        return gate.getOutput().contains(ControlGate.OPEN);
    }

    @Test
    void anEmptyTopicOpensAtOnce() throws Exception {
        try (var gate = gate(null, Map.of())) {
            assertThat(isOpen(gate)).isTrue();
        }
    }

    @Test
    void itOpensWhenTheLastVisibleRecordOfEachPartitionHasPassed() throws Exception {
        try (var gate = gate(null, Map.of(0, 1L, 3, 7L))) {
            gate.processElement(record(0, 0));
            gate.processElement(record(3, 7));
            assertThat(isOpen(gate)).isFalse();
            gate.processElement(record(0, 1));
            assertThat(isOpen(gate)).isTrue();
        }
    }

    @Test
    void aRecordBehindTheLastVisibleOneOpensToo() throws Exception {
        try (var gate = gate(null, Map.of(0, 5L))) {
            // Compaction may have taken the record away since the question was asked.
            gate.processElement(record(0, 9));
            assertThat(isOpen(gate)).isTrue();
        }
    }

    @Test
    void noOtherWatermarkPasses() throws Exception {
        try (var gate = gate(null, Map.of(0, 5L))) {
            gate.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(gate.getOutput()).isEmpty();
        }
    }

    @Test
    void afterARestartWhatHasPassedIsNotWaitedForAgain() throws Exception {
        OperatorSubtaskState state;
        try (var gate = gate(null, Map.of(0, 1L))) {
            gate.processElement(record(0, 1));
            state = gate.snapshot(1, 1);
        }
        try (var gate = gate(state, Map.of(0, 1L))) {
            assertThat(isOpen(gate)).isTrue();
        }
        try (var gate = gate(state, Map.of(0, 2L))) {
            assertThat(isOpen(gate)).isFalse();
            gate.processElement(record(0, 2));
            assertThat(isOpen(gate)).isTrue();
        }
    }
}
