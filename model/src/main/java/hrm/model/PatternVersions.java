package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Value of the topic {@code cep_patterns}: the versions of one pattern that may still be needed.
 *
 * @param patternId the record's key
 * @param versions by {@code effective_from}, oldest first
 */
public record PatternVersions(
        @JsonProperty("pattern_id") String patternId,
        @JsonProperty("versions") List<Version> versions) {
    public PatternVersions {
        versions = versions.stream().sorted(Comparator.comparing(Version::effectiveFrom)).toList();
    }

    /** A pattern that has one version, in force for all time. */
    public static PatternVersions always(String patternId, int version, String yaml) {
        return new PatternVersions(patternId, List.of(new Version(version, Instant.EPOCH, yaml)));
    }

    /**
     * @param version the pattern's own number
     * @param effectiveFrom event time from which devices are judged by it
     * @param yaml the pattern file as its authors wrote it
     */
    public record Version(
            @JsonProperty("version") int version,
            @JsonProperty("effective_from") Instant effectiveFrom,
            @JsonProperty("yaml") String yaml) {}
}
