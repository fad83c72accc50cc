package hrm.launcher;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/**
 * An {@code export.xml} as a phone writes it, as long as wanted: heart rates, energy, then steps,
 * each record with its device in escaped brackets.
 */
final class AppleExport {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss '+0000'").withZone(ZoneOffset.UTC);
    private static final long BEGIN = Instant.parse("2023-01-01T00:00:00Z").getEpochSecond();

    private AppleExport() {}

    /**
     * @param bytes how long it is at least
     * @return how many heart rates it has
     */
    static long write(Path file, long bytes) throws IOException {
        var random = new Random(1);
        long readings = 0;
        long length = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(
                    """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <!DOCTYPE HealthData [
                    <!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
                    <!ATTLIST Record
                    <!ATTLIST Record
                      type CDATA #REQUIRED
                    >
                    ]>
                    <HealthData locale="de_DE">
                    """);
            long at = BEGIN;
            while (length < bytes - bytes / 50) {
                boolean isRate = random.nextInt(5) > 1;
                at += 1 + random.nextInt(9);
                length +=
                        write(
                                out,
                                isRate ? "HeartRate" : "ActiveEnergyBurned",
                                isRate ? "count/min" : "kcal",
                                at,
                                isRate ? at : at + 60,
                                Integer.toString(isRate ? 50 + random.nextInt(100) : 3));
                readings += isRate ? 1 : 0;
            }
            long end = at;
            for (at = BEGIN; length < bytes && at < end; at += 60 * (1 + random.nextInt(8))) {
                length +=
                        write(
                                out,
                                "StepCount",
                                "count",
                                at,
                                at + 60,
                                Integer.toString(random.nextInt(120)));
            }
            out.write("</HealthData>\n");
        }
        return readings;
    }

    private static long write(
            BufferedWriter out, String type, String unit, long from, long to, String value)
            throws IOException {
        var record =
                " <Record type=\"HKQuantityTypeIdentifier"
                        + type
                        + "\" sourceName=\"Apple\u00a0Watch\" sourceVersion=\"9.1\" device=\"&lt;&lt;HKDevice:"
                        + " 0x283b54d20&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch,"
                        + " hardware:Watch6,2, software:9.1&gt;\" unit=\""
                        + unit
                        + "\" creationDate=\""
                        + TIME.format(Instant.ofEpochSecond(to))
                        + "\" startDate=\""
                        + TIME.format(Instant.ofEpochSecond(from))
                        + "\" endDate=\""
                        + TIME.format(Instant.ofEpochSecond(to))
                        + "\" value=\""
                        + value
                        + "\"/>\n";
        out.write(record);
        return record.length();
    }
}
