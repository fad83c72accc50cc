package hrm.launcher;

import hrm.simulator.Arrival;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Sends a day's messages at their time, so many times faster than they were. */
final class Replay {
    /** Where time comes from; a test has its own. */
    interface Pace {
        long nanoTime();

        void sleepNanos(long nanos) throws InterruptedException;

        Pace REAL =
                new Pace() {
                    @Override
                    public long nanoTime() {
                        return System.nanoTime();
                    }

                    @Override
                    public void sleepNanos(long nanos) throws InterruptedException {
                        TimeUnit.NANOSECONDS.sleep(nanos);
                    }
                };
    }

    /** Where messages go. */
    @FunctionalInterface
    interface Sending {
        void send(Arrival arrival) throws InterruptedException;
    }

    private final double speed;
    private final Pace pace;

    /**
     * @param speed device time over wall-clock time, above 0; infinite: as fast as possible
     */
    Replay(double speed, Pace pace) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("The speed is above 0, not " + speed);
        }
        this.speed = speed;
        this.pace = pace;
    }

    /** Returns when the last message is sent. A pause of the machine is caught up with. */
    void run(Iterator<Arrival> arrivals, Sending sending) throws InterruptedException {
        long start = pace.nanoTime();
        while (arrivals.hasNext()) {
            var arrival = arrivals.next();
            long due = start + (long) (TimeUnit.MILLISECONDS.toNanos(arrival.afterMs()) / speed);
            for (long early; (early = due - pace.nanoTime()) > 0; ) {
                pace.sleepNanos(early);
            }
            sending.send(arrival);
        }
    }
}
