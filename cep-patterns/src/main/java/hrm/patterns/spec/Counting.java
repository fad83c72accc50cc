package hrm.patterns.spec;

import java.time.Duration;

/**
 * A step that counts: of the last {@code of} samples at least {@code atLeast} are true, and the
 * first true one of them lies at least {@code minSpan} before the last.
 *
 * @param every samples are at least this far apart; zero when every input is one
 * @param among which inputs can be samples, parameters still in it; null when all
 */
public record Counting(int atLeast, int of, Duration every, Duration minSpan, String among) {}
