package hrm.importers;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Files, folders and zip archives with readings: what is in them, and by which format it is read.
 */
public final class Import implements Closeable {
    private final List<ZipFile> archives = new ArrayList<>();
    private final Map<Format, List<Source>> sources = new LinkedHashMap<>();
    private final List<String> unrecognised = new ArrayList<>();
    private final Meter read = new Meter();

    private Import() {}

    /**
     * Looks at the beginning of each file.
     *
     * @param format null for the one that recognises the file. A file that is named itself is read
     *     by the one that is given, whatever it looks like
     * @throws IOException when one cannot be read
     * @throws IllegalArgumentException when a file that is named itself is of no known format, or
     *     an archive is broken
     */
    public static Import open(List<Path> paths, Format format) throws IOException {
        var opened = new Import();
        try {
            for (var path : paths) {
                opened.add(path, format);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(Path path, Format format) throws IOException {
        if (Files.isDirectory(path)) {
            try (var files = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
                for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                    addFile(file, format, false);
                }
            }
        } else if (Files.exists(path)) {
            addFile(path, format, true);
        } else {
            throw new NoSuchFileException(path.toString());
        }
    }

    private void addFile(Path file, Format format, boolean named) throws IOException {
        if (isArchive(file)) {
            addEntries(file, format);
            return;
        }
        var source =
                new Source(
                        file.toString(), Files.size(file), () -> Files.newInputStream(file), read);
        var by = named && format != null ? format : formatOf(source, format);
        if (by != null) {
            sources.computeIfAbsent(by, f -> new ArrayList<>()).add(source);
        } else if (named) {
            throw new IllegalArgumentException(
                    file
                            + ": is of no format that is known. If it is one of them, say which:"
                            + " --format "
                            + String.join(", ", Format.ALL.stream().map(Format::name).toList()));
        } else {
            unrecognised.add(source.name());
        }
    }

    private void addEntries(Path file, Format format) throws IOException {
        ZipFile archive;
        try {
            archive = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    file + ": is a zip archive that cannot be read: " + e.getMessage(), e);
        }
        archives.add(archive);
        var entries =
                archive.stream()
                        .filter(entry -> !entry.isDirectory())
                        .map(ZipEntry.class::cast)
                        .sorted(Comparator.comparing(ZipEntry::getName))
                        .toList();
        for (var entry : entries) {
            var source =
                    new Source(
                            file + "!/" + entry.getName(),
                            Math.max(0, entry.getSize()),
                            () -> archive.getInputStream(entry),
                            read);
            var by = formatOf(source, format);
            if (by == null) {
                unrecognised.add(source.name());
            } else {
                sources.computeIfAbsent(by, f -> new ArrayList<>()).add(source);
            }
        }
    }

    private static boolean isArchive(Path file) throws IOException {
        try (var bytes = Files.newInputStream(file)) {
            var magic = bytes.readNBytes(4);
            return magic.length == 4
                    && magic[0] == 'P'
                    && magic[1] == 'K'
                    && magic[2] == 3
                    && magic[3] == 4;
        }
    }

    private static Format formatOf(Source source, Format only) throws IOException {
        for (var format : only == null ? Format.ALL : List.of(only)) {
            try {
                if (format.recognises(source)) {
                    return format;
                }
            } catch (EOFException | ZipException e) {
                // Its beginning cannot be unpacked: nobody knows what it is.
                return null;
            }
        }
        return null;
    }

    /** How many files each format reads; in the order in which they are read. */
    public Map<String, Integer> formats() {
        var formats = new LinkedHashMap<String, Integer>();
        sources.forEach((format, files) -> formats.put(format.name(), files.size()));
        return formats;
    }

    /** Files in folders and archives that no format knows. */
    public List<String> unrecognised() {
        return unrecognised;
    }

    /** Bytes to read, those that are read twice counted twice. */
    public long totalBytes() {
        long total = 0;
        for (var entry : sources.entrySet()) {
            for (var source : entry.getValue()) {
                total += source.size() * entry.getKey().passes();
            }
        }
        return total;
    }

    /** Bytes read so far; for asking from any thread. */
    public long readBytes() {
        return read.bytes();
    }

    /**
     * Reads it all, each format's files together.
     *
     * @throws IOException when the disk fails
     * @throws CancellationException after {@link #cancel}
     */
    public void run(Intake intake) throws IOException {
        for (var entry : sources.entrySet()) {
            entry.getKey().read(entry.getValue(), intake);
        }
    }

    /** Ends {@link #run} soon; from any thread. */
    public void cancel() {
        read.cancel();
    }

    @Override
    public void close() throws IOException {
        for (var archive : archives) {
            archive.close();
        }
    }
}
