package hrm.launcher;

import hrm.model.ReadingCodec;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants a profile to be from a time on; what it does not name stays as it was.
 *
 * @param timeZone null to keep it
 * @param high null to keep it
 * @param low null to keep it
 */
record ProfileEdit(ZoneId timeZone, Limit high, Limit low) {
    static final String NONE = "none";

    /** Of somebody who has not said. */
    private static final ZoneId USUAL_ZONE = ZoneId.of("UTC");

    /**
     * A limit as it is to be.
     *
     * @param bpm null for none
     */
    record Limit(Integer bpm) {}

    /**
     * Reads an edit as people write it.
     *
     * @param timeZone null for not given, and so the others
     * @param problems gets what is wrong, and what to write
     */
    static ProfileEdit parse(
            String timeZone, String limitHigh, String limitLow, List<String> problems) {
        ZoneId zone = null;
        try {
            zone = timeZone == null ? null : TimeZones.parse(timeZone);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
        var edit =
                new ProfileEdit(
                        zone,
                        limit("limit-high", limitHigh, problems),
                        limit("limit-low", limitLow, problems));
        if (problems.isEmpty() && edit.high != null && edit.low != null) {
            // Whoever it is for: no need to ask the database.
            edit.problem(new UserProfile(Instant.EPOCH, null, edit.high.bpm(), edit.low.bpm()))
                    .ifPresent(problems::add);
        }
        return edit;
    }

    private static Limit limit(String name, String text, List<String> problems) {
        if (text == null) {
            return null;
        }
        if (text.equalsIgnoreCase(NONE)) {
            return new Limit(null);
        }
        // Whole numbers, also as spreadsheets write them.
        if (text.matches("\\d{1,4}(\\.0+)?")) {
            int bpm = Integer.parseInt(text.replaceAll("\\..*", ""));
            if (bpm >= ReadingCodec.MIN_BPM && bpm <= ReadingCodec.MAX_BPM) {
                return new Limit(bpm);
            }
        }
        problems.add(name + " '" + text + "': write a whole number from 20 to 300 (bpm), or none.");
        return null;
    }

    boolean isEmpty() {
        return timeZone == null && high == null && low == null;
    }

    /**
     * @param person the versions that there are
     */
    UserProfile applyTo(UserProfiles person, Instant from) {
        var before = inForce(person, from);
        return new UserProfile(
                from,
                timeZone != null ? timeZone : before.map(UserProfile::timeZone).orElse(USUAL_ZONE),
                high != null ? high.bpm() : before.map(UserProfile::limitHigh).orElse(null),
                low != null ? low.bpm() : before.map(UserProfile::limitLow).orElse(null));
    }

    /** Why a profile cannot be as it is; empty when it can. */
    Optional<String> problem(UserProfile profile) {
        if (profile.limitHigh() == null
                || profile.limitLow() == null
                || profile.limitLow() < profile.limitHigh()) {
            return Optional.empty();
        }
        return Optional.of(
                "limit-low "
                        + profile.limitLow()
                        + (low == null ? " (as it was)" : "")
                        + " is not below limit-high "
                        + profile.limitHigh()
                        + (high == null ? " (as it was)" : "")
                        + ".");
    }

    /** The newest version that holds at a time. */
    static Optional<UserProfile> inForce(UserProfiles person, Instant at) {
        return person.versions().stream()
                .filter(version -> !version.effectiveFrom().isAfter(at))
                .reduce((older, newer) -> newer);
    }

    /** With another version; one of the same time is replaced. */
    static UserProfiles with(UserProfiles person, UserProfile version) {
        var versions = new ArrayList<>(person.versions());
        versions.removeIf(old -> old.effectiveFrom().equals(version.effectiveFrom()));
        versions.add(version);
        return new UserProfiles(person.userId(), versions);
    }

    /** As tables show it. */
    static List<String> row(UserProfile profile) {
        return List.of(
                AlertLines.dated().format(profile.effectiveFrom().atOffset(ZoneOffset.UTC)),
                profile.timeZone().getId(),
                profile.limitHigh() == null ? NONE : profile.limitHigh().toString(),
                profile.limitLow() == null ? NONE : profile.limitLow().toString());
    }
}
