package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code docs/man/man1} is made of the commands' declarations; {@code -Dhrm.write=true} writes it.
 * Written as roff at once: picocli's own generator makes AsciiDoc, which needs another program to
 * become a page.
 */
class ManPagesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("hrm.home"), "docs", "man", "man1");

    @Test
    void thePagesSayWhatTheCommandsTake() throws IOException {
        var pages = pages();
        if (Boolean.getBoolean("hrm.write")) {
            write(pages);
        }

        var committed = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (var file : files.toList()) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed)
                .as(
                        "stale; write them anew: mvn -pl launcher -am test -Dtest=ManPagesTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhrm.write=true")
                .isEqualTo(pages);
    }

    private static void write(Map<String, String> pages) throws IOException {
        Files.createDirectories(FOLDER);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (var file : files.filter(one -> one.toString().endsWith(".1")).toList()) {
                Files.delete(file);
            }
        }
        for (var page : pages.entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }

    /** By file name: {@code hrm.1}, {@code hrm-patterns-push.1}. */
    private static Map<String, String> pages() {
        var pages = new TreeMap<String, String>();
        // Whatever the terminal of whoever writes them.
        gather(Hrm.commandLine().setUsageHelpAutoWidth(false).setUsageHelpWidth(80), pages);
        return pages;
    }

    private static void gather(CommandLine command, Map<String, String> pages) {
        pages.put(name(command) + ".1", page(command));
        command.getSubcommands().values().forEach(sub -> gather(sub, pages));
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    private static String page(CommandLine command) {
        var spec = command.getCommandSpec();
        var help = command.getHelp();
        var text = new StringBuilder(".\\\" Made from the code; do not edit.\n");
        // No date: two builds of one commit give the same bytes.
        line(
                text,
                ".TH %s 1 \"\" hrm \"Heart-rate monitoring\"",
                name(command).toUpperCase(Locale.ROOT));
        line(text, ".SH NAME");
        var about = String.join(" ", spec.usageMessage().description());
        line(text, "%s \\- %s", roff(name(command)), roff(about.replaceFirst("\\.$", "")));
        line(text, ".SH SYNOPSIS");
        line(text, ".nf\n%s\n.fi", roff(synopsis(help)));
        line(text, ".SH DESCRIPTION");
        line(text, "%s", paragraph(about));
        parameters(text, command);
        options(text, command);
        commands(text, command);
        footer(text, spec.usageMessage().footer());
        line(text, ".SH EXIT STATUS");
        line(text, "0 fine, 1 failed, 2 wrong usage.");
        seeAlso(text, command);
        return text.toString();
    }

    private static void line(StringBuilder text, String form, Object... values) {
        text.append(values.length == 0 ? form : String.format(Locale.ROOT, form, values))
                .append('\n');
    }

    private static String synopsis(CommandLine.Help help) {
        return plain(help.synopsis(0)).strip();
    }

    private static String plain(String text) {
        return Ansi.OFF.string(text);
    }

    private static void parameters(StringBuilder text, CommandLine command) {
        var parameters = command.getCommandSpec().positionalParameters();
        if (!parameters.isEmpty()) {
            line(text, ".SH ARGUMENTS");
        }
        for (var parameter : parameters) {
            entry(text, "\\fI" + roff(parameter.paramLabel()) + "\\fR", parameter.description());
        }
    }

    private static void options(StringBuilder text, CommandLine command) {
        line(text, ".SH OPTIONS");
        for (var option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                entry(text, heading(option), described(option));
            }
        }
    }

    private static String heading(OptionSpec option) {
        var names =
                Stream.of(option.names())
                        .map(name -> "\\fB" + roff(name) + "\\fR")
                        .collect(Collectors.joining(", "));
        return option.arity().max() > 0
                ? names + " \\fI" + roff(option.paramLabel()) + "\\fR"
                : names;
    }

    /** Defaults are filled in, but for those of the environment of whoever writes this. */
    private static String[] described(OptionSpec option) {
        return Stream.of(option.description())
                .map(one -> one.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue())))
                .toArray(String[]::new);
    }

    private static void commands(StringBuilder text, CommandLine command) {
        var commands = command.getSubcommands();
        if (!commands.isEmpty()) {
            line(text, ".SH COMMANDS");
        }
        commands.forEach(
                (name, sub) ->
                        entry(
                                text,
                                "\\fB" + roff(name) + "\\fR",
                                sub.getCommandSpec().usageMessage().description()));
    }

    private static void entry(StringBuilder text, String heading, String[] description) {
        line(text, ".TP\n%s\n%s", heading, paragraph(String.join(" ", description)));
    }

    /** Examples keep their lines; sentences flow. */
    private static void footer(StringBuilder text, String[] lines) {
        if (lines.length == 0) {
            return;
        }
        line(text, ".SH EXAMPLE");
        for (var one : lines) {
            if (one.startsWith("  ")) {
                line(text, ".nf\n.RS\n%s\n.RE\n.fi", roff(plain(one).strip()));
            } else if (one.isBlank()) {
                line(text, ".PP");
            } else {
                line(text, "%s", paragraph(plain(one)));
            }
        }
    }

    private static void seeAlso(StringBuilder text, CommandLine command) {
        var others = new ArrayList<CommandLine>(command.getSubcommands().values());
        if (command.getParent() != null) {
            others.add(0, command.getParent());
        }
        line(text, ".SH SEE ALSO");
        line(
                text,
                "%s",
                others.stream()
                        .map(one -> "\\fB" + roff(name(one)) + "\\fR(1)")
                        .collect(Collectors.joining(", ")));
    }

    private static String paragraph(String text) {
        return roff(plain(text));
    }

    /** A backslash, a hyphen, and a point or quote at a line's start mean something to roff. */
    private static String roff(String text) {
        return List.of(text.replace("\\", "\\e").replace("-", "\\-").split("\n", -1)).stream()
                .map(one -> one.matches("^[.'].*") ? "\\&" + one : one)
                .collect(Collectors.joining("\n"));
    }
}
