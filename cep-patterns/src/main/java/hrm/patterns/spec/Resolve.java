package hrm.patterns.spec;

import java.time.Duration;

/**
 * When an episode is over.
 *
 * @param hold how long it must be true on every input; zero when one input is enough
 */
public record Resolve(String where, Duration hold, Duration maxGap) {}
