package hrm.launcher;

import hrm.patterns.check.Spelling;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Time zones by their IANA names, which alone know of daylight saving. */
final class TimeZones {
    private static final Set<String> NAMES = new TreeSet<>(ZoneId.getAvailableZoneIds());

    private TimeZones() {}

    /**
     * @throws IllegalArgumentException when there is none of that name; with a suggestion
     */
    static ZoneId parse(String text) {
        if (NAMES.contains(text)) {
            return ZoneId.of(text);
        }
        var last = "/" + text.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
        var nearest =
                NAMES.stream()
                        .filter(name -> ("/" + name.toLowerCase(Locale.ROOT)).endsWith(last))
                        .findFirst()
                        .map(name -> "Did you mean '" + name + "'?")
                        .orElseGet(() -> Spelling.suggest(text, NAMES));
        throw new IllegalArgumentException(
                "'"
                        + text
                        + "' is no time zone. "
                        + (nearest.isEmpty() ? "Write an IANA name: Europe/Berlin." : nearest));
    }
}
