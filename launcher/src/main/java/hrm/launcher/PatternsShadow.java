package hrm.launcher;

import hrm.patterns.spec.PatternSpec.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A pattern that is recorded and notifies nobody. */
@Command(
        name = "shadow",
        description = "Lets a pattern run without telling anybody.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns shadow resting-tachycardia",
            "",
            "Its alerts are recorded and counted, never notified; open live ones are resolved as",
            "PATTERN_CHANGED. Back again: hrm patterns rollback ID"
        })
final class PatternsShadow implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "ID", description = "The pattern.")
    String id;

    @Override
    public Integer call() {
        return PatternsPush.changeMode(spec, output, kafka.broker(), id, Mode.SHADOW);
    }
}
