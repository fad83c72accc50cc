package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
    @TempDir Path folder;

    @Test
    void onlyWhatComesLaterIsToldAndOnlyWholeLines() throws IOException {
        var log = Files.writeString(folder.resolve("log"), "before\n");
        var follower = new LogFollower(log);

        assertThat(follower.newLines()).isEmpty();
        append(log, "one\ntwo\nthr");
        assertThat(follower.newLines()).containsExactly("one", "two");
        append(log, "ee\n");
        assertThat(follower.newLines()).containsExactly("three");
    }

    @Test
    void aRotatedLogIsReadFromItsBeginning() throws IOException {
        var log = Files.writeString(folder.resolve("log"), "a long line from before\n");
        var follower = new LogFollower(log);

        Files.writeString(log, "new\n");

        assertThat(follower.newLines()).containsExactly("new");
    }

    @Test
    void aLogThatIsNotThereYetIsWaitedFor() throws IOException {
        var log = folder.resolve("log");
        var follower = new LogFollower(log);

        assertThat(follower.newLines()).isEmpty();
        Files.writeString(log, "first\n");
        assertThat(follower.newLines()).containsExactly("first");
    }

    private static void append(Path log, String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }
}
