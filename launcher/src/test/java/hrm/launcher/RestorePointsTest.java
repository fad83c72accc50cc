package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorePointsTest {
    private static final String FIRST = "aaaaaa00000000000000000000000000";
    private static final String SECOND = "bbbbbb00000000000000000000000000";
    private static final String SOMEBODYS = "cccccc00000000000000000000000000";

    @TempDir Path folder;
    private RestorePoints points;

    @BeforeEach
    void twoRuns() {
        points = new RestorePoints(folder);
        points.add(FIRST);
        points.add(SECOND);
    }

    private Path checkpoint(String job, int number, long writtenAt) throws IOException {
        return point(
                folder.resolve("checkpoints").resolve(job).resolve("chk-" + number), writtenAt);
    }

    private Path savepoint(String job, String random, long writtenAt) throws IOException {
        return point(
                folder.resolve("savepoints")
                        .resolve("savepoint-" + job.substring(0, 6) + "-" + random),
                writtenAt);
    }

    private static Path point(Path path, long writtenAt) throws IOException {
        Files.createDirectories(path);
        var metadata = Files.writeString(path.resolve("_metadata"), "state");
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(writtenAt));
        return path;
    }

    @Test
    void newestIsFirstWhetherSavepointOrCheckpoint() throws IOException {
        var old = checkpoint(FIRST, 7, 1_000);
        var stop = savepoint(FIRST, "x", 2_000);
        var crash = checkpoint(SECOND, 3, 3_000);

        assertThat(points.newestFirst()).containsExactly(crash, stop, old);
    }

    @Test
    void whatIsNotCompleteIsNoPoint() throws IOException {
        Files.createDirectories(folder.resolve("checkpoints").resolve(SECOND).resolve("chk-9"));
        Files.createDirectories(folder.resolve("checkpoints").resolve(SECOND).resolve("shared"));
        var complete = checkpoint(SECOND, 8, 1_000);

        assertThat(points.newestFirst()).containsExactly(complete);
    }

    @Test
    void jobsThatOthersHaveSubmittedAreNotOurs() throws IOException {
        var theirs = checkpoint(SOMEBODYS, 1, 9_000);
        var theirSavepoint = savepoint(SOMEBODYS, "y", 9_000);
        checkpoint(SECOND, 1, 1_000);

        points.prune(SECOND);

        assertThat(points.newestFirst()).hasSize(1);
        assertThat(theirs).exists();
        assertThat(theirSavepoint).exists();
    }

    @Test
    void nothingIsDeletedBeforeTheRunningJobHasACheckpointOfItsOwn() throws IOException {
        var old = checkpoint(FIRST, 7, 1_000);

        points.prune(SECOND);

        assertThat(old).exists();
    }

    @Test
    void supersededCheckpointsGoAndTheNewestSavepointsStay() throws IOException {
        var old = checkpoint(FIRST, 7, 1_000);
        var oldest = savepoint(FIRST, "0", 2_000);
        var kept = savepoint(FIRST, "1", 3_000);
        savepoint(FIRST, "2", 4_000);
        savepoint(SECOND, "3", 5_000);
        var current = checkpoint(SECOND, 1, 6_000);

        points.prune(SECOND);

        assertThat(old).doesNotExist();
        assertThat(oldest).doesNotExist();
        assertThat(kept).exists();
        assertThat(points.newestFirst()).hasSize(4).startsWith(current);
    }

    @Test
    void aNewStackHasNone() {
        assertThat(new RestorePoints(folder.resolve("new")).newestFirst()).isEmpty();
    }
}
