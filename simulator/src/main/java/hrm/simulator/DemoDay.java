package hrm.simulator;

import hrm.model.MinuteRow;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.simulator.ScriptedEvent.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The demo's cast: four plain weeks, then one UTC day on which everything happens to somebody.
 *
 * <p>Each event of {@link Kind} happens at least once, at a sensible hour of the person's own day;
 * the others stay calm, so an alert that no event explains is a false one.
 */
public final class DemoDay {
    /** Days of history before the live day. */
    public static final int HISTORY_DAYS = 28;

    private static final int ANNAS_LIMIT_HIGH = 115;

    private static final Device WATCH_5S = Device.watch("watch", 5);
    private static final Device WATCH_10S = Device.watch("watch", 10);
    private static final Device WATCH_30S = Device.watch("watch", 30);

    private final long seed;
    private final LocalDate day;
    private final List<Person> people = new ArrayList<>();
    private final List<ScriptedEvent> script = new ArrayList<>();
    private final Simulation simulation;

    private DemoDay(long seed, LocalDate day) {
        this.seed = seed;
        this.day = day;
        cast();
        this.simulation = Simulation.of(seed, people, script);
    }

    /**
     * @param day the live day, in UTC
     */
    public static DemoDay of(long seed, LocalDate day) {
        return new DemoDay(seed, day);
    }

    /** The clock's yesterday in UTC: the newest day that is over everywhere in the story. */
    public static LocalDate yesterday(Clock clock) {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    }

    private void cast() {
        var anna = joins(Person.of("anna", zone("Europe/Berlin"), 60, WATCH_5S));
        happens(anna, Kind.RESTING_TACHYCARDIA, "10:30");

        var ben = joins(Person.of("ben", zone("Europe/London"), 56, WATCH_10S));
        happens(ben, Kind.RESTING_BRADYCARDIA, "14:00");

        var carla = joins(Person.of("carla", zone("Europe/Rome"), 64, WATCH_5S));
        happens(carla, Kind.EXTREME_TACHYCARDIA, "16:10");

        var david = joins(Person.of("david", zone("America/New_York"), 58, WATCH_5S));
        happens(david, Kind.EXTREME_BRADYCARDIA, "03:15");

        var elena = joins(Person.of("elena", zone("Europe/Madrid"), 61, WATCH_5S));
        happens(elena, Kind.SUDDEN_DROP, "12:40");

        var farid = joins(Person.of("farid", zone("Europe/Istanbul"), 59, WATCH_5S));
        happens(farid, Kind.SUDDEN_RISE_AT_REST, "20:00");

        var greta = joins(Person.of("greta", zone("Europe/Stockholm"), 52, WATCH_10S));
        happens(greta, Kind.PERSONAL_DEVIATION, "13:15");

        var hugo =
                joins(
                        Person.of(
                                "hugo",
                                zone("Europe/Berlin"),
                                57,
                                WATCH_5S,
                                Device.strap("strap", 5).worn(Device.Wear.WORKOUTS)));
        happens(hugo, Kind.NO_RECOVERY, "07:30");

        var ines = joins(Person.of("ines", zone("Europe/Lisbon"), 63, WATCH_10S));
        script.add(ScriptedEvent.of(ines, Kind.FEVER, at(ines, "18:00").minus(Duration.ofDays(2))));

        var jonas = joins(Person.of("jonas", zone("Europe/Vienna"), 65, WATCH_10S));
        happens(jonas, Kind.STUCK_SENSOR, "17:00");

        var kofi = joins(Person.of("kofi", zone("Africa/Accra"), 60, Device.strap("strap", 5)));
        happens(kofi, Kind.STRAP_FAULTS, "15:00");

        // The watch is away from its phone while it happens; the alert comes with the sync.
        var lena = joins(Person.of("lena", zone("Asia/Tokyo"), 61, WATCH_10S));
        happens(lena, Kind.LATE_SYNC, "14:00");
        happens(lena, Kind.RESTING_TACHYCARDIA, "15:10");

        var mateo = joins(Person.of("mateo", zone("America/Bogota"), 66, WATCH_30S));
        happens(mateo, Kind.DUPLICATES, "09:00");

        var nora = joins(Person.of("nora", zone("America/Chicago"), 59, WATCH_10S));
        happens(nora, Kind.BROKEN_MESSAGES, "10:00");

        var omar = joins(Person.of("omar", zone("Africa/Cairo"), 64, WATCH_30S.withoutSteps()));
        happens(omar, Kind.LATE_READINGS, "11:00");

        joins(
                Person.of(
                        "priya",
                        zone("Asia/Kolkata"),
                        58,
                        WATCH_10S.reporting(Device.Signal.CONFIDENCE, Device.Signal.ACTIVITY),
                        new Device("ring", Duration.ofSeconds(30), Device.Wear.ALWAYS, Set.of())));

        var quentin =
                joins(
                        Person.of("quentin", zone("Europe/Paris"), 54, WATCH_10S)
                                .exercising(3, true));
        happens(quentin, Kind.RUN_AND_RECOVER, "18:30");

        var rosa =
                joins(
                        Person.of("rosa", zone("America/Sao_Paulo"), 66, WATCH_10S)
                                .living(Duration.ofMinutes(90)));
        happens(rosa, Kind.RISE_WITHOUT_MOVEMENT, "17:20");
    }

    public long seed() {
        return seed;
    }

    /** The live day, in UTC. */
    public LocalDate day() {
        return day;
    }

    /** The live day's start, from which the baselines hold. */
    public Instant liveFrom() {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public Simulation simulation() {
        return simulation;
    }

    public List<Person> people() {
        return simulation.people();
    }

    /** Every alert that must come, by pattern and time. */
    public List<ScriptedEvent.Expected> expected() {
        return simulation.expected();
    }

    /**
     * Everybody's time zone; anna's provider has set a limit of {@value #ANNAS_LIMIT_HIGH} bpm, so
     * that the demo shows each source of a limit.
     */
    public List<UserProfiles> profiles() {
        return simulation.profiles().stream()
                .map(profiles -> profiles.userId().equals("anna") ? limited(profiles) : profiles)
                .toList();
    }

    private static UserProfiles limited(UserProfiles profiles) {
        var zone = profiles.versions().get(0).timeZone();
        var profile = new UserProfile(Instant.EPOCH, zone, ANNAS_LIMIT_HIGH, null);
        return new UserProfiles(profiles.userId(), List.of(profile));
    }

    /** The four weeks before, one reading a minute. */
    public Stream<MinuteRow> history() {
        return history(Duration.ofMinutes(1));
    }

    /**
     * The four weeks before, thinner.
     *
     * @param every one reading in each stretch of this length
     */
    public Stream<MinuteRow> history(Duration every) {
        return simulation.history(day.minusDays(HISTORY_DAYS), day, every);
    }

    /** The live day's messages in order of arrival. */
    public Stream<Arrival> arrivals() {
        return simulation.arrivals(day);
    }

    private Person joins(Person person) {
        people.add(person);
        return person;
    }

    private void happens(Person person, Kind kind, String localTime) {
        script.add(ScriptedEvent.of(person, kind, at(person, localTime)));
    }

    private Instant at(Person person, String localTime) {
        return day.atTime(LocalTime.parse(localTime)).atZone(person.timeZone()).toInstant();
    }

    private static ZoneId zone(String id) {
        return ZoneId.of(id);
    }
}
