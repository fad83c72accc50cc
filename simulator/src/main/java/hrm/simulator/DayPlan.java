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

    /** Minute of getting up. */
    final int wake;

    /** Minute of going to bed; over 1440 when it is after midnight. */
    final int bed;

    private final int bedYesterday;
    private int workoutFrom = -1;
    private int workoutTo = -1;

    private DayPlan(long seed, Person person, long day) {
        var sleep = sleep(seed, person, day);
        wake = sleep[0];
        bed = sleep[1];
        bedYesterday = sleep(seed, person, day - 1)[1] - MINUTES;
        var random = Chance.of(seed, person.id(), day, "plan");
        live(random);
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

    private static int[] sleep(long seed, Person person, long day) {
        var random = Chance.of(seed, person.id(), day, "sleep");
        int shift = (int) person.chronotype().toMinutes();
        boolean weekend = LocalDate.ofEpochDay(day).getDayOfWeek().getValue() >= 6;
        int wake = 420 + shift + (weekend ? 50 : 0) + (int) (20 * random.nextGaussian());
        int bed = 1380 + shift + (weekend ? 40 : 0) + (int) (25 * random.nextGaussian());
        return new int[] {Math.max(270, Math.min(660, wake)), Math.max(1230, Math.min(1560, bed))};
    }

    /** Sits, still or fidgeting, between walks of a few minutes. */
    private void live(SplittableRandom random) {
        if (bedYesterday > 0) {
            sit(0, bedYesterday, random);
        }
        int end = Math.min(bed, MINUTES);
        int minute = wake;
        while (minute < end) {
            int walkTo = Math.min(end, minute + 2 + random.nextInt(11));
            int pace = 35 + random.nextInt(75);
            for (; minute < walkTo; minute++) {
                move(minute, pace + random.nextInt(15), 0.0026);
            }
            int sitTo = Math.min(end, minute + 8 + (int) (-32 * Math.log(1 - random.nextDouble())));
            sit(minute, sitTo, random);
            minute = sitTo;
        }
    }

    private void sit(int from, int to, SplittableRandom random) {
        if (random.nextInt(10) < 4) {
            for (int minute = from; minute < to; minute++) {
                if (random.nextInt(100) < 15) {
                    move(minute, 3 + random.nextInt(18), 0.003);
                }
            }
        }
    }

    private void exercise(SplittableRandom random, Person person) {
        boolean today = random.nextDouble() < person.workoutsPerWeek() / 7;
        boolean evening = random.nextInt(3) > 0;
        int start = evening ? bed - 330 + random.nextInt(90) : wake + 20 + random.nextInt(60);
        int length = 25 + random.nextInt(25);
        double effort =
                person.runs() ? 0.62 + 0.14 * random.nextDouble() : 0.4 + 0.1 * random.nextDouble();
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
