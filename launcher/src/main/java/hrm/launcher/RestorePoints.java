package hrm.launcher;

import hrm.embedded.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the monitoring job of a kept stack can be resumed from: its savepoints, and the checkpoints
 * that are left when it ends without one.
 *
 * <pre>
 *  FOLDER/monitoring-jobs            ids of the jobs that were submitted, one a line, oldest first
 *        /checkpoints/JOB/chk-N/_metadata
 *        /savepoints/savepoint-JOB6-RANDOM/_metadata
 * </pre>
 *
 * @param folder the Flink cluster's
 */
record RestorePoints(Path folder) {
    /** Of the savepoints of earlier stops; each holds the whole state. */
    private static final int SAVEPOINTS_KEPT = 3;

    private static final String METADATA = "_metadata";

    /** Notes that this job is a run of the monitoring job. */
    void add(String jobId) {
        if (!jobs().contains(jobId)) {
            try {
                Files.createDirectories(folder);
                Files.writeString(
                        ledger(),
                        jobId + "\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + ledger(), e);
            }
        }
    }

    /** Newest first. Only complete ones: Flink writes the metadata last. */
    List<Path> newestFirst() {
        var found = new ArrayList<Path>();
        for (var job : jobs()) {
            found.addAll(complete(checkpoints(job)));
        }
        found.addAll(savepoints());
        found.sort(Comparator.comparing(RestorePoints::written).reversed());
        return found;
    }

    /**
     * Deletes what is superseded once the running job has a checkpoint of its own. It does not
     * share files with what it was resumed from: Flink's first checkpoint after that is a full one.
     */
    void prune(String runningJob) {
        if (complete(checkpoints(runningJob)).isEmpty()) {
            return;
        }
        for (var job : jobs()) {
            if (!job.equals(runningJob)) {
                TemporaryFolder.delete(checkpoints(job));
            }
        }
        savepoints().stream()
                .sorted(Comparator.comparing(RestorePoints::written).reversed())
                .skip(SAVEPOINTS_KEPT)
                .forEach(TemporaryFolder::delete);
    }

    private List<Path> savepoints() {
        var jobs = jobs();
        return complete(folder.resolve("savepoints")).stream()
                .filter(
                        savepoint ->
                                jobs.stream()
                                        .anyMatch(
                                                job ->
                                                        savepoint
                                                                .getFileName()
                                                                .toString()
                                                                .startsWith(
                                                                        "savepoint-"
                                                                                + job.substring(
                                                                                        0, 6)
                                                                                + "-")))
                .toList();
    }

    private Set<String> jobs() {
        try {
            return Files.exists(ledger())
                    ? new LinkedHashSet<>(Files.readAllLines(ledger()))
                    : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + ledger(), e);
        }
    }

    private Path ledger() {
        return folder.resolve("monitoring-jobs");
    }

    private Path checkpoints(String job) {
        return folder.resolve("checkpoints").resolve(job);
    }

    private static List<Path> complete(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(parent)) {
            return inside.filter(one -> Files.isRegularFile(one.resolve(METADATA))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + parent, e);
        }
    }

    private static FileTime written(Path point) {
        try {
            return Files.getLastModifiedTime(point.resolve(METADATA));
        } catch (IOException e) {
            // A running job has just replaced it.
            return FileTime.fromMillis(0);
        }
    }
}
