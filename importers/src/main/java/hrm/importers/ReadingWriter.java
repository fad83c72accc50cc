package hrm.importers;

import hrm.model.Reading;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;

/** Readings to a file that {@link Import} reads back. Closing it ends the file. */
public interface ReadingWriter extends Closeable {
    /** The formats that can be written. */
    enum Form {
        csv,
        fhir;

        /** A new file's writer. */
        public ReadingWriter to(Writer out) throws IOException {
            return this == csv ? new CsvWriter(out) : new FhirWriter(out);
        }
    }

    /**
     * @return whether the format can say it; what it cannot is left out
     */
    boolean write(Reading reading) throws IOException;
}
