package hrm.launcher;

import hrm.model.MinuteRow;
import hrm.model.UserProfiles;
import hrm.simulator.Arrival;
import hrm.simulator.DemoDay;
import hrm.simulator.Recordings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a demo plays: what is known of people beforehand, and a day of theirs. */
interface Scenario {
    /** One reading in so long is enough to learn what is normal, and quickly written. */
    Duration HISTORY_EVERY = Duration.ofMinutes(3);

    /** One line about what is played. */
    String title();

    List<UserProfiles> profiles();

    /** Empty when nothing was recorded before the live day. To be closed. */
    Stream<MinuteRow> history();

    /** Baselines are learnt from what was before. */
    Instant learnUntil();

    /** The earliest live reading's time may be: baselines hold from here. */
    Instant liveFrom();

    /** Name of the run that learns them: the same for the same people, as are the alerts then. */
    String baselineRun();

    /** Whether all live readings are of one day, so that a time of day says enough. */
    boolean isOneDay();

    /** The live day's messages in their order of arrival. To be closed. */
    Stream<Arrival> arrivals();

    /** Simulated people. */
    static Scenario of(DemoDay day) {
        return new Scenario() {
            @Override
            public String title() {
                return day.people().size()
                        + " simulated people: "
                        + DemoDay.HISTORY_DAYS
                        + " days of history, then "
                        + day.day()
                        + " live";
            }

            @Override
            public List<UserProfiles> profiles() {
                return day.profiles();
            }

            @Override
            public Stream<MinuteRow> history() {
                return day.history(HISTORY_EVERY);
            }

            @Override
            public Instant learnUntil() {
                return day.liveFrom();
            }

            @Override
            public Instant liveFrom() {
                return day.liveFrom();
            }

            @Override
            public String baselineRun() {
                return "demo-" + day.seed() + "-" + day.day();
            }

            @Override
            public boolean isOneDay() {
                return true;
            }

            @Override
            public Stream<Arrival> arrivals() {
                return day.arrivals();
            }
        };
    }

    /** Real recordings: each person's last day, side by side. */
    static Scenario of(Path folder, Recordings recordings) {
        var starts = recordings.people().stream().map(one -> one.liveFrom()).toList();
        var earliest = starts.stream().min(Comparator.naturalOrder()).orElseThrow();
        var latest = starts.stream().max(Comparator.naturalOrder()).orElseThrow();
        return new Scenario() {
            @Override
            public String title() {
                return recordings.people().size()
                        + " recorded people of "
                        + folder
                        + ": the last 24 hours of each live, side by side";
            }

            @Override
            public List<UserProfiles> profiles() {
                return recordings.profiles();
            }

            @Override
            public Stream<MinuteRow> history() {
                return recordings.history();
            }

            @Override
            public Instant learnUntil() {
                // The store holds nothing of anybody's last day yet.
                return latest;
            }

            @Override
            public Instant liveFrom() {
                return earliest;
            }

            @Override
            public String baselineRun() {
                return "demo-" + folder.toAbsolutePath().normalize().getFileName();
            }

            @Override
            public boolean isOneDay() {
                return earliest.equals(latest);
            }

            @Override
            public Stream<Arrival> arrivals() {
                return recordings.arrivals();
            }
        };
    }
}
