package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A baseline and what it was made of.
 *
 * @param lineage null for baselines of early builds
 */
public record LearntBaseline(
        @JsonProperty("baseline") Baseline baseline,
        @JsonProperty("lineage") BaselineLineage lineage) {}
