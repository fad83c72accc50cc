package hrm.importers;

import hrm.importers.Intake.Place;
import java.io.IOException;
import java.util.List;

/**
 * The project's CSV, as {@link ReadingRows} has it. Of a file {@code USER.hr.csv}, a recording, the
 * name says whose readings they are.
 */
final class CsvFormat implements Format {
    private static final String RECORDING = ".hr.csv";

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public boolean recognises(Source source) throws IOException {
        try {
            new ReadingRows(Lines.first(source), "anybody");
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public void read(List<Source> sources, Intake intake) throws IOException {
        for (var source : sources) {
            read(source, intake);
        }
    }

    private static void read(Source source, Intake intake) throws IOException {
        var defaults = intake.defaults();
        var user = userOf(source, defaults.userId());
        var clock = new WallClock(defaults.zone());
        try (var lines = Lines.open(source, intake)) {
            var header = lines.next();
            if (header == null) {
                return;
            }
            ReadingRows rows;
            try {
                rows = new ReadingRows(header, user);
            } catch (IllegalArgumentException e) {
                var place = Place.line(source, lines.number(), header);
                intake.reject(place, FileReason.NOT_CSV, e.getMessage());
                return;
            }
            for (byte[] line; (line = lines.next()) != null; ) {
                var place = Place.line(source, lines.number(), line);
                byte[] message;
                try {
                    message = rows.message(line, user, defaults.deviceId(), clock);
                } catch (IllegalArgumentException e) {
                    intake.reject(place, FileReason.NOT_CSV, e.getMessage());
                    continue;
                }
                intake.message(message, place);
            }
        }
    }

    private static String userOf(Source source, String otherwise) {
        var name = source.fileName();
        return name.endsWith(RECORDING) && name.length() > RECORDING.length()
                ? name.substring(0, name.length() - RECORDING.length())
                : otherwise;
    }
}
