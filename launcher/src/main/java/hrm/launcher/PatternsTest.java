package hrm.launcher;

import hrm.functions.judgement.ExampleRunner;
import hrm.functions.judgement.ExampleRunner.Outcome;
import hrm.patterns.flink.Matchers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the examples that stand in pattern files. */
@Command(
        name = "test",
        description = "Runs the examples in pattern files; needs no stack.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns test my-pattern.yaml",
            "",
            "Exit code: 0 when every example does as it says, 1 otherwise."
        })
final class PatternsTest implements Callable<Integer> {
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
        var broken = checked.stream().filter(file -> !file.loaded().isFine()).toList();
        if (!broken.isEmpty()) {
            var err = spec.commandLine().getErr();
            broken.forEach(file -> err.println(file.loaded().report()));
            return 1;
        }
        var results = new ArrayList<Result>();
        for (var file : checked) {
            var pattern = file.loaded().spec();
            int number = 0;
            for (var outcome : ExampleRunner.run(pattern, Matchers::of)) {
                results.add(new Result(pattern.id(), file.path(), ++number, outcome));
            }
        }
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, results.stream().map(ResultReport::of).toList());
        } else {
            print(checked, results, Hrm.ansi(spec));
        }
        return results.stream().allMatch(result -> result.outcome().asExpected()) ? 0 : 1;
    }

    private void print(List<PatternFile> checked, List<Result> results, Ansi ansi) {
        var out = spec.commandLine().getOut();
        for (var file : checked) {
            var pattern = file.loaded().spec();
            out.println(Style.BOLD.on(ansi, pattern.id()) + " " + pattern.title());
            if (pattern.examples().isEmpty()) {
                out.println("  has no examples. How to write them: docs/patterns.md#examples");
            }
            for (var result : results) {
                if (result.path().equals(file.path())) {
                    print(result, ansi);
                }
            }
            out.println();
        }
        long failed = results.stream().filter(result -> !result.outcome().asExpected()).count();
        var summary =
                Words.count(results.size(), "example", "examples")
                        + (failed == 0 ? ", all as expected" : ", " + failed + " not as expected");
        out.println((failed == 0 ? Style.GREEN : Style.RED).on(ansi, summary));
    }

    private void print(Result result, Ansi ansi) {
        var out = spec.commandLine().getOut();
        var outcome = result.outcome();
        var verdict =
                outcome.asExpected() ? Style.GREEN.on(ansi, "ok  ") : Style.RED.on(ansi, "FAIL");
        out.println("  " + verdict + " " + result.number() + ". " + outcome.example().given());
        new Timeline(outcome).lines(ansi).forEach(line -> out.println("       " + line));
    }

    private record Result(String id, Path path, int number, Outcome outcome) {}

    private record ResultReport(
            String pattern,
            String file,
            int example,
            String given,
            List<String> expected,
            List<String> fired,
            boolean ok) {
        static ResultReport of(Result result) {
            var outcome = result.outcome();
            return new ResultReport(
                    result.id(),
                    result.path().toString(),
                    result.number(),
                    outcome.example().given(),
                    texts(outcome.example().expect()),
                    texts(outcome.fired()),
                    outcome.asExpected());
        }

        private static List<String> texts(List<Duration> times) {
            return times.stream().map(Words::duration).toList();
        }
    }
}
