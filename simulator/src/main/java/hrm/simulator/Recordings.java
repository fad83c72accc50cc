package hrm.simulator;

import hrm.importers.BadLine;
import hrm.importers.CsvReadings;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Real recordings for a replay: a folder with a file {@code USER.hr.csv} or {@code USER.hr.csv.gz}
 * per person, as {@link CsvReadings} reads them. The last day of each is live, what was before is
 * history.
 *
 * <p>People's last days lie on different dates, so they are replayed side by side: each begins when
 * the replay does. Readings keep their own time.
 */
public final class Recordings {
    /** How many of the lines that were left out are kept for showing. */
    public static final int SHOWN_BAD_LINES = 1000;

    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 86_400_000;

    private final List<Recording> people;
    private final List<BadLine> badLines;
    private final long badLineCount;

    /**
     * One person's file.
     *
     * @param readings how many there are
     * @param liveFromMs start of their last day, 24 hours, a whole minute; epoch milliseconds
     * @param firstMs the earliest reading, epoch milliseconds
     * @param lastMs the latest reading, epoch milliseconds
     * @param liveReadings how many belong to the last day
     * @param impossible how many say nothing, or a heart rate outside 20 to 300, or over 32767
     *     steps: live ones are sent, for the system to reject; in the history they are left out
     */
    public record Recording(
            String userId,
            Path file,
            long readings,
            long liveFromMs,
            long firstMs,
            long lastMs,
            long liveReadings,
            long impossible) {
        public Instant liveFrom() {
            return Instant.ofEpochMilli(liveFromMs);
        }

        public Instant first() {
            return Instant.ofEpochMilli(firstMs);
        }

        public Instant last() {
            return Instant.ofEpochMilli(lastMs);
        }
    }

    private Recordings(List<Recording> people, List<BadLine> badLines, long badLineCount) {
        this.people = List.copyOf(people);
        this.badLines = List.copyOf(badLines);
        this.badLineCount = badLineCount;
    }

    /**
     * Looks through the folder's files once.
     *
     * @throws IOException when it is no folder, or a file cannot be read
     * @throws IllegalArgumentException when it holds no recording, or a header lacks a column
     */
    public static Recordings open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " is not a folder with recordings");
        }
        List<Path> files;
        try (var entries = Files.list(folder)) {
            files =
                    entries.filter(file -> userOf(file) != null)
                            .sorted(Comparator.comparing(Recordings::userOf))
                            .toList();
        }
        var bad = new ArrayList<BadLine>();
        var count = new long[1];
        var people = new ArrayList<Recording>();
        for (var file : files) {
            var user = userOf(file);
            if (people.stream().anyMatch(person -> person.userId().equals(user))) {
                throw new IllegalArgumentException(
                        file + ": there is another file of the same person. Remove one.");
            }
            var recording =
                    scan(
                            file,
                            line -> {
                                count[0]++;
                                if (bad.size() < SHOWN_BAD_LINES) {
                                    bad.add(line);
                                }
                            });
            if (recording != null) {
                people.add(recording);
            }
        }
        if (people.isEmpty()) {
            throw new IllegalArgumentException(
                    folder
                            + ": no readings in files named USER.hr.csv or USER.hr.csv.gz"
                            + " (columns timestamp,bpm,steps,activity)."
                            + (bad.isEmpty() ? "" : " First bad line: " + bad.get(0)));
        }
        return new Recordings(people, bad, count[0]);
    }

    /** By user id. */
    public List<Recording> people() {
        return people;
    }

    /** Lines that were left out, at most {@value #SHOWN_BAD_LINES} of them. */
    public List<BadLine> badLines() {
        return badLines;
    }

    /** How many lines were left out in all. */
    public long badLineCount() {
        return badLineCount;
    }

    /** The time zone is not known, so days and nights are those of the recordings' wall clocks. */
    public List<UserProfiles> profiles() {
        return people.stream()
                .map(
                        person ->
                                new UserProfiles(
                                        person.userId(),
                                        List.of(
                                                new UserProfile(
                                                        Instant.EPOCH,
                                                        ZoneOffset.UTC,
                                                        null,
                                                        null))))
                .toList();
    }

    /**
     * Everybody's last day as messages, side by side; a person's in their file's order. To be
     * closed.
     */
    public Stream<Arrival> arrivals() {
        var files = people.stream().map(Recordings::readings).toList();
        return Lazily.<Arrival>stream(
                        () -> {
                            List<Iterator<Arrival>> sources = new ArrayList<>();
                            for (int i = 0; i < files.size(); i++) {
                                sources.add(lastDay(people.get(i), files.get(i)));
                            }
                            return new Merge<>(sources, Arrival::afterMs);
                        })
                .onClose(() -> files.forEach(Stream::close));
    }

    /** What was before the last day, person by person and by time, as the store holds it. */
    public Stream<MinuteRow> history() {
        return Lazily.each(
                people.stream()
                        .filter(person -> person.liveReadings() < person.readings())
                        .iterator(),
                person -> new Minutes(before(person)));
    }

    private static Iterator<Reading> before(Recording person) {
        try (var readings = readings(person)) {
            // Sorted as a whole: a row of a minute must not come twice.
            return readings.filter(reading -> reading.timestampMs() < person.liveFromMs())
                    .filter(Recordings::possible)
                    .sorted(
                            Comparator.comparing(Reading::deviceId)
                                    .thenComparingLong(Reading::timestampMs))
                    .toList()
                    .iterator();
        }
    }

    private static Iterator<Arrival> lastDay(Recording person, Stream<Reading> readings) {
        var latest = new long[] {person.liveFromMs()};
        return readings.filter(reading -> reading.timestampMs() >= person.liveFromMs())
                .map(
                        reading -> {
                            // A line that goes back in time arrives when its turn comes, so late.
                            latest[0] = Math.max(latest[0], reading.timestampMs());
                            return new Arrival(
                                    latest[0] - person.liveFromMs(),
                                    latest[0],
                                    reading.userId(),
                                    ReadingCodec.encode(reading));
                        })
                .iterator();
    }

    private static Stream<Reading> readings(Recording person) {
        return CsvReadings.read(person.file(), person.userId(), bad -> {});
    }

    private static boolean possible(Reading reading) {
        boolean says = reading.hasBpm() || reading.hasSteps();
        boolean heart = !reading.hasBpm() || reading.bpm() >= 20 && reading.bpm() <= 300;
        return says && heart && reading.steps() <= Short.MAX_VALUE;
    }

    private static Recording scan(Path file, Consumer<BadLine> badLines) throws IOException {
        var user = userOf(file);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long impossible = 0;
        var times = new Times();
        try (var readings = CsvReadings.read(file, user, badLines)) {
            for (var items = readings.iterator(); items.hasNext(); ) {
                var reading = items.next();
                first = Math.min(first, reading.timestampMs());
                last = Math.max(last, reading.timestampMs());
                times.add(reading.timestampMs());
                impossible += possible(reading) ? 0 : 1;
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (times.size == 0) {
            return null;
        }
        long liveFrom = Math.floorDiv(last, MINUTE_MS) * MINUTE_MS + MINUTE_MS - DAY_MS;
        return new Recording(
                user, file, times.size, liveFrom, first, last, times.from(liveFrom), impossible);
    }

    private static String userOf(Path file) {
        var name = file.getFileName().toString();
        for (var ending : List.of(".hr.csv", ".hr.csv.gz")) {
            if (name.endsWith(ending) && name.length() > ending.length()) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return null;
    }

    private static final class Times {
        private long[] values = new long[1 << 14];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        long from(long start) {
            return Arrays.stream(values, 0, size).filter(v -> v >= start).count();
        }
    }
}
