package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands about a kept stack say when there is none. */
class UpCommandTest {
    @TempDir Path folder;

    @Test
    void whereNothingIsUpEachCommandSaysHowToStartIt() {
        var dir = "--dir=" + folder;

        assertThat(Cli.hrm("status", dir))
                .satisfies(status -> assertThat(status.code()).isEqualTo(1))
                .satisfies(status -> assertThat(status.out()).contains("hrm up starts it"));
        assertThat(Cli.hrm("status", dir, "-o", "json").out()).isEqualTo("{\"phase\":\"DOWN\"}\n");
        assertThat(Cli.hrm("down", dir))
                .satisfies(down -> assertThat(down.code()).isZero())
                .satisfies(down -> assertThat(down.out()).contains("Nothing is up"));
        assertThat(Cli.hrm("logs", dir).err()).contains("no log of supervisor");
        assertThat(Cli.hrm("submit", "baseline", dir).err()).contains("hrm up starts it");
        assertThat(Cli.hrm("savepoint", dir).err()).contains("hrm up starts it");
    }

    @Test
    void wrongUsageOfSubmitIsSaid() {
        assertThat(Cli.hrm("submit", "monitorin").code()).isEqualTo(2);
        assertThat(Cli.hrm("submit", "monitoring", "--cluster", "flink").err())
                .contains("--cluster 'flink': write host:port.");
        assertThat(Cli.hrm("submit", "baseline", "--from-savepoint", "x", "--cluster", "a:1").err())
                .contains("keeps no state");
        assertThat(Cli.hrm("submit", "monitoring", "--cluster", "127.0.0.1:1").err())
                .contains("flink run -d -m 127.0.0.1:1")
                .contains("No Flink answers at http://127.0.0.1:1");
    }

    @Test
    void whatIsDueWhenIsCheckedBeforeAnythingStarts() {
        var up = Cli.hrm("up", "--dir=" + folder, "--baseline-cron", "each night");
        assertThat(up.code()).isEqualTo(2);
        assertThat(up.err())
                .contains("--baseline-cron: 'each night' is no cron expression")
                .contains("0 30 8 * * *");
        assertThat(Cli.hrm("up", "--dir=" + folder, "--late-run-cron", "*/5 * * * *").err())
                .contains("--late-run-cron: '*/5 * * * *' is no cron expression")
                .contains("0 */5 * * * *");
        assertThat(Schedule.cron("-").isDisabled()).isTrue();
        assertThat(Cli.hrm("baseline", "run", "--cluster", "127.0.0.1:1").err())
                .contains("No Flink answers at http://127.0.0.1:1");
    }

    @Test
    void aStackFileWhoseSupervisorIsGoneIsNoStack() throws Exception {
        var stack = new StackFolder(folder);
        stack.write(
                new StackFolder.Running(
                        "127.0.0.1:1",
                        "jdbc:postgresql://127.0.0.1:1/hrm",
                        "http://127.0.0.1:1",
                        // The largest id that Linux gives is 4194304.
                        99_999_999,
                        StackFolder.Phase.RUNNING));

        assertThat(Files.exists(folder.resolve("stack.json"))).isTrue();
        assertThat(stack.running()).isEmpty();
    }
}
