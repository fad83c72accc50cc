package hrm.importers;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something in a file that is no reading, although it should be.
 *
 * @param file where; for one in an archive the archive's name as well
 * @param line where it begins, from 1
 * @param column where in the line it begins, from 1; 0 for the whole line
 * @param reason a {@link hrm.model.RejectReason}, or a {@link FileReason}
 * @param detail what exactly, for a person
 * @param original its text, at most {@value #LONGEST} characters
 */
public record FileRejection(
        @JsonProperty("file") String file,
        @JsonProperty("line") long line,
        @JsonProperty("column") int column,
        @JsonProperty("reason") String reason,
        @JsonProperty("detail") String detail,
        @JsonProperty("original") String original) {
    static final int LONGEST = 4_000;

    public FileRejection {
        if (original != null && original.length() > LONGEST) {
            original = original.substring(0, LONGEST);
        }
    }
}
