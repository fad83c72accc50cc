package hrm.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is written to a log from now on, line by line, also when it is rotated meanwhile. */
final class LogFollower {
    private final Path log;
    private long position;
    private String begun = "";

    /** Begins at the end of what is there. */
    LogFollower(Path log) {
        this(log, size(log));
    }

    LogFollower(Path log, long position) {
        this.log = log;
        this.position = position;
    }

    /** Complete lines since the last call. */
    List<String> newLines() {
        long size = size(log);
        if (size < position) {
            position = 0; // Rotated: this is another file.
        }
        if (size == position) {
            return List.of();
        }
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(position);
            var bytes = new byte[Math.toIntExact(size - position)];
            file.readFully(bytes);
            position = size;
            var text = begun + new String(bytes, StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n');
            begun = text.substring(end + 1);
            return end < 0 ? List.of() : text.substring(0, end).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
