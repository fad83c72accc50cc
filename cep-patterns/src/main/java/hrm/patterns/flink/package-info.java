/**
 * Patterns run by Flink CEP's own automaton ({@code org.apache.flink.cep.nfa.NFA}), hosted over an
 * in-memory state of one device: no operator, no watermark, no clock but the inputs' own. Read
 * {@link hrm.patterns.flink.NfaMatcher} first, then {@link hrm.patterns.flink.FlinkPattern}.
 *
 * <p>Only public classes of flink-cep are used: the shipped jar relocates it, and an override of a
 * package-private member would then silently not apply.
 */
package hrm.patterns.flink;
