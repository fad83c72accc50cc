package hrm.launcher;

import hrm.model.Alert.Severity;
import picocli.CommandLine.Help.Ansi;

/** Colours, where a terminal shows them. */
enum Style {
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36"),
    BOLD("1"),
    FAINT("2"),
    ALARM("1;31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(Ansi ansi, String text) {
        // Not picocli's markup: a text may hold its characters.
        return ansi.enabled() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    static Style of(Severity severity) {
        return switch (severity) {
            case CRITICAL -> ALARM;
            case HIGH -> RED;
            case MEDIUM -> YELLOW;
            case LOW, INFO -> CYAN;
        };
    }
}
