package hrm.launcher;

import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Whether this machine can run a stack. */
@Command(
        name = "doctor",
        description = "Checks this machine for what a stack needs, and says what to do.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm doctor", "", "Exit code 1 when something must be set right first."})
final class DoctorCommand implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin PortOptions ports;
    @Mixin OutputOption output;

    @Override
    public Integer call() {
        var findings = Doctor.examine(folder.folder(), ports.ports(), Clock.systemUTC());
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, findings);
        } else {
            var ansi = Hrm.ansi(spec);
            for (var finding : findings) {
                var word =
                        switch (finding.verdict()) {
                            case FINE -> "ok   ";
                            case DOUBTFUL -> Style.BOLD.on(ansi, "look ");
                            case BROKEN -> Style.RED.on(ansi, "wrong");
                        };
                out.println(word + "  " + finding.what());
                if (!finding.advice().isEmpty()) {
                    out.println("       " + finding.advice());
                }
            }
        }
        return findings.stream().anyMatch(one -> one.verdict() == Doctor.Verdict.BROKEN) ? 1 : 0;
    }
}
