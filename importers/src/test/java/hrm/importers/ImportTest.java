package hrm.importers;

import static hrm.importers.Imported.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
    private static final String CSV =
            "timestamp,bpm\n2026-01-31T08:15:30Z,72\n2026-01-31T08:15:31Z,73\n";

    @TempDir private Path folder;

    @Test
    void aFoldersFilesAreReadWhereverTheyLieAndOthersAreNamed() throws IOException {
        write(folder.resolve("a/one.csv"), CSV);
        write(folder.resolve("a/b/two.csv.gz"), CSV);
        write(folder.resolve("a/events.csv"), "user,start,end\nu,1,2\n");
        write(folder.resolve("empty.csv"), "");

        var imported = Imported.of(folder);

        assertThat(imported.bpm()).containsExactly(72, 73, 72, 73);
        assertThat(imported.unrecognised())
                .extracting(name -> Path.of(name).getFileName().toString())
                .containsExactly("events.csv", "empty.csv");
    }

    @Test
    void whatCannotBeUnpackedToItsEndGivesWhatItHas() throws IOException {
        var lines = new StringBuilder("timestamp,bpm\n");
        for (int i = 0; i < 20_000; i++) {
            lines.append(1_700_000_000_000L + i * 7_919L * (i % 13))
                    .append(",7")
                    .append(i % 10)
                    .append('\n');
        }
        var whole = Files.readAllBytes(write(folder.resolve("x.csv.gz"), lines.toString()));
        Files.write(folder.resolve("x.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
        write(folder.resolve("y.csv"), CSV);

        var imported = Imported.of(folder);

        assertThat(imported.readings().size()).isBetween(5_000, 15_000);
        assertThat(imported.rejections()).hasSize(1);
        assertThat(imported.rejections().get(0).reason()).isEqualTo("CUT_OFF");
        assertThat(imported.bpm()).endsWith(72, 73);
    }

    @Test
    void aNamedFileOfNoKnownFormatIsRefusedWithWhatToDo() throws IOException {
        var file = write(folder.resolve("x.txt"), "hello\n");

        assertThatThrownBy(() -> Import.open(List.of(file), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x.txt")
                .hasMessageContaining("--format csv, fitbit, apple-health, fhir, open-mhealth");
        assertThatThrownBy(() -> Import.open(List.of(folder.resolve("no")), null))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void progressCountsBytesAsTheyLieThereAndThoseReadTwiceTwice() throws IOException {
        var csv = write(folder.resolve("one.csv.gz"), CSV);
        var apple = write(folder.resolve("export.xml"), "<HealthData></HealthData>");
        try (var files = Import.open(List.of(csv, apple), null)) {
            assertThat(files.totalBytes()).isEqualTo(Files.size(csv) + 2 * Files.size(apple));
            files.run(
                    new Intake(
                            new Intake.Defaults("u", null, ZoneOffset.UTC),
                            Imported.NOW.toEpochMilli(),
                            reading -> {},
                            rejection -> {}));
            assertThat(files.readBytes()).isEqualTo(files.totalBytes());
        }
    }

    @Test
    void whoCancelsEndsTheReadingAlsoOfWhatHoldsNoReading() throws IOException {
        var text = "<HealthData>" + " <Record type=\"other\"/>\n".repeat(100_000) + "</HealthData>";
        var apple = write(folder.resolve("export.xml"), text);
        try (var files = Import.open(List.of(apple), null)) {
            files.cancel();

            assertThatThrownBy(
                            () ->
                                    files.run(
                                            new Intake(
                                                    new Intake.Defaults("u", null, ZoneOffset.UTC),
                                                    Imported.NOW.toEpochMilli(),
                                                    reading -> {},
                                                    rejection -> {})))
                    .isInstanceOf(CancellationException.class);
        }
    }
}
