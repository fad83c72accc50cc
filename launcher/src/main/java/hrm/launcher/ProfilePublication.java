package hrm.launcher;

import hrm.model.Topics;
import hrm.sinks.profiles.ProfileRelay;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;

/** Publishes the profiles that wait, and says what came of it. */
record ProfilePublication(Broker broker) {
    /**
     * @return whether nothing waits any more, or another process sees to it
     */
    boolean publish(Connection database, PrintWriter out)
            throws SQLException, InterruptedException {
        if (ProfileRelay.waiting(database) == 0) {
            return true;
        }
        try {
            // A missing topic looks like a missing Kafka to a producer, and people do other things.
            broker.requireTopic(Topics.PROFILES);
        } catch (Failure e) {
            out.println(e.getMessage());
            waits(database, out);
            return false;
        }
        var outcome = new ProfileRelay(broker::producer).publish(database);
        if (outcome.published() > 0) {
            out.println("Published " + profiles(outcome.published()) + ".");
        }
        if (outcome.busy()) {
            out.println("Another process is publishing; it takes " + waiting(outcome) + " along.");
            return true;
        }
        if (outcome.trouble() != null) {
            out.println("Not published: " + outcome.trouble().getMessage());
            waits(database, out);
            return false;
        }
        return true;
    }

    private static void waits(Connection database, PrintWriter out) throws SQLException {
        int people = ProfileRelay.waiting(database);
        out.println(
                "What is stored is safe: "
                        + profiles(people)
                        + (people == 1 ? " waits" : " wait")
                        + " in the database and will be published later, by hrm up, by the next hrm"
                        + " profile set, or by hrm profile publish.");
    }

    private static String waiting(ProfileRelay.Outcome outcome) {
        return outcome.waiting() == 1 ? "it" : "all that wait";
    }

    private static String profiles(int people) {
        return people == 1
                ? "the profile of 1 person"
                : "profiles of " + Words.number(people) + " people";
    }
}
