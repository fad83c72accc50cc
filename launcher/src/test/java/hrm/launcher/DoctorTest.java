package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.launcher.Doctor.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final long MB = 1L << 20;

    @TempDir Path folder;

    @Test
    void eachThingIsFineFromItsBoundaryOn() {
        assertThat(Doctor.java(17, "/jdk").verdict()).isEqualTo(Verdict.FINE);
        assertThat(Doctor.java(16, "/jdk").verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(Doctor.processors(2).verdict()).isEqualTo(Verdict.FINE);
        assertThat(Doctor.processors(1).verdict()).isEqualTo(Verdict.DOUBTFUL);
        assertThat(memory(4_000)).isEqualTo(Verdict.FINE);
        assertThat(memory(3_999)).isEqualTo(Verdict.DOUBTFUL);
        assertThat(memory(2_999)).isEqualTo(Verdict.BROKEN);
        assertThat(Doctor.disk(folder, 5_000 * MB).verdict()).isEqualTo(Verdict.FINE);
        assertThat(Doctor.disk(folder, 4_999 * MB).verdict()).isEqualTo(Verdict.DOUBTFUL);
        assertThat(Doctor.disk(folder, 1_499 * MB).verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(Doctor.openFiles(OptionalLong.of(4_096)).verdict()).isEqualTo(Verdict.FINE);
        assertThat(Doctor.openFiles(OptionalLong.of(1_024)).verdict()).isEqualTo(Verdict.DOUBTFUL);
    }

    private static Verdict memory(long megabytes) {
        return Doctor.memory(OptionalLong.of(megabytes * MB)).verdict();
    }

    @Test
    void whatIsWrongSaysWhatToDo() {
        assertThat(Doctor.memory(OptionalLong.of(100 * MB)).advice()).contains("Close something");
        assertThat(Doctor.memory(OptionalLong.empty()).verdict()).isEqualTo(Verdict.DOUBTFUL);
        assertThat(Doctor.disk(folder, 1).advice()).contains("--dir");
        assertThat(Doctor.java(11, "/jdk").advice()).contains("JAVA_HOME");
    }

    @Test
    void aClockBeforeTheBuildIsWrong() {
        var built = Instant.parse("2026-11-24T12:00:00Z");

        assertThat(Doctor.clock(built.plusSeconds(1), built).verdict()).isEqualTo(Verdict.FINE);
        assertThat(Doctor.clock(Instant.parse("1970-01-01T00:00:00Z"), built))
                .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.BROKEN))
                .satisfies(finding -> assertThat(finding.advice()).contains("timedatectl"));
    }

    @Test
    void aTakenPortIsNamedWithTheFlagThatChoosesAnother() throws Exception {
        try (var taken =
                new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            var findings =
                    Doctor.examine(
                            new StackFolder(folder),
                            new StackProcesses.Ports(taken.getLocalPort(), 0, 0),
                            Clock.systemUTC());

            assertThat(findings)
                    .filteredOn(finding -> finding.verdict() == Verdict.BROKEN)
                    .extracting(Doctor.Finding::advice)
                    .anyMatch(advice -> advice.contains("--kafka-port"));
        }
    }
}
