package hrm.simulator;

import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * What a person does on one local day, minute by minute: sleep, sitting, walking, a workout.
 *
 * <p>Minutes count from local midnight. Sleep reaches over midnight, so a plan knows yesterday's
 * bed time.
 */
final class DayPlan {
    static final int MINUTES = 1440;

    /** Steps of each minute. */
    final short[] steps = new short[MINUTES];

    /** Exertion of each minute, 0 rest to 1 the limit. */
    final float[] intensity = new float[MINUTES];

    /** How far each minute's level at rest is off the usual by posture, mood or sleep, bpm. */
    final float[] mood = new float[MINUTES];

    /** Minute of getting up. */
    final int wake;

    /** Minute of going to bed; over 1440 when it is after midnight. */
    final int bed;

    private final int bedYesterday;
    private int workoutFrom = -1;
    private int workoutTo = -1;

    private DayPlan(long seed, Person person, long day) {
        var today = Sleep.before(seed, person, day);
        var tomorrow = Sleep.before(seed, person, day + 1);
        wake = today.wake;
        bed = tomorrow.bed;
        bedYesterday = today.bed - MINUTES;
        var random = Chance.of(seed, person.id(), day, "plan");
        sleep(Math.max(0, bedYesterday), wake, today.level, random);
        live(today.level, random);
        sleep(bed, MINUTES, tomorrow.level, random);
        exercise(random, person);
        if (random.nextInt(10) < 3) {
            visitBathroom(random);
        }
    }

    static DayPlan of(long seed, Person person, long localEpochDay) {
        return new DayPlan(seed, person, localEpochDay);
    }

    boolean asleep(int minute) {
        return minute < wake && minute >= bedYesterday || minute >= bed;
    }

    /** Share of the night that is over, 0 to 1; only while asleep. */
    double nightPassed(int minute) {
        int from = minute >= bed ? bed : bedYesterday;
        int to = minute >= bed ? MINUTES + wake : wake;
        return Math.max(0, Math.min(1, (minute - from) / (double) Math.max(1, to - from)));
    }

    boolean workout(int minute) {
        return minute >= workoutFrom && minute < workoutTo;
    }

    /**
     * One night's sleep.
     *
     * @param bed minute of the day before, over 1440 when it is after midnight
     * @param wake minute of the day
     * @param level how far this night, and the day after it, is off the person's usual, bpm
     */
    private record Sleep(int bed, int wake, double level) {
        static Sleep before(long seed, Person person, long day) {
            var random = Chance.of(seed, person.id(), day, "sleep");
            int shift = (int) person.chronotype().toMinutes();
            boolean weekend = LocalDate.ofEpochDay(day).getDayOfWeek().getValue() >= 6;
            int wake = 420 + shift + (weekend ? 50 : 0) + (int) (35 * random.nextGaussian());
            int bed = 1390 + shift + (weekend ? 40 : 0) + (int) (40 * random.nextGaussian());
            return new Sleep(
                    Math.max(1230, Math.min(1580, bed)),
                    Math.max(270, Math.min(660, wake)),
                    2.6 * random.nextGaussian());
        }
    }

    /** Stretches of even sleep, some with a restless end. */
    private void sleep(int from, int to, double level, SplittableRandom random) {
        for (int minute = from; minute < to; ) {
            double stretch = level + 2.5 * random.nextGaussian();
            int evenTo = minute + 10 + random.nextInt(30);
            int restlessTo = evenTo + random.nextInt(5);
            double restless = 6 + 12 * random.nextDouble();
            for (; minute < Math.min(to, restlessTo); minute++) {
                mood[minute] = (float) (minute < evenTo ? stretch : stretch + restless);
            }
        }
    }

    /** Sits still or is about, between walks of a few minutes. */
    private void live(double level, SplittableRandom random) {
        if (bedYesterday > 0) {
            settle(0, bedYesterday, level, random);
        }
        int end = Math.min(bed, MINUTES);
        int minute = wake;
        while (minute < end) {
            int walkTo = Math.min(end, minute + 1 + random.nextInt(9));
            double brisk = random.nextDouble();
            for (; minute < walkTo; minute++) {
                mood[minute] = (float) level;
                move(minute, 15 + (int) (85 * brisk * brisk) + random.nextInt(15), 0.0033);
            }
            int settledTo = Math.min(end, minute + 5 + (int) (28 * waiting(random)));
            settle(minute, settledTo, level, random);
            minute = settledTo;
        }
    }

    /** Each stretch has a level of its own: lying, sitting or standing, after a meal, upset. */
    private void settle(int from, int to, double level, SplittableRandom random) {
        boolean about = random.nextInt(10) < 6;
        double stretch =
                level + 2.5 * random.nextGaussian() + 5.2 * (waiting(random) - 1) + (about ? 3 : 0);
        double shift = 0;
        for (int minute = from; minute < to; minute++) {
            if (random.nextInt(10) == 0) {
                shift = 3.1 * random.nextGaussian();
            }
            mood[minute] = (float) (stretch + shift);
            if (about && random.nextInt(10) < 4) {
                move(minute, Math.min(60, 5 + (int) (18 * waiting(random))), 0.0033);
            }
        }
    }

    /** Exponential, mean 1. */
    private static double waiting(SplittableRandom random) {
        return -Math.log(1 - random.nextDouble());
    }

    private void exercise(SplittableRandom random, Person person) {
        boolean today = random.nextDouble() < person.workoutsPerWeek() / 7;
        boolean evening = random.nextInt(3) > 0;
        int start = evening ? bed - 330 + random.nextInt(90) : wake + 20 + random.nextInt(60);
        int length = 25 + random.nextInt(25);
        double effort =
                person.runs()
                        ? 0.62 + 0.14 * random.nextDouble()
                        : 0.44 + 0.14 * random.nextDouble();
        int cadence = person.runs() ? 155 + random.nextInt(15) : 108 + random.nextInt(12);
        if (!today) {
            return;
        }
        workoutFrom = Math.max(wake, Math.min(start, MINUTES - length - 10));
        workoutTo = workoutFrom + length + 10;
        for (int minute = workoutFrom; minute < workoutTo; minute++) {
            // Five minutes' walk before and after.
            boolean warm = minute < workoutFrom + 5 || minute >= workoutTo - 5;
            steps[minute] = (short) (warm ? 95 : cadence + random.nextInt(6));
            intensity[minute] = (float) (warm ? 0.28 : effort);
        }
    }

    private void visitBathroom(SplittableRandom random) {
        int at = 60 + random.nextInt(150);
        for (int minute = at; minute < at + 3; minute++) {
            if (asleep(minute)) {
                move(minute, 12 + random.nextInt(12), 0.006);
            }
        }
    }

    private void move(int minute, int count, double effortPerStep) {
        steps[minute] = (short) count;
        intensity[minute] = (float) (count * effortPerStep);
    }
}
