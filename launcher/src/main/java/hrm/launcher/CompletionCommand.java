package hrm.launcher;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion for the shell, made from the commands as they are. */
@Command(
        name = "completion",
        description = "Prints what makes a shell complete hrm's commands and options.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  source <(hrm completion bash)",
            "",
            "For every new shell, put that line into ~/.bashrc or ~/.zshrc, with the path to hrm."
        })
final class CompletionCommand implements Callable<Integer> {
    /** Shells that understand the script. */
    enum Shell {
        bash,
        zsh
    }

    @Spec CommandSpec spec;

    // One script for both: it switches zsh's bash completion on where it runs there.
    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell;

    @Override
    public Integer call() {
        var hrm = spec.root().commandLine();
        spec.commandLine().getOut().print(AutoComplete.bash(hrm.getCommandName(), hrm));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
