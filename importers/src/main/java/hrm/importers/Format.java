package hrm.importers;

import java.io.IOException;
import java.util.List;

/** A kind of files that hold readings. */
public interface Format {
    /** All that are known; of those that recognise a file the first reads it. */
    List<Format> ALL =
            List.of(
                    new CsvFormat(),
                    new FitbitFormat(),
                    new AppleHealthFormat(),
                    new FhirFormat(),
                    new OpenMHealthFormat());

    /** As it is asked for: lower case, words joined by hyphens. */
    String name();

    /** Whether this is such a file, by its name and its first bytes. */
    boolean recognises(Source source) throws IOException;

    /** How often each file is read from its beginning to its end. */
    default int passes() {
        return 1;
    }

    /**
     * Reads files that belong together, in memory that does not grow with their length. What is no
     * reading is told to the intake and passed over; a file that cannot be read on is left there.
     *
     * @throws IOException when the disk fails
     */
    void read(List<Source> sources, Intake intake) throws IOException;
}
