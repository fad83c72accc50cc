package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.AlertHash;
import hrm.simulator.DemoDay;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/**
 * The demo as {@code ./hrm demo --once --speed max} plays it: the shaded jar by Flink's own {@code
 * run} on a cluster of processes, which has stock flink-cep on its class path.
 */
class DemoIT {
    @Test
    void itsAlertsAreThoseOfTheDetectionAlone() throws Exception {
        var day = DemoDay.of(5, LocalDate.parse("2026-03-11"));
        var text = new StringWriter();
        var screen = new Screen(new PrintWriter(text), false, Ansi.OFF);

        int code =
                new Demo(
                                Scenario.of(day),
                                Double.POSITIVE_INFINITY,
                                true,
                                null,
                                new StackProcesses.Ports(0, 0, 0),
                                screen)
                        .run();

        var alone = new AlertHash();
        DemoDayDetectionTest.judge(day).forEach(alone::add);
        assertThat(code).as(text.toString()).isZero();
        assertThat(text.toString()).contains("hash        " + alone.digest());
    }
}
