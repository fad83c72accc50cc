package hrm.launcher;

import hrm.patterns.spec.PatternSpec.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A pattern that judges nobody any more. */
@Command(
        name = "off",
        description = "Switches a pattern off.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns off resting-tachycardia",
            "",
            "Its open alerts are resolved as PATTERN_CHANGED; what is half-finished is lost.",
            "Back again: hrm patterns rollback ID"
        })
final class PatternsOff implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "ID", description = "The pattern.")
    String id;

    @Override
    public Integer call() {
        return PatternsPush.changeMode(spec, output, kafka.broker(), id, Mode.OFF);
    }
}
