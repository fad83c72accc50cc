package hrm.simulator;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * People whose readings are the same whenever and in whatever order they are asked for.
 *
 * <p>A reading depends on the seed, the person's id, the device and the UTC day alone. Days are UTC
 * days; the lives in them follow each person's own time zone.
 */
public final class Simulation {
    /** Share of readings that {@link #arrivals} follows with an impossible one. */
    public static final double BAD_SHARE = 0.0001;

    private final long seed;
    private final List<Person> people;
    private final Map<String, List<ScriptedEvent>> script = new HashMap<>();
    private final List<ScriptedEvent> events;

    private Simulation(long seed, List<Person> people, List<ScriptedEvent> events) {
        this.seed = seed;
        this.people = List.copyOf(people);
        this.events = List.copyOf(events);
        this.people.forEach(person -> script.put(person.id(), new ArrayList<>()));
        if (script.size() < this.people.size()) {
            throw new IllegalArgumentException("people's ids differ");
        }
        for (var event : this.events) {
            if (!script.containsKey(event.userId())) {
                throw new IllegalArgumentException(
                        "the script has a " + event.kind() + " for someone who is not there");
            }
            script.get(event.userId()).add(event);
        }
    }

    /** People of all kinds to whom nothing special happens; the first n are always the same. */
    public static Simulation of(long seed, int people) {
        var drawn = IntStream.range(0, people).mapToObj(i -> Person.drawn(seed, i)).toList();
        return new Simulation(seed, drawn, List.of());
    }

    public static Simulation of(long seed, List<Person> people, List<ScriptedEvent> script) {
        return new Simulation(seed, people, script);
    }

    public List<Person> people() {
        return people;
    }

    public List<ScriptedEvent> script() {
        return events;
    }

    /** Every alert that the script must lead to. */
    public List<ScriptedEvent.Expected> expected() {
        return events.stream().flatMap(event -> event.expected().stream()).toList();
    }

    /** A person's readings of a UTC day by time, their devices together. */
    public Stream<Reading> day(Person person, LocalDate day) {
        return Lazily.stream(() -> new Merge<>(deviceDays(person, day), Reading::timestampMs));
    }

    /** The readings of one device of a person on a UTC day, by time. */
    public Stream<Reading> day(Person person, Device device, LocalDate day) {
        return Lazily.stream(() -> deviceDay(person, device, day));
    }

    /**
     * Everybody's readings of a UTC day by time. Memory grows with the people, not the readings.
     */
    public Stream<Reading> readings(LocalDate day) {
        return Lazily.stream(
                () ->
                        new Merge<>(
                                people.stream()
                                        .flatMap(person -> deviceDays(person, day).stream())
                                        .toList(),
                                Reading::timestampMs));
    }

    /**
     * What the store holds of these days, person by person, device by device, by time: rows of a
     * minute.
     *
     * @param from first UTC day
     * @param to UTC day after the last
     * @param every keep the first reading of each stretch of this length; zero keeps all
     */
    public Stream<MinuteRow> history(LocalDate from, LocalDate to, Duration every) {
        return Lazily.each(
                people.stream().flatMap(person -> wearings(person, from, to)).iterator(),
                wearing -> new Minutes(thin(wearing.readings(), every)));
    }

    /** Everybody's messages of a UTC day as they reach Kafka, bad ones included. */
    public Stream<Arrival> arrivals(LocalDate day) {
        return Lazily.stream(
                () ->
                        new Merge<>(
                                people.stream()
                                        .flatMap(p -> wearings(p, day, day.plusDays(1)))
                                        .map(Wearing::arrivals)
                                        .toList(),
                                Arrival::recordTimestampMs));
    }

    /** Each person's profile: a time zone, no limits of their own; in force from the epoch. */
    public List<UserProfiles> profiles() {
        return people.stream()
                .map(
                        person ->
                                new UserProfiles(
                                        person.id(),
                                        List.of(
                                                new UserProfile(
                                                        Instant.EPOCH,
                                                        person.timeZone(),
                                                        null,
                                                        null))))
                .toList();
    }

    private Stream<Wearing> wearings(Person person, LocalDate from, LocalDate to) {
        return person.devices().stream()
                .flatMap(
                        device -> from.datesUntil(to).map(day -> new Wearing(person, device, day)));
    }

    private static Iterator<Reading> thin(Iterator<Reading> readings, Duration every) {
        if (every.isZero()) {
            return readings;
        }
        long everyMs = every.toMillis();
        var last = new long[] {Long.MIN_VALUE};
        return Lazily.stream(readings)
                .filter(
                        reading -> {
                            long stretch = Math.floorDiv(reading.timestampMs(), everyMs);
                            boolean first = stretch != last[0];
                            last[0] = stretch;
                            return first;
                        })
                .iterator();
    }

    private List<DeviceDay> deviceDays(Person person, LocalDate day) {
        return person.devices().stream().map(device -> deviceDay(person, device, day)).toList();
    }

    private DeviceDay deviceDay(Person person, Device device, LocalDate day) {
        return new DeviceDay(
                seed, person, device, day, script.getOrDefault(person.id(), List.of()));
    }

    /** One device on one day. */
    private final class Wearing {
        private final Person person;
        private final Device device;
        private final LocalDate day;

        Wearing(Person person, Device device, LocalDate day) {
            this.person = person;
            this.device = device;
            this.day = day;
        }

        Iterator<Reading> readings() {
            return deviceDay(person, device, day);
        }

        Iterator<Arrival> arrivals() {
            return new DeviceArrivals(
                    readings(),
                    script.get(person.id()),
                    person.id(),
                    device.id(),
                    day.toEpochDay() * DeviceDay.DAY_MS,
                    BAD_SHARE,
                    Chance.of(seed, person.id(), day.toEpochDay(), device.id() + " bad"));
        }
    }
}
