package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
    @TempDir Path folder;

    @Test
    void aProcessThatHasItsLogOpenWritesOnFromTheBeginningOfTheEmptiedOne() throws Exception {
        var log = folder.resolve("log");
        var rotation = new LogRotation(List.of(log), 4, 2);
        var writer =
                new ProcessBuilder("cat")
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        try {
            for (var line : List.of("one\n", "two\n", "three\n")) {
                writer.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                writer.getOutputStream().flush();
                await(line).untilAsserted(() -> assertThat(log).hasContent(line));
                rotation.run();
            }
        } finally {
            writer.destroy();
            writer.waitFor();
        }

        assertThat(log).isEmptyFile();
        assertThat(folder.resolve("log.1")).hasContent("three\n");
        assertThat(folder.resolve("log.2")).hasContent("two\n");
        assertThat(folder.resolve("log.3")).doesNotExist();
    }

    @Test
    void whatIsNotFullOrNotThereStaysAsItIs() throws IOException {
        var log = Files.writeString(folder.resolve("log"), "one\n");

        new LogRotation(List.of(folder.resolve("none"), log), 5, 2).run();

        assertThat(log).hasContent("one\n");
        assertThat(folder.toFile().list()).containsExactly("log");
    }
}
