package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.importers.ReadingWriter;
import hrm.model.MinuteRow;
import hrm.model.ReadingCodec;
import hrm.sinks.readings.MinuteRows;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A person's stored readings, to take along. */
@Command(
        name = "export",
        description = "Writes a person's stored readings to a file.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm readings export --user anna --from 2026-01-01 --output anna.csv.gz",
            "  hrm readings export --user anna --from 30d --format fhir > anna.json",
            "",
            "csv has everything; fhir, a Bundle of Observations, heart rates and steps. Both are",
            "read back by hrm readings import."
        })
final class ReadingsExport implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Option(names = "--user", required = true, paramLabel = "USER", description = "Whose.")
    String user;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description = {Moment.FORMS + ".", "Default: the earliest"})
    Instant from = Instant.ofEpochMilli(ReadingCodec.MIN_TIMESTAMP_MS);

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Not included. Default: the latest")
    Instant to = Instant.now().plusMillis(ReadingCodec.MAX_AHEAD_MS);

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv or fhir. Default: ${DEFAULT-VALUE}")
    ReadingWriter.Form format;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Gzipped when it ends in .gz. Default: standard output")
    Path output;

    @Mixin DatabaseOption database;

    private long written;
    private long leftOut;

    @Override
    public Integer call() throws IOException, SQLException {
        if (!from.isBefore(to)) {
            throw new ParameterException(spec.commandLine(), "--from must be before --to.");
        }
        if (output == null) {
            export(printed(spec.commandLine().getOut()));
        } else {
            // Under its name only when it is complete.
            var part = output.resolveSibling(output.getFileName() + ".part");
            try {
                export(new OutputStreamWriter(zipped(Files.newOutputStream(part)), UTF_8));
                Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        var err = spec.commandLine().getErr();
        if (leftOut > 0) {
            err.println(
                    Words.count(leftOut, "reading", "readings")
                            + " without a heart rate left out; csv has them.");
        }
        err.println(
                "exported "
                        + Words.count(written, "reading", "readings")
                        + (output == null ? "" : " to " + output));
        if (written == 0) {
            err.println("No reading of '" + user + "' is stored there. Is the id right?");
            return 1;
        }
        return 0;
    }

    private OutputStream zipped(OutputStream out) throws IOException {
        return output.toString().endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : out;
    }

    private void export(Writer out) throws IOException, SQLException {
        try (var connection = database.connect();
                var writer = format.to(out)) {
            connection.setAutoCommit(false);
            MinuteRows.each(connection, user, from, to, minute -> write(minute, writer));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(MinuteRow minute, ReadingWriter writer) {
        for (var reading : minute.readings()) {
            boolean asked =
                    reading.timestampMs() >= from.toEpochMilli()
                            && reading.timestampMs() < to.toEpochMilli();
            if (!asked) {
                continue;
            }
            try {
                if (writer.write(reading)) {
                    written++;
                } else {
                    leftOut++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The command's own output, which stays open. */
    private static Writer printed(PrintWriter out) {
        return new FilterWriter(out) {
            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
