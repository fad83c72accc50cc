package hrm.patterns.check;

/**
 * Something wrong in a condition or another short text, by its place in that text.
 *
 * @param offset code points from the text's start
 * @param length code points; at least 1
 * @param message what is wrong
 * @param suggestion what to do; empty when there is nothing to add
 */
public record Problem(int offset, int length, String message, String suggestion) {}
