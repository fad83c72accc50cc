package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.importers.FileRejection;
import hrm.model.Json;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** What was set aside, a JSON object a line. Made with the first, for its owner's eyes only. */
final class RejectsFile implements Closeable {
    private final Path file;
    private OutputStream out;

    RejectsFile(Path file) {
        this.file = file;
    }

    void add(FileRejection rejection) {
        try {
            if (out == null) {
                Files.deleteIfExists(file);
                Files.createFile(file, ownersOnly());
                out = new BufferedOutputStream(Files.newOutputStream(file));
            }
            out.write(Json.write(rejection));
            out.write("\n".getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "--rejects " + file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static FileAttribute<?>[] ownersOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
