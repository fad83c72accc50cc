package hrm.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Keeps logs that are the standard output of a process from growing for ever. What is full becomes
 * {@code LOG.1}, which becomes {@code LOG.2}, and so on until the oldest goes.
 *
 * <p>The writer holds its file open and appends to it. So the file is copied and emptied, not
 * renamed; a line written in the instant between the two is lost.
 *
 * @param fullBytes from this size on
 * @param kept how many old parts stay
 */
record LogRotation(List<Path> logs, long fullBytes, int kept) {
    LogRotation {
        logs = List.copyOf(logs);
    }

    /** As much as Flink keeps of its own logs ({@code flink-conf/log4j.properties}). */
    static LogRotation of(List<Path> logs) {
        return new LogRotation(logs, 20L << 20, 5);
    }

    /** Rotates those that are full. */
    void run() {
        for (var log : logs) {
            try {
                if (Files.exists(log) && Files.size(log) >= fullBytes) {
                    rotate(log);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot rotate " + log + ": " + e.getMessage(), e);
            }
        }
    }

    private void rotate(Path log) throws IOException {
        for (int number = kept - 1; number > 0; number--) {
            if (Files.exists(part(log, number))) {
                Files.move(
                        part(log, number),
                        part(log, number + 1),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(log, part(log, 1), StandardCopyOption.REPLACE_EXISTING);
        FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .close();
    }

    private static Path part(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }
}
