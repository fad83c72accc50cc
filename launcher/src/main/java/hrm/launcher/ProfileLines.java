package hrm.launcher;

import hrm.importers.ByteLines;
import hrm.importers.CsvHeader;
import hrm.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file of profiles, checked line by line as far as that goes without the database. */
final class ProfileLines {
    static final List<String> COLUMNS =
            List.of("user_id", "time_zone", "limit_high", "limit_low", "effective_from");

    private final Instant now;
    private final List<Line> fine = new ArrayList<>();
    private final TreeMap<Long, List<String>> findings = new TreeMap<>();
    private final List<String> ignored = new ArrayList<>();
    private final Map<String, Long> seen = new HashMap<>();

    /** A line in which nothing is wrong by itself. */
    record Line(long number, String userId, Instant from, ProfileEdit edit) {}

    /**
     * @param now from when a line holds that does not say
     */
    ProfileLines(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * @param format null to look at the first line
     * @throws Failure when the file is not what it should be
     */
    ProfileLines read(ByteLines lines, LineFormat format) throws IOException {
        var found = format;
        CsvHeader header = null;
        for (byte[] line; (line = lines.next()) != null; ) {
            if (ByteLines.isBlank(line)) {
                continue;
            }
            found = found == null ? LineFormat.of(line) : found;
            if (found == LineFormat.json) {
                json(lines.number(), line);
            } else if (header == null) {
                header = header(line);
            } else {
                csv(lines.number(), header, line);
            }
        }
        return this;
    }

    private CsvHeader header(byte[] line) {
        var header = new CsvHeader(line, COLUMNS, Map.of("user", "user_id"));
        if (!header.has("user_id")) {
            throw new Failure(
                    "line 1: the header has no column 'user_id'. Columns: "
                            + String.join(", ", COLUMNS));
        }
        ignored.addAll(header.unknown());
        return header;
    }

    private void csv(long number, CsvHeader header, byte[] line) {
        try {
            take(number, header.row(line));
        } catch (IllegalArgumentException e) {
            find(number, e.getMessage());
        }
    }

    private void json(long number, byte[] line) {
        var fields = new HashMap<String, String>();
        try {
            for (var field : Json.read(line, Map.class).entrySet()) {
                if (field instanceof Map.Entry<?, ?> entry) {
                    boolean isLimit = String.valueOf(entry.getKey()).startsWith("limit_");
                    if (entry.getValue() != null || isLimit) {
                        fields.put(
                                String.valueOf(entry.getKey()),
                                entry.getValue() == null
                                        ? ProfileEdit.NONE
                                        : String.valueOf(entry.getValue()));
                    }
                }
            }
        } catch (UncheckedIOException e) {
            find(number, "is not a JSON object");
            return;
        }
        take(number, fields);
    }

    private void take(long number, Map<String, String> fields) {
        var problems = new ArrayList<String>();
        var user = fields.get("user_id");
        if (user == null) {
            problems.add("user_id is missing");
        } else {
            UserIds.problem(user).ifPresent(problems::add);
        }
        var edit =
                ProfileEdit.parse(
                        fields.get("time_zone"),
                        fields.get("limit_high"),
                        fields.get("limit_low"),
                        problems);
        if (problems.isEmpty() && edit.isEmpty()) {
            problems.add("names neither time_zone nor limit_high nor limit_low");
        }
        var from = time(fields.get("effective_from"), problems);
        var earlier = seen.putIfAbsent(user + '\u001f' + from, number);
        if (earlier != null) {
            problems.add("is of the same person and time as line " + earlier);
        }
        if (problems.isEmpty()) {
            fine.add(new Line(number, user, from, edit));
        } else {
            problems.forEach(problem -> find(number, problem));
        }
    }

    private Instant time(String text, List<String> problems) {
        if (text == null) {
            return now;
        }
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            problems.add("effective_from '" + text + "' is no time. Write 2026-01-31T08:00:00Z.");
            return now;
        }
    }

    void find(long number, String what) {
        findings.computeIfAbsent(number, line -> new ArrayList<>()).add(what);
    }

    List<Line> fine() {
        return fine;
    }

    /** What is wrong, by line. */
    TreeMap<Long, List<String>> findings() {
        return findings;
    }

    /** Columns that mean nothing here. */
    List<String> ignored() {
        return ignored;
    }
}
