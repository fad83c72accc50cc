package hrm.importers;

import java.nio.file.Path;

/**
 * A line of a file that was left out.
 *
 * @param file where
 * @param line its number, from 1
 * @param what is wrong, for a person
 */
public record BadLine(Path file, long line, String what) {
    /** {@code user_1.hr.csv.gz:17: …}. */
    @Override
    public String toString() {
        return file.getFileName() + ":" + line + ": " + what;
    }
}
