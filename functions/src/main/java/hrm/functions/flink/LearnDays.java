package hrm.functions.flink;

import hrm.functions.baselines.HistoryMinute;
import hrm.functions.baselines.PersonDays;
import hrm.model.PersonDay;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keyed by person, in BATCH, which gives one person after another and each one's minutes in the
 * order of time: gathers a person's minutes to daily histograms. Counts what it read.
 */
public final class LearnDays extends KeyedProcessFunction<String, HistoryMinute, PersonDay> {
    /** Accumulators of the job: person-days, rows and readings. */
    public static final String DAYS_READ = "daysRead";

    public static final String MINUTES_READ = "minutesRead";
    public static final String READINGS_READ = "readingsRead";

    private static final long serialVersionUID = 1L;

    // Not keyed state: BATCH finishes a person before it begins the next, and has no checkpoints.
    private transient PersonDays days;
    private transient String zone;

    private transient LongCounter daysRead;
    private transient LongCounter minutesRead;
    private transient LongCounter readingsRead;

    @Override
    public void open(OpenContext context) {
        daysRead = new LongCounter();
        minutesRead = new LongCounter();
        readingsRead = new LongCounter();
        getRuntimeContext().addAccumulator(DAYS_READ, daysRead);
        getRuntimeContext().addAccumulator(MINUTES_READ, minutesRead);
        getRuntimeContext().addAccumulator(READINGS_READ, readingsRead);
    }

    @Override
    public void processElement(HistoryMinute history, Context context, Collector<PersonDay> out) {
        if (days == null) {
            days = new PersonDays();
            zone = history.zone().getId();
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        minutesRead.add(1);
        readingsRead.add(history.minute().readings().size());
        days.add(history);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<PersonDay> out)
            throws IOException {
        for (var day : days.finish()) {
            var packed = new ByteArrayOutputStream();
            day.histograms().write(new DataOutputStream(packed));
            out.collect(
                    new PersonDay(
                            context.getCurrentKey(),
                            LocalDate.ofEpochDay(day.histograms().epochDay()),
                            zone,
                            day.minutes(),
                            day.readings(),
                            packed.toByteArray()));
            daysRead.add(1);
        }
        days = null;
    }
}
