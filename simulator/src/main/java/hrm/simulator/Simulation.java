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
    public static final double BAD_SHARE = 0.0005;

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
        return Merge.of(() -> deviceDays(person, day), Reading::timestampMs);
    }

    /** The readings of one device of a person on a UTC day, by time. */
    public Stream<Reading> day(Person person, Device device, LocalDate day) {
        return Stream.of(device).flatMap(d -> Merge.stream(deviceDay(person, d, day)));
    }

    /**
     * Everybody's readings of a UTC day by time; memory grows with the people, not the readings.
     */
    public Stream<Reading> readings(LocalDate day) {
        return Merge.of(
                () -> people.stream().flatMap(p -> deviceDays(p, day).stream()).toList(),
                Reading::timestampMs);
    }

    /**
     * What the store holds of these days, person by person and day by day: rows of a minute.
     *
     * @param from first UTC day
     * @param to UTC day after the last
     * @param every keep the first reading of each stretch of this length; zero keeps all
     */
    public Stream<MinuteRow> history(LocalDate from, LocalDate to, Duration every) {
        return people.stream()
                .flatMap(
                        person ->
                                from.datesUntil(to).flatMap(day -> minuteRows(person, day, every)));
    }

    /** Everybody's messages of a UTC day as they reach Kafka, bad ones included. */
    public Stream<Arrival> arrivals(LocalDate day) {
        long startMs = day.toEpochDay() * DeviceDay.DAY_MS;
        return Merge.of(
                () -> {
                    List<Iterator<Arrival>> sources = new ArrayList<>();
                    for (var person : people) {
                        for (var device : person.devices()) {
                            sources.add(
                                    new DeviceArrivals(
                                            deviceDay(person, device, day),
                                            script.get(person.id()),
                                            person.id(),
                                            device.id(),
                                            startMs,
                                            BAD_SHARE,
                                            Chance.of(
                                                    seed,
                                                    person.id(),
                                                    day.toEpochDay(),
                                                    device.id() + " bad")));
                        }
                    }
                    return sources;
                },
                Arrival::recordTimestampMs);
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

    private Stream<MinuteRow> minuteRows(Person person, LocalDate day, Duration every) {
        return person.devices().stream()
                .flatMap(
                        device ->
                                Merge.stream(
                                        new Minutes(thin(deviceDay(person, device, day), every))));
    }

    private static Iterator<Reading> thin(Iterator<Reading> readings, Duration every) {
        if (every.isZero()) {
            return readings;
        }
        long everyMs = every.toMillis();
        var last = new long[] {Long.MIN_VALUE};
        return Merge.stream(readings)
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
}
