package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.embedded.ChildProcess;
import hrm.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The processes of a kept stack, by id and start, so that what a killed supervisor has left behind
 * is found, and nothing else that has got the same id.
 */
record ProcessList(@JsonProperty("processes") List<Entry> processes) {
    private static final String FILE = "processes.json";

    record Entry(
            @JsonProperty("name") String name,
            @JsonProperty("pid") long pid,
            @JsonProperty("started") Instant started) {

        /** Empty when it has ended. */
        Optional<ProcessHandle> alive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> started.equals(handle.info().startInstant().orElse(null)));
        }
    }

    static ProcessList of(List<ChildProcess> processes) {
        return new ProcessList(
                processes.stream()
                        .map(
                                process ->
                                        new Entry(
                                                process.name(),
                                                process.pid(),
                                                ProcessHandle.of(process.pid())
                                                        .flatMap(one -> one.info().startInstant())
                                                        .orElse(Instant.EPOCH)))
                        .toList());
    }

    /** Empty when nothing was written. */
    static ProcessList read(StackFolder folder) {
        try {
            return Json.read(Files.readAllBytes(folder.path().resolve(FILE)), ProcessList.class);
        } catch (NoSuchFileException e) {
            return new ProcessList(List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder.path().resolve(FILE), e);
        }
    }

    void write(StackFolder folder) {
        try {
            var next = folder.path().resolve(FILE + ".next");
            Files.write(next, Json.write(this));
            Files.move(next, folder.path().resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + folder.path().resolve(FILE), e);
        }
    }
}
