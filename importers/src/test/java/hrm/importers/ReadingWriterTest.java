package hrm.importers;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.importers.ReadingWriter.Form;
import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingWriterTest {
    @TempDir private Path folder;

    private final List<Reading> readings = generated();

    private static List<Reading> generated() {
        long seed = Long.getLong("hrm.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dhrm.seed=" + seed + ")");
        var random = new Random(seed);
        var users = List.of("anna", "Ünï-👩", "u'; DROP TABLE \"x\", --", "p/1");
        var devices = List.of("default", "watch-1", "Anna’s, \"Watch\"");
        var activities = List.of("rest", "a \"brisk\", walk", "läuft 🏃", "x|y;z");
        var readings = new ArrayList<Reading>();
        for (int i = 0; i < 2_000; i++) {
            boolean hasBpm = random.nextInt(10) > 0;
            readings.add(
                    new Reading(
                            users.get(random.nextInt(users.size())),
                            devices.get(random.nextInt(devices.size())),
                            1_700_000_000_000L + i * 1_234L,
                            hasBpm ? 20 + random.nextInt(281) : Reading.UNKNOWN,
                            !hasBpm || random.nextBoolean()
                                    ? random.nextInt(32_768)
                                    : Reading.UNKNOWN,
                            random.nextBoolean()
                                    ? activities.get(random.nextInt(activities.size()))
                                    : null,
                            random.nextInt(3) == 0
                                    ? random.ints(1 + random.nextInt(4), 200, 3_001).toArray()
                                    : null,
                            random.nextInt(3) == 0 ? random.nextBoolean() : null,
                            random.nextInt(3) == 0 ? random.nextDouble() : Double.NaN));
        }
        return readings;
    }

    private Path written(Form form) throws IOException {
        var file = folder.resolve("export." + form);
        try (var writer = form.to(Files.newBufferedWriter(file))) {
            for (var reading : readings) {
                assertThat(writer.write(reading)).isEqualTo(form == Form.csv || reading.hasBpm());
            }
        }
        return file;
    }

    @Test
    void csvIsReadBackAsItWas() throws IOException {
        var imported = Imported.of(null, null, "Asia/Tokyo", written(Form.csv));

        assertThat(imported.rejections()).isEmpty();
        assertThat(imported.formats()).containsOnlyKeys("csv");
        assertThat(imported.readings()).isEqualTo(readings);
    }

    @Test
    void aBundleIsReadBackAsFarAsItCanSayIt() throws IOException {
        var imported = Imported.of(null, null, "Asia/Tokyo", written(Form.fhir));

        assertThat(imported.rejections()).isEmpty();
        assertThat(imported.formats()).containsOnlyKeys("fhir");
        assertThat(imported.readings())
                .isEqualTo(
                        readings.stream()
                                .filter(Reading::hasBpm)
                                .map(
                                        r ->
                                                Reading.of(
                                                        r.userId(),
                                                        r.deviceId(),
                                                        r.timestampMs(),
                                                        r.bpm(),
                                                        r.steps()))
                                .toList());
    }

    @Test
    void aLineBreakInAnActivityBecomesABlank() throws IOException {
        readings.clear();
        readings.add(
                new Reading("u", "d", 1_700_000_000_000L, 60, 0, "two\nlines", null, null, 1e-5));

        var back = Imported.of(written(Form.csv)).readings().get(0);

        assertThat(back.activity()).isEqualTo("two lines");
        assertThat(back.confidence()).isEqualTo(1e-5);
    }
}
