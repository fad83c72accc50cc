package hrm.patterns.spec;

import java.time.Duration;
import java.util.List;

/**
 * What a pattern must do with some readings; run by {@code hrm patterns test} and the build.
 *
 * @param given readings in the example notation
 * @param expect {@code detected_at} of each alert, since the first reading's day zero
 */
public record Example(String given, List<Duration> expect) {
    public Example {
        expect = List.copyOf(expect);
    }
}
