package hrm.launcher;

import hrm.patterns.check.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with pattern files. */
@Command(
        name = "validate",
        description = "Says all that is wrong with pattern files, and where.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns validate cep-patterns/catalogue my-pattern.yaml",
            "",
            "Exit code: 0 when all can run (warnings or not), 1 otherwise."
        })
final class PatternsValidate implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Pattern files, or folders of them.")
    List<Path> files;

    @Override
    public Integer call() {
        var checked = PatternFile.read(files);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, new Report(checked.stream().map(FileReport::of).toList()));
        } else {
            checked.forEach(file -> out.println(text(file, Hrm.ansi(spec))));
            if (checked.size() > 1) {
                long broken = checked.stream().filter(file -> !file.loaded().isFine()).count();
                out.println(
                        checked.size()
                                + " files, "
                                + (broken == 0 ? "all fine" : broken + " with errors"));
            }
        }
        return checked.stream().allMatch(file -> file.loaded().isFine()) ? 0 : 1;
    }

    private static String text(PatternFile file, Ansi ansi) {
        var text = new StringBuilder();
        file.loaded().findings().forEach(finding -> text.append(finding).append("\n\n"));
        if (file.loaded().isFine()) {
            text.append(Style.GREEN.on(ansi, file.path() + ": fine"));
        } else {
            long errors = file.loaded().findings().stream().filter(Finding::isError).count();
            text.append(
                    Style.RED.on(
                            ansi, file.path() + ": " + Words.count(errors, "error", "errors")));
        }
        return text.toString();
    }

    private record Report(List<FileReport> files) {}

    private record FileReport(String file, boolean fine, List<FindingReport> findings) {
        static FileReport of(PatternFile file) {
            return new FileReport(
                    file.path().toString(),
                    file.loaded().isFine(),
                    file.loaded().findings().stream().map(FindingReport::of).toList());
        }
    }

    private record FindingReport(
            int line,
            int column,
            int length,
            String severity,
            String message,
            String suggestion,
            String text) {
        static FindingReport of(Finding finding) {
            return new FindingReport(
                    finding.line(),
                    finding.column(),
                    finding.length(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.message(),
                    finding.suggestion(),
                    finding.text());
        }
    }
}
