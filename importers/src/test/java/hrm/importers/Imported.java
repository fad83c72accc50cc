package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.model.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What came of an import. */
record Imported(
        List<Reading> readings,
        List<FileRejection> rejections,
        long others,
        Map<String, Integer> formats,
        List<String> unrecognised) {
    static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    static Imported of(Path... paths) throws IOException {
        return of("anna", null, "UTC", paths);
    }

    static Imported of(String user, String device, String zone, Path... paths) throws IOException {
        var readings = new ArrayList<Reading>();
        var rejections = new ArrayList<FileRejection>();
        try (var files = Import.open(List.of(paths), null)) {
            var intake =
                    new Intake(
                            new Intake.Defaults(user, device, ZoneId.of(zone)),
                            NOW.toEpochMilli(),
                            readings::add,
                            rejections::add);
            files.run(intake);
            return new Imported(
                    readings, rejections, intake.others(), files.formats(), files.unrecognised());
        }
    }

    List<String> times() {
        return readings.stream()
                .map(reading -> Instant.ofEpochMilli(reading.timestampMs()).toString())
                .toList();
    }

    List<Integer> bpm() {
        return readings.stream().map(Reading::bpm).toList();
    }

    List<Integer> steps() {
        return readings.stream().map(Reading::steps).toList();
    }

    /** {@code 12 NOT_JSON}. */
    List<String> refused() {
        return rejections.stream().map(one -> one.line() + " " + one.reason()).toList();
    }

    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out =
                        file.toString().endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            out.write(text.getBytes(UTF_8));
        }
        return file;
    }

    static Path zip(Path file, Map<String, String> entries) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(UTF_8));
                out.closeEntry();
            }
        }
        return file;
    }
}
