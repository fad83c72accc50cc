package hrm.launcher;

import hrm.patterns.spec.Durations;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment of the past, as people say it: a time, the start of a day in UTC, or how long ago. */
final class Moment implements ITypeConverter<Instant> {
    /** For the description of an option. */
    static final String FORMS = "2026-01-31T08:00:00Z, 2026-01-31 (UTC), or how long ago: 2h";

    private final Clock clock;

    /** For picocli. */
    Moment() {
        this(Clock.systemUTC());
    }

    Moment(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String text) {
        try {
            if (text.equals("now")) {
                return clock.instant();
            }
            if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            if (text.contains("T")) {
                return OffsetDateTime.parse(text).toInstant();
            }
            return clock.instant().minus(Durations.parse(text));
        } catch (DateTimeException | Durations.Unreadable e) {
            throw new TypeConversionException("'" + text + "' is no time. Write " + FORMS + ".");
        }
    }
}
