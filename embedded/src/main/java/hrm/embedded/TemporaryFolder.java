package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A folder that is deleted with all that is in it: on close, when this JVM ends, and when it is
 * killed. Create it before the processes that work in it: they then stop first.
 */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Shutdown.Registration atShutdown;

    private TemporaryFolder(Path path) {
        this.path = path;
        this.atShutdown = Shutdown.before(this::close);
    }

    /**
     * Creates one in the system's temporary folder, for this user alone.
     *
     * @param prefix of its name, for people who look into the temporary folder
     */
    public static TemporaryFolder create(String prefix) {
        try {
            // Real path: the watchdog and PostgreSQL must not depend on a symbolic link.
            var path = Files.createTempDirectory(prefix).toRealPath();
            // Registered first: starting the watchdog takes a while, and Ctrl-C may come in it.
            var folder = new TemporaryFolder(path);
            Watchdog.watch(path);
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot create a temporary folder", failure);
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public synchronized void close() {
        delete(path);
        atShutdown.close();
        Watchdog.forget(path);
    }

    /** Deletes a folder if it exists; what disappears meanwhile is fine. */
    public static void delete(Path folder) {
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException failure)
                                throws IOException {
                            if (failure instanceof NoSuchFileException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw failure;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                                throws IOException {
                            Files.deleteIfExists(dir);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot delete " + folder, failure);
        }
    }
}
